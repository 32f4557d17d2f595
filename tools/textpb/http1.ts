// Headers written as HTTP/1 text, as the pseudo headers and names in lower case that the filter gets. It reads what
// tests write by hand, and is no parser for the wire.

import { SuiteProblem } from './tree.ts';
import { TesterHeaders } from './tester-headers.ts';

const REQUEST_LINE = /^([!#-'*+.^-z|~\w-]+) (\S+)(?: HTTP\/\d\.\d)?$/;
const STATUS_LINE = /^HTTP\/\d\.\d (\d{3})(?: .*)?$/;
const ABSOLUTE = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]+)([^#]*)/i;
const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: ':80', https: ':443' };

/** The headers of a request or response. */
export function headersOfText(text: string, isRequest: boolean): TesterHeaders {
  const [first = '', ...lines] = text.replace(/^(?:\r?\n)+/, '').split(/\r?\n/);
  const headers = new TesterHeaders();
  const isAbsolute = isRequest && addRequestLine(headers, first);
  if (!isRequest) addStatusLine(headers, first);
  for (const line of lines) {
    if (line === '') break;
    addLine(headers, line, isRequest ? isAbsolute : null);
  }
  return headers;
}

/** Whether the URI names its host itself. */
function addRequestLine(headers: TesterHeaders, line: string): boolean {
  const [, method = '', uri = ''] = REQUEST_LINE.exec(line) ?? [];
  if (method === '') throw new SuiteProblem(`no request line: ${line}`);
  headers.add(':method', method);
  const [, scheme, host = '', rest = ''] = ABSOLUTE.exec(uri) ?? [];
  if (scheme === undefined) {
    if (!uri.startsWith('/')) throw new SuiteProblem(`invalid URI: ${uri}`);
    headers.add(':path', uri);
    return false;
  }
  const name = scheme.toLowerCase();
  const port = DEFAULT_PORTS[name] ?? '';
  const authority = host.toLowerCase();
  headers.add(':scheme', name);
  headers.add(':path', rest.startsWith('/') ? rest : `/${rest}`);
  headers.add(
    ':authority',
    port !== '' && authority.endsWith(port) ? authority.slice(0, -port.length) : authority,
  );
  return true;
}

function addStatusLine(headers: TesterHeaders, line: string): void {
  const code = STATUS_LINE.exec(line)?.[1];
  if (code === undefined) throw new SuiteProblem(`no status line: ${line}`);
  headers.add(':status', code);
}

/** `hostIsKnown`: of a request whether its URI named the host; null for a response. */
function addLine(headers: TesterHeaders, line: string, hostIsKnown: boolean | null): void {
  const colon = line.indexOf(':');
  if (colon < 1) throw new SuiteProblem(`no header line: ${line}`);
  const name = line.slice(0, colon).toLowerCase();
  const value = line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '');
  if (name !== 'host' || hostIsKnown === null) headers.add(name, value);
  else if (!hostIsKnown) headers.add(':authority', value);
}
