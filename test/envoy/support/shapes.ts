// Requests in shapes that two servers could read differently, and what becomes of each where nothing tidies them up
// before the filter. The rules that they try to pass are about /closed, closed.test, x-role: bad and DELETE.

import type { Field } from './raw-http.ts';

export const HOST = 'host: open.test\r\n';
export const LAST = 'connection: close\r\n\r\n';
const CLOSED = `GET /closed HTTP/1.1\r\n${HOST}${LAST}`;
export const post = (headers: string, body: string): string =>
  `POST /open HTTP/1.1\r\n${HOST}${headers}\r\n${body}`;
export const get = (target: string, headers = HOST): string =>
  `GET ${target} HTTP/1.1\r\n${headers}${LAST}`;
const CHUNKED = 'transfer-encoding: chunked\r\n';
const CLOSE = 'connection: close\r\n';
const chunks = (body: string): string => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;

/** What it is, its bytes, the status codes that come back. */
export type Shape = readonly [name: string, text: string, ...codes: number[]];

export const FRAMING: readonly Shape[] = [
  ['length and chunks', post(`content-length: 6\r\n${CHUNKED}`, `0\r\n\r\n${CLOSED}`), 200, 403],
  [
    'a request within a chunk',
    post(`content-length: 4\r\n${CHUNKED}${CLOSE}`, chunks(CLOSED)),
    200,
  ],
  ['two lengths', post('content-length: 0\r\ncontent-length: 59\r\n', CLOSED), 400],
  ['one length twice', post('content-length: 0\r\ncontent-length: 0\r\n', CLOSED), 400],
  ['a list of lengths', post('content-length: 0, 0\r\n', CLOSED), 400],
  ['a length with a sign', post('content-length: +0\r\n', CLOSED), 400],
  ['two encodings', post(`${CHUNKED}transfer-encoding: identity\r\n`, `0\r\n\r\n${CLOSED}`), 501],
  ['an encoding by another name', post('transfer-encoding: xchunked\r\n', CLOSED), 501],
  ['a blank before the colon', post('transfer-encoding : chunked\r\n', `0\r\n\r\n${CLOSED}`), 400],
  ['an extension of a chunk', post(`${CHUNKED}${CLOSE}`, '2;a=b\r\nab\r\n0\r\n\r\n'), 200],
  ['a line end in one', post(CHUNKED, `2;\nxx\r\n3f\r\n0\r\n\r\n${CLOSED}`), 400],
  ['a chunk beyond 64 bits', post(CHUNKED, `fffffffffffffffff\r\n${CLOSED}`), 400],
  [
    'a length on a GET',
    `GET /open HTTP/1.1\r\n${HOST}content-length: 3\r\n\r\nabc${CLOSED}`,
    200,
    403,
  ],
  ['two requests at once', `GET /open HTTP/1.1\r\n${HOST}\r\n${CLOSED}`, 200, 403],
  ['trailers of a request', post(`${CHUNKED}${CLOSE}`, '0\r\nx-role: bad\r\n\r\n'), 200],
  ['a host in trailers', post(`${CHUNKED}${CLOSE}`, '0\r\nhost: closed.test\r\n\r\n'), 200],
  ['a path in trailers', post(`${CHUNKED}${CLOSE}`, '0\r\n:path: /closed\r\n\r\n'), 400],
];

export const HEADERS: readonly Shape[] = [
  ['a folded value', get('/open', `${HOST}x-role:\r\n bad\r\n`), 403],
  [
    'bare line feeds',
    `GET /open HTTP/1.1\nhost: open.test\nx-role: bad\nconnection: close\n\n`,
    403,
  ],
  ['one of them in a value', get('/open', `${HOST}x-a: b\nx-role: bad\r\n`), 403],
  ['a bare carriage return in a value', get('/open', `${HOST}x-a: b\rx-role: bad\r\n`), 200],
  ['a name in capitals', get('/open', `${HOST}X-ROLE: bad\r\n`), 403],
  ['blanks around a value', get('/open', `${HOST}x-role: \t bad\t \r\n`), 403],
  ['a blank in a name', get('/open', `${HOST}x-role : bad\r\n`), 400],
  ['a control in a name', get('/open', `${HOST}x-role\x01: bad\r\n`), 400],
  ['a NUL in a value', get('/open', `${HOST}x-role: bad\0\r\n`), 400],
  [
    'a header of the hop',
    `GET /open HTTP/1.1\r\n${HOST}x-role: bad\r\nconnection: x-role, close\r\n\r\n`,
    200,
  ],
  [
    'what other servers take for the path',
    get('/open', `${HOST}x-envoy-original-path: /closed\r\n`),
    200,
  ],
  ['HTTP/2 asked for', get('/open', `${HOST}upgrade: h2c\r\n`), 200],
  [
    'a question before the body',
    post(`expect: 100-continue\r\ncontent-length: 2\r\n${CLOSE}`, 'ab'),
    200,
  ],
  [
    'one where the path is closed',
    post(`expect: 100-continue\r\n${CLOSE}`, '').replace('/open', '/closed'),
    403,
  ],
];

export const TARGETS: readonly Shape[] = [
  ['a URI of another host', get('http://closed.test/x'), 403],
  ['one in capitals, with a port', get('HTTP://CLOSED.TEST:80/x'), 403],
  [
    'one whose host is open where the header is closed',
    get('http://open.test/x', 'host: closed.test\r\n'),
    200,
  ],
  ['one of a closed path', get('http://open.test/closed'), 403],
  ['one without a path', get('http://open.test'), 200],
  ['one with a user', get('http://open.test@closed.test/x'), 403],
  ['one of another scheme', get('ftp://open.test/closed'), 400],
  ['a host and port for a GET', get('closed.test:80'), 400],
  ['the asterisk', `OPTIONS * HTTP/1.1\r\nhost: closed.test\r\n${LAST}`, 404],
  ['no slash', get('closed'), 400],
  ['a fragment', get('/closed#f'), 400],
  ['a fragment in front', get('/open#/closed'), 400],
  ['a NUL', get('/\0closed'), 400],
  ['a blank', get('/ closed'), 400],
  ['a tab', get('/\tclosed'), 400],
  ['HTTP/1.0', `GET /closed HTTP/1.0\r\n${HOST}\r\n`, 403],
  ['HTTP/0.9', 'GET /closed\r\n\r\n', 403],
  ['HTTP/1.2', `GET /closed HTTP/1.2\r\n${HOST}${LAST}`, 403],
  ['HTTP/2.0 in a line', `GET /closed HTTP/2.0\r\n${HOST}${LAST}`, 403],
  ['TRACE', `TRACE /closed HTTP/1.1\r\n${HOST}${LAST}`, 403],
  ['HEAD', `HEAD /closed HTTP/1.1\r\n${HOST}${LAST}`, 403],
  ['a method in lower case', `delete /open HTTP/1.1\r\n${HOST}${LAST}`, 400],
  ['a method with a NUL', `DELETE\0 /open HTTP/1.1\r\n${HOST}${LAST}`, 400],
  [
    'a WebSocket',
    `GET /closed HTTP/1.1\r\n${HOST}connection: upgrade, close\r\nupgrade: websocket\r\n\r\n`,
    403,
  ],
];

/** What stands for the host, and the status code. */
export const HOSTS: readonly (readonly [host: string, code: number])[] = [
  ['CLOSED.Test.', 403],
  ['closed.test:', 403],
  ['closed.test:80', 403],
  ['closed.test:80a', 403],
  [' closed.test\t', 403],
  ['a@closed.test', 500],
  ['closed.test:a@open.test', 500],
  ['%63losed.test', 500],
  ['closed.test:80:80', 500],
  ['closed.test/', 400],
  ['closed.test?', 400],
  ['closed.test#', 400],
  ['closed.test\\', 400],
  ['closed.test, open.test', 400],
  ['closed.test\0', 400],
  ['"closed.test"', 400],
  ['closed.test\xe9', 400],
];

const PSEUDO = { ':method': 'GET', ':scheme': 'http', ':path': '/open', ':authority': 'open.test' };
export const http2 = (changes: Readonly<Record<string, string>>, ...more: Field[]): Field[] => [
  ...Object.entries({ ...PSEUDO, ...changes }),
  ...more,
];

/** What it is, its fields, the status code; null where Envoy ends the stream or the connection. */
export const FIELDS: readonly (readonly [name: string, fields: Field[], code: number | null])[] = [
  ['an authority twice', http2({}, [':authority', 'closed.test']), null],
  ['a path twice', http2({}, [':path', '/closed']), null],
  ['a method twice', http2({}, [':method', 'DELETE']), null],
  ['no path', http2({}).filter(([name]) => name !== ':path'), null],
  ['no authority', http2({}).filter(([name]) => name !== ':authority'), null],
  ['an empty path', http2({ ':path': '' }), null],
  ['a path without a slash', http2({ ':path': 'closed' }), null],
  ['a URI for a path', http2({ ':path': 'http://open.test/closed' }), null],
  ['a line in the path', http2({ ':path': '/open HTTP/1.1\r\nx-role: bad' }), null],
  ['a line in the method', http2({ ':method': 'DELETE /closed HTTP/1.1\r\nx: ' }), null],
  ['a URI for a scheme', http2({ ':scheme': 'http://closed.test/closed?' }), null],
  ['a user in the authority', http2({ ':authority': 'a@closed.test' }), null],
  ['a line in a value', http2({}, ['x-a', 'b\r\nx-role: bad']), null],
  ['a NUL in a value', http2({}, ['x-role', 'bad\0']), null],
  ['a line in a name', http2({}, ['x-a: b\r\nx-role', 'bad']), null],
  ['a name in capitals', http2({}, ['X-Role', 'bad']), null],
  ['a pseudo header of its own', http2({}, [':x-role', 'bad']), null],
  ['a pseudo header behind others', [['x-a', 'b'], ...http2({ ':path': '/closed' })], null],
  ['a status in a request', http2({}, [':status', '200']), null],
  ['an encoding of HTTP/1', http2({}, ['transfer-encoding', 'chunked']), null],
  ['a connection header', http2({}, ['connection', 'x-role'], ['x-role', 'bad']), null],
  ['a length without a body', http2({}, ['content-length', '10']), null],
  ['a host beside the authority', http2({}, ['host', 'closed.test']), 200],
  [
    'an open host beside a closed authority',
    http2({ ':authority': 'closed.test' }, ['host', 'open.test']),
    403,
  ],
  ['a blank before a value', http2({}, ['x-role', ' bad']), 403],
  ['a tab behind a value', http2({}, ['x-role', 'bad\t']), 403],
  ['cookies in crumbs', http2({}, ['cookie', 'a=1'], ['cookie', 'bad=1']), 403],
  ['HEAD', http2({ ':method': 'HEAD', ':path': '/closed' }), 403],
];
