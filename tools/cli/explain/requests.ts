// Recorded requests: what `mixer explain --request` and `mixer eval --requests` read. A file holds one request, a list,
// or `requests:`, as YAML or JSON; or lines, each a request or an access log entry as the stdio adapter writes it.

import { DocumentFile } from '../../document/document.ts';
import { isFields, type Fields } from '../../document/fields.ts';
import type { RequestInput } from '../../host/host.ts';
import { FilesWrong } from '../errors.ts';

/** A request with the name under which it is shown. */
export interface RecordedRequest {
  readonly name: string;
  readonly input: RequestInput;
}

const KNOWN = ['name', 'method', 'path', 'authority', 'host', 'headers', 'source', 'destination'];
const KNOWN_MORE = ['protocol', 'direction', 'properties'];
const SOURCE_PORT = 40_000;

/** Reads a file of requests; `-` is the standard input. */
export function readRequests(path: string): RecordedRequest[] {
  const file = DocumentFile.read(path);
  const { name, text } = file.source;
  const entries = linesOf(text) ?? entriesOf(file);
  if (entries.length === 0) throw new FilesWrong(`${name}: no request in it`);
  return entries.map(({ value, at }, index) => recorded(value, `${name}${at}`, index));
}

interface Entry {
  readonly value: unknown;
  /** `:12` for the line it stands in. */
  readonly at: string;
}

/** JSON lines, also behind the prefix that Envoy's log puts in front of them; null for anything else. */
function linesOf(text: string): Entry[] | null {
  const entries: Entry[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const start = line.indexOf('{');
    if (start < 0) return null;
    try {
      entries.push({ value: JSON.parse(line.slice(start)), at: `:${index + 1}` });
    } catch {
      return null;
    }
  }
  return entries;
}

function entriesOf(file: DocumentFile): Entry[] {
  const problem = file.problems[0];
  if (problem !== undefined) {
    const { line, column } = file.source.position(problem.start);
    throw new FilesWrong(`${file.source.name}:${line}:${column}: ${problem.message}`);
  }
  const value = JSON.parse(file.json) as unknown;
  const list = isFields(value) && Array.isArray(value['requests']) ? value['requests'] : value;
  return (Array.isArray(list) ? list : [list]).map((each: unknown, index) => ({
    value: each,
    at: Array.isArray(list) ? ` request ${index + 1}` : '',
  }));
}

/** One line of a log as a request; null where it is none: a connection, another instance, another kind of line. */
export function recordedEntry(value: unknown, line: number): RecordedRequest | null {
  if (!isFields(value)) return null;
  const isRequest =
    typeof value['url'] === 'string' || 'path' in value || typeof value['method'] === 'string';
  if (!isRequest) return null;
  const isEntry = typeof value['instance'] === 'string' && 'level' in value;
  const input = isEntry ? fromAccessLog(value) : fromFields(value, `line ${line}`);
  return { name: requestLine(value), input };
}

function recorded(value: unknown, place: string, index: number): RecordedRequest {
  if (!isFields(value)) throw new FilesWrong(`${place}: expected a request, an object`);
  if (typeof value['instance'] === 'string' && 'level' in value)
    return { name: nameOf(value, index), input: fromAccessLog(value) };
  const unknown = Object.keys(value).find((name) => ![...KNOWN, ...KNOWN_MORE].includes(name));
  if (unknown !== undefined)
    throw new FilesWrong(
      `${place}: unknown field \`${unknown}\`\n  expected ${[...KNOWN, ...KNOWN_MORE].join(', ')}`,
    );
  return { name: nameOf(value, index), input: fromFields(value, place) };
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
  const properties = { ...(isFields(value['properties']) ? value['properties'] : {}) };
  // Envoy's access log, as it is rendered, calls it the client.
  const source = text(value['source'] ?? value['client'], '');
  if (source !== '') properties['source.address'] = withPort(source);
  if (value['destination'] !== undefined)
    properties['destination.address'] = withPort(text(value['destination'], ''));
  return {
    method: text(value['method'], 'GET'),
    path: value['path'] === null ? null : text(value['path'], '/'),
    ...(authority !== undefined && { authority: text(authority, '') }),
    headers: headersOf(value['headers'] ?? {}, place),
    properties,
    ...(value['protocol'] === 'HTTP/2' && { protocol: 'HTTP/2' as const }),
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
