// Declared attributes in the emulator: each source, each type, and everything that a declaration can get wrong.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { RequestInput } from '../../tools/host/types.ts';
import { logText, serve } from '../rules/serve.ts';
import { orAbsent, probingDocument, seenLines } from './support/probing.ts';

type Declaration = Record<string, unknown>;
const SHOW: [string, string] = ['x-show', 'check'];

/** What a declared attribute `it` is at the check. */
async function atCheck(declaration: Declaration, input: RequestInput = {}): Promise<unknown> {
  const check = { it: orAbsent('my.it', String(declaration['type'])) };
  const host = await serve(probingDocument({ check, attributes: { 'my.it': declaration } }));
  const outcome = host.request({ ...input, headers: [SHOW, ...(input.headers ?? [])] });
  return (JSON.parse(outcome.body) as { it: unknown }).it;
}

/** What it is in the log. */
async function atLog(declaration: Declaration, input: RequestInput = {}): Promise<unknown> {
  const log = { it: orAbsent('my.it', String(declaration['type'])) };
  const host = await serve(probingDocument({ log, attributes: { 'my.it': declaration } }));
  host.request(input);
  return seenLines(logText(host))[0]?.['it'];
}

describe('a declared attribute', () => {
  const metadata = {
    'metadata.filter_metadata': { ns: { text: 'x', n: 7, half: 0.5, yes: true } },
  };
  const rows: [what: string, declaration: Declaration, input: RequestInput, value: unknown][] = [
    ['a property', { type: 'STRING', property: ['connection', 'tls_version'] }, tls(), 'TLSv1.3'],
    ['filter state', { type: 'STRING', property: ['filter_state', 'a.b'] }, state(), 'v'],
    ['a wasm filter’s state', { type: 'INT64', property: ['level'] }, bare('12345678'), 12345678],
    ['dynamic metadata', { type: 'STRING', property: ns('text') }, { properties: metadata }, 'x'],
    ['a number of metadata', { type: 'INT64', property: ns('n') }, { properties: metadata }, 7],
    [
      'a fraction of metadata',
      { type: 'DOUBLE', property: ns('half') },
      { properties: metadata },
      0.5,
    ],
    ['a truth of metadata', { type: 'BOOL', property: ns('yes') }, { properties: metadata }, true],
    [
      'a request header',
      { type: 'STRING', requestHeader: 'X-Role' },
      header('x-role', 'dev'),
      'dev',
    ],
    ['an absent header', { type: 'STRING', requestHeader: 'x-role' }, {}, '(absent)'],
    [
      'a cookie',
      { type: 'STRING', cookie: 'sid' },
      header('cookie', 'a=1; sid="4 2"; sid=9'),
      '4 2',
    ],
    [
      'an absent cookie',
      { type: 'STRING', cookie: 'si' },
      header('cookie', 'sid=1; xsi=2'),
      '(absent)',
    ],
    [
      'a query parameter',
      { type: 'STRING', queryParameter: 'q' },
      { path: '/?p=1&q=a%20b' },
      'a b',
    ],
    ['an absent parameter', { type: 'STRING', queryParameter: 'q' }, { path: '/?p=1' }, '(absent)'],
    ['an expression', { type: 'STRING', value: 'request.method + "!"' }, {}, 'GET!'],
    ['the route', { type: 'STRING', property: ['xds', 'route_name'] }, {}, 'all'],
  ];
  for (const [what, declaration, input, value] of rows) {
    it(`comes from ${what}`, async () => {
      assert.deepEqual(await atCheck(declaration, input), value);
    });
  }

  it('comes from the node, read when the document is loaded', async () => {
    const node = { metadata: { ZONE: 'eu', WEIGHT: 3, DEEP: { a: { b: 'c' } } } };
    const attributes = {
      zone: { type: 'STRING', property: ['xds', 'node', 'metadata', 'ZONE'] },
      weight: { type: 'INT64', property: ['xds', 'node', 'metadata', 'WEIGHT'] },
      deep: { type: 'STRING', property: ['xds', 'node', 'metadata', 'DEEP', 'a', 'b'] },
      wrong: { type: 'INT64', property: ['xds', 'node', 'metadata', 'ZONE'] },
    };
    const check = { zone: 'zone', weight: 'weight', deep: 'deep', wrong: 'wrong' };
    const host = await serve(probingDocument({ check, attributes }), { node });
    const seen = JSON.parse(host.request({ headers: [SHOW] }).body) as object;
    assert.deepEqual(seen, { zone: 'eu', weight: 3, deep: 'c', wrong: null });
  });

  it('comes from a response header, or a trailer in the log', async () => {
    const response = { headers: pairs('x-cost', '12'), trailers: pairs('x-late', '1.5') };
    const input: RequestInput = { protocol: 'HTTP/2', response };
    assert.equal(await atLog({ type: 'INT64', responseHeader: 'X-Cost' }, input), 12);
    assert.equal(await atLog({ type: 'DOUBLE', responseHeader: 'x-late' }, input), 1.5);
  });

  it('keeps in the log what it was at the check', async () => {
    const attributes = { role: { type: 'STRING', requestHeader: 'x-role' } };
    const document = probingDocument({ log: { role: 'role' }, attributes }) as { rules: object[] };
    document.rules.push({
      name: 'changed',
      requestHeaderOperations: [{ name: 'x-role', values: ['"other"'] }],
    });
    const host = await serve(document);
    host.request(header('x-role', 'dev'));
    assert.equal(seenLines(logText(host))[0]?.['role'], 'dev');
  });

  it('may use others, in any order', async () => {
    const attributes = {
      a: { type: 'STRING', value: 'b + "a"' },
      b: { type: 'STRING', value: 'c + "b"' },
      c: { type: 'STRING', requestHeader: 'x-c' },
    };
    const host = await serve(probingDocument({ check: { a: 'a' }, attributes }));
    const outcome = host.request({ headers: [SHOW, ['x-c', 'c']] });
    assert.equal(outcome.body, '{"a":"cba"}');
  });

  it('takes the place of an attribute of the vocabulary with `override`', async () => {
    const attributes = {
      'source.principal': { type: 'STRING', requestHeader: 'x-p', override: true },
    };
    const host = await serve(probingDocument({ check: { p: 'source.principal' }, attributes }));
    assert.equal(host.request({ headers: [SHOW, ['x-p', 'me']] }).body, '{"p":"me"}');
  });
});

describe('a text', () => {
  const rows: [type: string, text: string, value: unknown][] = [
    ['INT64', '42', 42],
    ['INT64', '-7', -7],
    ['INT64', '9223372036854775807', 9223372036854776000],
    ['INT64', '9223372036854775808', null],
    ['INT64', '4 2', null],
    ['INT64', '0x10', null],
    ['INT64', '', null],
    ['DOUBLE', '1.25', 1.25],
    ['DOUBLE', 'one', null],
    ['BOOL', 'true', true],
    ['BOOL', 'True', null],
    ['DURATION', '1m30s', '1m30s'],
    ['DURATION', '90', null],
    ['TIMESTAMP', '2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z'],
    ['TIMESTAMP', 'today', null],
    ['IP_ADDRESS', '10.1.2.3', '10.1.2.3'],
    ['IP_ADDRESS', '10.1.2', null],
    ['URI', 'http://a/b', 'http://a/b'],
    ['URI', ':', null],
    ['DNS_NAME', 'a.example', 'a.example'],
    ['DNS_NAME', '', null],
    ['EMAIL_ADDRESS', 'a@b.example', 'a@b.example'],
    ['EMAIL_ADDRESS', 'a', null],
  ];
  for (const [type, text, value] of rows) {
    it(`${JSON.stringify(text)} read as ${type} is ${JSON.stringify(value)}`, async () => {
      const attributes = { it: { type, requestHeader: 'x-it' } };
      const host = await serve(probingDocument({ check: { it: 'it' }, attributes }));
      const { body } = host.request({ headers: [SHOW, ['x-it', text]] });
      assert.deepEqual(JSON.parse(body), { it: value });
    });
  }

  it('that is no value of its type fails the rule, and `|` does not hide it', async () => {
    const attributes = { level: { type: 'INT64', requestHeader: 'x-level' } };
    const rule = { name: 'high', match: '(level | 0) > 5', actions: [{ handler: 'no' }] };
    const handlers = [{ name: 'no', adapter: 'denier' }];
    const host = await serve({ attributes, handlers, rules: [rule] });
    assert.equal(host.request(header('x-level', '6')).status, 400);
    assert.equal(host.request(header('x-level', '5')).status, 200);
    assert.equal(host.request({}).status, 200);
    assert.equal(host.request(header('x-level', 'high')).status, 500);
    assert.match(logText(host), /rule high: could not be evaluated: wrong type: level/);
  });

  it('of metadata is never taken for a number, nor a number for a text', async () => {
    const input = {
      properties: { 'metadata.filter_metadata': { ns: { eight: '12345678', n: 1.5 } } },
    };
    assert.equal(await atCheck({ type: 'INT64', property: ns('eight') }, input), 12345678);
    assert.equal(await atCheck({ type: 'DOUBLE', property: ns('eight') }, input), 12345678);
    assert.equal(await atCheck({ type: 'STRING', property: ns('n') }, input), null);
    assert.equal(await atCheck({ type: 'INT64', property: ns('n') }, input), null);
    assert.equal(await atCheck({ type: 'BOOL', property: ns('n') }, input), null);
  });
});

describe('metadata', () => {
  const value = {
    s: 'x',
    list: ['a', 'b'],
    mixed: ['a', 1],
    n: 1,
    yes: true,
    deep: { a: 'b' },
    e: '',
  };
  const input = { properties: { 'metadata.filter_metadata': { ns: { value } } } };

  it('as a map of strings has its strings, and lists of strings joined by commas', async () => {
    const seen = (await atLog({ type: 'STRING_MAP', property: ns('value') }, input)) as object;
    assert.deepEqual(seen, { s: 'x', list: 'a,b', mixed: 'a', e: '' });
  });

  it('as a string may be a list of strings', async () => {
    const property = [...ns('value'), 'list'];
    assert.equal(await atCheck({ type: 'STRING', property }, input), 'a,b');
  });
});

function ns(key: string): string[] {
  return ['metadata', 'filter_metadata', 'ns', key];
}

function pairs(name: string, value: string): [string, string][] {
  return [[name, value]];
}

function header(name: string, value: string): RequestInput {
  return { headers: pairs(name, value) };
}

function tls(): RequestInput {
  return { properties: { 'connection.tls_version': 'TLSv1.3' } };
}

function state(): RequestInput {
  return { properties: { 'filter_state.a.b': 'v' } };
}

function bare(value: string): RequestInput {
  return { properties: { level: value } };
}
