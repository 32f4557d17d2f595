// The requests that `mixer run` sends: a file beside the document, since the document itself knows
// nothing of them. Strict, as the document is: unknown fields are errors with their line.

import { existsSync } from 'node:fs';

import { DocumentFile } from '../../document/document.ts';
import { FilesWrong } from '../errors.ts';

/** One line of the table. */
export interface ScriptedRequest {
  /** What a reader shall notice; stands in the table. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** Pairs, in order; a list of values sends the header more than once. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  /** How often it is sent. */
  readonly repeat: number;
  /** Sent over HTTP/2 with an empty gRPC message. */
  readonly grpc: boolean;
  /** Names of headers that the upstream got, to be shown. */
  readonly upstream: readonly string[];
  /** Whether the answer's body is shown. */
  readonly answer: boolean;
}

interface RawRequest {
  readonly name?: unknown;
  readonly method?: unknown;
  readonly path?: unknown;
  readonly headers?: unknown;
  readonly body?: unknown;
  readonly repeat?: unknown;
  readonly grpc?: unknown;
  readonly upstream?: unknown;
  readonly answer?: unknown;
}

/** What a request of a script may have. */
export const FIELDS: readonly string[] = [
  'name',
  'method',
  'path',
  'headers',
  'body',
  'repeat',
  'grpc',
  'upstream',
  'answer',
];
/** How often a request of a script may be sent. */
export const REPEAT_MAX = 1_000;

/** The script beside a document, where there is one. */
export function scriptBeside(path: string): string | null {
  const beside = path.replace(/\.(?:ya?ml|json)$/, '') + '.requests.yaml';
  return path !== '-' && existsSync(beside) ? beside : null;
}

/** Reads a script; throws FilesWrong with the place of the first mistake. */
export function readScript(path: string): ScriptedRequest[] {
  const file = DocumentFile.read(path);
  const [problem] = file.problems;
  if (problem !== undefined) throw wrong(file, problem.start, problem.message);
  const content = JSON.parse(file.json) as { requests?: unknown };
  const unknown = Object.keys(content).find((field) => field !== 'requests');
  if (unknown !== undefined)
    throw wrong(
      file,
      file.locate({ pointer: `/${unknown}`, isKey: true }).start,
      `unknown field \`${unknown}\`; expected \`requests\``,
    );
  if (!Array.isArray(content.requests)) throw wrong(file, 0, 'expected a list `requests`');
  return content.requests.map((raw: unknown, index) => requestOf(file, raw, `/requests/${index}`));
}

function requestOf(file: DocumentFile, raw: unknown, pointer: string): ScriptedRequest {
  const at = (field: string): number =>
    file.locate({ pointer: `${pointer}/${field}`, isKey: true }).start;
  if (typeof raw !== 'object' || raw === null)
    throw wrong(
      file,
      file.locate({ pointer }).start,
      'expected a request: an object with at least `path`',
    );
  const unknown = Object.keys(raw).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined)
    throw wrong(file, at(unknown), `unknown field \`${unknown}\`; expected ${FIELDS.join(', ')}`);
  const fields = raw as RawRequest;
  const grpc = fields.grpc === true;
  const path = text(fields.path);
  if (!path.startsWith('/')) throw wrong(file, at('path'), 'expected a `path` that begins with /');
  const repeat = Number(fields.repeat ?? 1);
  if (!Number.isInteger(repeat) || repeat < 1 || repeat > REPEAT_MAX)
    throw wrong(file, at('repeat'), `expected \`repeat\` from 1 to ${REPEAT_MAX}`);
  return {
    name: text(fields.name),
    method: text(fields.method) || (grpc ? 'POST' : 'GET'),
    path,
    headers: headersOf(fields.headers),
    body: text(fields.body),
    repeat,
    grpc,
    upstream: list(fields.upstream),
    answer: fields.answer === true,
  };
}

function headersOf(headers: unknown): (readonly [string, string])[] {
  return Object.entries((headers ?? {}) as Record<string, unknown>).flatMap(([name, value]) =>
    list(value).map((each) => [name, each] as const),
  );
}

function list(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map(text);
}

function text(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function wrong(file: DocumentFile, offset: number, message: string): FilesWrong {
  const { line, column } = file.source.position(offset);
  return new FilesWrong(`${file.source.name}:${line}:${column}: ${message}`);
}
