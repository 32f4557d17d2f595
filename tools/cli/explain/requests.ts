// Recorded requests: what `mixer explain --request` and `mixer eval --requests` read. A file holds one request, a list,
// or `requests:`, as YAML or JSON, the script of `mixer run` among them; or lines, each a request, an access log entry
// as the stdio adapter writes it, or a line of the access log that `mixer render` configures. In a log, lines without a
// request are left out and counted.

import { forwardedAddress } from '../../cases/peer.ts';
import { GRPC_HEADERS } from '../../cases/script.ts';
import { DocumentFile } from '../../document/document.ts';
import { isFields, type Fields } from '../../document/fields.ts';
import type { RequestInput } from '../../host/host.ts';
import { FilesWrong } from '../errors.ts';
import { createLog } from '../output.ts';
import { FIELDS, REPEAT_MAX } from '../run/script.ts';

/** A request with the name under which it is shown. */
export interface RecordedRequest {
  readonly name: string;
  readonly input: RequestInput;
}

const KNOWN = [
  ...['name', 'method', 'path', 'authority', 'host', 'headers', 'source', 'destination'],
  ...['protocol', 'direction', 'properties'],
];
/** What was expected of a file without any, and what to do. */
const NO_REQUEST =
  '  expected a request, such as `{ "path": "/x" }`, a list of them, or lines of an access log;\n' +
  '  if a command before wrote it (grep), see whether it let a line through';
/** What is text where a request has it. */
const TEXTS = ['name', 'method', 'path', 'authority', 'host', 'source', 'destination'];
const SOURCE_PORT = 40_000;

/** Reads a file of requests; `-` is the standard input. Says how many lines of a log held none. */
export function readRequests(path: string): RecordedRequest[] {
  const file = DocumentFile.read(path);
  const { name, text } = file.source;
  // Lines of a log can pass for one long text of YAML.
  const isNoYaml = !/^[[{]/.test(file.json);
  const { entries, skipped, isLog } = linesOf(text, isNoYaml) ?? entriesOf(file);
  const read = isLog ? logged : recorded;
  const found = entries.map(({ value, at }, index) => read(value, `${name}${at}`, index));
  const requests = found.flatMap((each) => each ?? []);
  if (requests.length === 0) throw new FilesWrong(`${name}: no request in it\n${NO_REQUEST}`);
  const others = skipped + found.filter((each) => each === null).length;
  if (others > 0)
    createLog().warn(`${others} other line${others === 1 ? '' : 's'} of ${name} left out`);
  return requests;
}

interface Entry {
  readonly value: unknown;
  /** `:12` for the line it stands in. */
  readonly at: string;
}

interface Entries {
  readonly entries: readonly Entry[];
  /** Lines that hold no JSON object. */
  readonly skipped: number;
  /** Whether other things than requests stand in it as well. */
  readonly isLog: boolean;
}

/**
 * JSON lines, also behind the prefix that Envoy's log puts in front of them. Null where there are none, and where other
 * lines stand between them in what may be YAML.
 */
function linesOf(text: string, isNoYaml: boolean): Entries | null {
  const lines = text.split('\n').map((line, index) => ({ line, at: `:${index + 1}` }));
  const written = lines.filter(({ line }) => line.trim() !== '');
  const entries = written.flatMap(({ line, at }): Entry[] => {
    const value = objectIn(line);
    return value === null ? [] : [{ value, at }];
  });
  const skipped = written.length - entries.length;
  if (entries.length === 0 || (skipped > 0 && !isNoYaml)) return null;
  return { entries, skipped, isLog: written.some(({ line }) => !line.trimStart().startsWith('{')) };
}

function objectIn(line: string): unknown {
  const start = line.indexOf('{');
  if (start < 0) return null;
  try {
    return JSON.parse(line.slice(start)) as unknown;
  } catch {
    return null;
  }
}

function entriesOf(file: DocumentFile): Entries {
  const problem = file.problems[0];
  if (problem !== undefined) {
    const { line, column } = file.source.position(problem.start);
    throw new FilesWrong(`${file.source.name}:${line}:${column}: ${problem.message}`);
  }
  const value = JSON.parse(file.json) as unknown;
  const list = isFields(value) && Array.isArray(value['requests']) ? value['requests'] : value;
  // An empty file reads as an empty object.
  if (isFields(list) && Object.keys(list).length === 0)
    return { entries: [], skipped: 0, isLog: false };
  const entries = (Array.isArray(list) ? list : [list]).map((each: unknown, index) => ({
    value: each,
    at: Array.isArray(list) ? ` request ${index + 1}` : '',
  }));
  return { entries, skipped: 0, isLog: false };
}

/** One line of a log as a request; null where it is none: a connection, another instance, another kind of line. */
export function recordedEntry(value: unknown, place: string): RecordedRequest | null {
  if (!isFields(value)) return null;
  const isRequest =
    typeof value['url'] === 'string' || 'path' in value || typeof value['method'] === 'string';
  if (!isRequest) return null;
  const input = isAdapterEntry(value) ? fromAccessLog(value) : fromFields(value, place);
  return { name: requestLine(value), input };
}

/** What an entry of a file asks for; null for an entry of a log that holds no request. */
function recorded(value: unknown, place: string, index: number): RecordedRequest[] | null {
  if (!isFields(value)) throw new FilesWrong(`${place}: expected a request, an object`);
  if (isLogged(value)) return logged(value, place);
  const unknown = Object.keys(value).find((name) => ![...KNOWN, ...FIELDS].includes(name));
  if (unknown !== undefined)
    throw new FilesWrong(`${place}: unknown field \`${unknown}\`\n  expected ${KNOWN.join(', ')}`);
  const wrong = TEXTS.find(
    (field) => !['string', 'undefined'].includes(typeof (value[field] ?? undefined)),
  );
  if (wrong !== undefined) throw new FilesWrong(`${place}: expected \`${wrong}\`, a string`);
  const request = { name: nameOf(value, index), input: fromFields(value, place) };
  const count = Math.min(Number(value['repeat'] ?? 1) || 1, REPEAT_MAX);
  return Array.from({ length: count }, (_, at) =>
    count === 1 ? request : { ...request, name: `${request.name} (${at + 1} of ${count})` },
  );
}

function logged(value: unknown, place: string): RecordedRequest[] | null {
  const found = recordedEntry(value, place);
  return found && [{ ...found, name: `${place}: ${found.name}` }];
}

/** An access log entry of the stdio adapter, or a line of Envoy's access log as it is rendered. */
function isLogged(value: Fields): boolean {
  return isAdapterEntry(value) || ('details' in value && 'status' in value);
}

function isAdapterEntry(value: Fields): boolean {
  return typeof value['instance'] === 'string' && 'level' in value;
}

function nameOf(value: Fields, index: number): string {
  if (typeof value['name'] === 'string') return value['name'];
  return `request ${index + 1}: ${requestLine(value)}`;
}

function requestLine(value: Fields): string {
  return `${text(value['method'], 'GET')} ${text(value['path'] ?? value['url'], '/')}`;
}

function fromFields(value: Fields, place: string): RequestInput {
  const authority = value['authority'] ?? value['host'];
  const isGrpc = value['grpc'] === true;
  const headers = headersOf(value['headers'] ?? {}, place);
  const properties = { ...(isFields(value['properties']) ? value['properties'] : {}) };
  // Envoy's access log, as it is rendered, calls it the client.
  const source = text(value['source'] ?? value['client'], forwardedAddress(headers) ?? '');
  if (source !== '') properties['source.address'] = withPort(source);
  if (value['destination'] !== undefined)
    properties['destination.address'] = withPort(text(value['destination'], ''));
  return {
    method: text(value['method'], isGrpc ? 'POST' : 'GET'),
    path: value['path'] === null ? null : text(value['path'], '/'),
    ...(authority !== undefined && { authority: text(authority, '') }),
    headers: isGrpc ? [...GRPC_HEADERS, ...headers] : headers,
    properties,
    ...((isGrpc || value['protocol'] === 'HTTP/2') && { protocol: 'HTTP/2' as const }),
    ...(value['direction'] === 'outbound' && { direction: 'outbound' as const }),
  };
}

function headersOf(value: unknown, place: string): [string, string][] {
  if (!isFields(value))
    throw new FilesWrong(`${place}: expected \`headers\`, an object of strings`);
  return Object.entries(value).flatMap(([name, lines]) =>
    (Array.isArray(lines) ? (lines as unknown[]) : [lines]).map((line): [string, string] => [
      name.toLowerCase(),
      text(line, ''),
    ]),
  );
}

/** Headers of Istio's standard access log entry, by its variables. */
const LOGGED_HEADERS: readonly (readonly [variable: string, header: string])[] = [
  ['userAgent', 'user-agent'],
  ['referer', 'referer'],
  ['requestId', 'x-request-id'],
  ['xForwardedFor', 'x-forwarded-for'],
  ['clientTraceId', 'x-client-trace-id'],
  ['apiKey', 'x-api-key'],
];

/** A log entry holds only a part of the request: what it does not name is absent. */
function fromAccessLog(entry: Fields): RequestInput {
  const headers = LOGGED_HEADERS.flatMap(([variable, header]): [string, string][] => {
    const value = text(entry[variable], '');
    return value === '' || (variable === 'xForwardedFor' && value === '0.0.0.0')
      ? []
      : [[header, value]];
  });
  const properties: Record<string, unknown> = {};
  const source = text(entry['sourceIp'], '');
  if (source !== '') properties['source.address'] = withPort(source);
  return {
    method: text(entry['method'], 'GET'),
    path: text(entry['url'], '/'),
    authority: text(entry['httpAuthority'], ''),
    headers,
    properties,
    direction: entry['reporter'] === 'source' ? 'outbound' : 'inbound',
  };
}

function withPort(address: string): string {
  const hasPort = /^[\d.]+:\d+$|\]:\d+$/.test(address);
  if (hasPort) return address;
  return address.includes(':') ? `[${address}]:${SOURCE_PORT}` : `${address}:${SOURCE_PORT}`;
}

function text(value: unknown, fallback: string): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : fallback;
}
