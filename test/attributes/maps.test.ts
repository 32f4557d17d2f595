// Declared attributes that are maps: structs of metadata and filter state, in both languages.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { packValues } from '../../tools/host/pairs.ts';
import type { RequestInput } from '../../tools/host/types.ts';
import { denier, logText, serve } from '../rules/serve.ts';
import { probingDocument, seenLines } from './support/probing.ts';

const SHOW: [string, string] = ['x-show', 'check'];
const METADATA = 'metadata.filter_metadata';
const PROPERTY = ['metadata', 'filter_metadata', 'ns', 'm'];
const FULL = { s: 'x', e: '', list: ['a', 'b'], n: 7, yes: true, deep: { a: { b: 'c' } } };

/** A request with this value of metadata. */
function having(m: unknown): RequestInput {
  return { properties: { [METADATA]: { ns: { m } } } };
}

/** What an expression over the declared map `m` gives at the check; null where it fails. */
async function value(
  expression: string,
  input: RequestInput,
  { property = PROPERTY, language = 'CEXL' } = {},
): Promise<unknown> {
  const attributes = { m: { type: 'STRING_MAP', property } };
  const document = probingDocument({ check: { it: expression }, attributes });
  const host = await serve({ ...document, language });
  const outcome = host.request({ ...input, headers: [SHOW] });
  return (JSON.parse(outcome.body) as { it: unknown }).it;
}

describe('a declared map', () => {
  const rows: [what: string, expression: string, input: RequestInput, seen: unknown][] = [
    ['has its texts', 'm["s"]', having(FULL), 'x'],
    ['joins lists of texts by commas', 'm["list"]', having(FULL), 'a,b'],
    ['reads a missing key as the empty text', 'm["none"] + "."', having(FULL), '.'],
    ['gives way to `|` for a missing key', 'm["none"] | "else"', having(FULL), 'else'],
    ['keeps an empty value before `|`', 'm["e"] | "else"', having(FULL), ''],
    ['has no numbers', 'm["n"] | "else"', having(FULL), 'else'],
    ['has no maps', 'm["deep"] | "else"', having(FULL), 'else'],
    ['is absent where nobody gave it', 'm["s"] | "else"', {}, 'else'],
    ['is an error where nobody gave it', 'm["s"]', {}, null],
    ['is a value as a whole', 'm', having({ b: 'c', a: 'b' }), 'map[a:b b:c]'],
    ['is empty without entries', 'm', having({}), 'map[]'],
    ['is there without entries', '(m | request.headers)[":method"] + "."', having({}), '.'],
    ['has values that are all empty', 'm["b"] | "else"', having({ a: '', b: '' }), ''],
  ];
  for (const [what, expression, input, seen] of rows) {
    it(what, async () => {
      assert.deepEqual(await value(expression, input), seen);
    });
  }

  for (const [kind, wrong] of Object.entries({
    'a text': 'text',
    'an empty text': '',
    'a number': 7,
    'a truth value': true,
    'a list': ['a', 'b'],
    'a list of the empty text': [''],
    'a list of numbers': [1, 2],
  })) {
    it(`is an error where the property is ${kind}, whatever follows \`|\``, async () => {
      for (const language of ['CEXL', 'CEL']) {
        const expression = language === 'CEL' ? 'm.a == "a" || true' : 'm["a"] | "else"';
        assert.equal(
          await value(expression, having(wrong), { language }),
          language === 'CEL' || null,
        );
        assert.equal(await value('m["a"]', having(wrong), { language }), null);
      }
    });
  }

  it('says in the log that the property is no map', async () => {
    const attributes = { m: { type: 'STRING_MAP', property: PROPERTY } };
    const rule = { name: 'r', match: '(m["a"] | "") == "a"', actions: [{ handler: 'no' }] };
    const host = await serve({ attributes, handlers: [denier('no', 7, '')], rules: [rule] });
    assert.equal(host.request(having(['a'])).status, 500);
    assert.match(logText(host), /rule r: could not be evaluated: wrong type: m/);
    assert.equal(host.request(having({ a: 'a' })).status, 403);
    assert.equal(host.request({}).status, 200);
  });

  it('keeps in the log what it was at the check', async () => {
    const attributes = { m: { type: 'STRING_MAP', property: PROPERTY } };
    const document = probingDocument({ check: { m: 'm' }, log: { m: 'm' }, attributes });
    const host = await serve(document);
    host.request({ ...having(FULL), headers: [SHOW] });
    assert.deepEqual(seenLines(logText(host))[0]?.['m'], { s: 'x', e: '', list: 'a,b' });
  });

  it('is passed to instances', async () => {
    const attributes = { m: { type: 'STRING_MAP', property: PROPERTY } };
    const names = { name: 'names', adapter: 'list', params: { overrides: ['x'], blacklist: true } };
    const host = await serve({
      attributes,
      handlers: [names],
      instances: [{ name: 'own', template: 'listentry', params: { value: 'm["s"] | "none"' } }],
      rules: [{ name: 'r', actions: [{ handler: 'names', instances: ['own'] }] }],
    });
    assert.equal(host.request(having(FULL)).status, 403);
    assert.equal(host.request(having({ s: 'y' })).status, 200);
    assert.equal(host.request({}).status, 200);
  });
});

describe('a declared map in CEL', () => {
  const rows: [expression: string, seen: unknown][] = [
    ['m.s == "x"', true],
    ['m["deep"]["a"]["b"]', 'c'],
    ['m.deep.a.b == "c"', true],
    ['m.n + 1.0', 8],
    ['m.yes && m.n > 6', true],
    ['"b" in m.list', true],
    ['m.list.size()', 2],
    ['has(m.s) && !has(m.none)', true],
    ['m.none', null],
    ['"s" in m', true],
    ['m.size()', 6],
    ['m.exists(k, k == "yes")', true],
  ];
  for (const [expression, seen] of rows) {
    it(`has all that the struct has: ${expression}`, async () => {
      assert.deepEqual(await value(expression, having(FULL), { language: 'CEL' }), seen);
    });
  }

  it('is the same map of texts where a STRING_MAP is needed', async () => {
    const attributes = {
      m: { type: 'STRING_MAP', property: PROPERTY },
      again: { type: 'STRING_MAP', value: 'm', language: 'CEL' },
    };
    const check = { again: 'again', n: 'again["n"] | "else"' };
    const host = await serve(probingDocument({ check, attributes }));
    const { body } = host.request({ ...having(FULL), headers: [SHOW] });
    assert.deepEqual(JSON.parse(body), { again: 'map[e: list:a,b s:x]', n: 'else' });
  });

  it('may be made by an expression', async () => {
    const attributes = {
      m: { type: 'STRING_MAP', property: PROPERTY },
      made: { type: 'STRING_MAP', language: 'CEL', value: '{"a": m.s, "b": "y"}' },
      wrong: { type: 'STRING_MAP', language: 'CEL', value: '{"a": m.n}' },
    };
    const check = { made: 'made["a"] + made["b"] + made["c"]', wrong: 'wrong["a"] | "else"' };
    const host = await serve(probingDocument({ check, attributes }));
    const { body } = host.request({ ...having(FULL), headers: [SHOW] });
    assert.deepEqual(JSON.parse(body), { made: 'xy', wrong: 'else' });
  });

  it('is absent where nobody gave it', async () => {
    const attributes = { 'own.m': { type: 'STRING_MAP', property: PROPERTY } };
    const document = probingDocument({ check: { it: 'has(own.m)' }, attributes });
    const host = await serve({ ...document, language: 'CEL' });
    assert.equal(host.request({ headers: [SHOW] }).body, '{"it":false}');
    assert.equal(host.request({ ...having({}), headers: [SHOW] }).body, '{"it":true}');
    assert.equal(await value('has(m.s)', {}, { language: 'CEL' }), null);
  });
});

describe('a declared map comes from', () => {
  const deep = (owner: string): string[] => ['xds', `${owner}_metadata`, 'filter_metadata', 'ns'];
  const sources: [what: string, property: string[], properties: Record<string, unknown>][] = [
    [
      'a whole namespace',
      ['metadata', 'filter_metadata', 'ns'],
      { [METADATA]: { ns: { k: 'v' } } },
    ],
    ...['route', 'virtual_host', 'cluster', 'listener'].map(
      (owner): [string, string[], Record<string, unknown>] => [
        `metadata of the ${owner}`,
        deep(owner),
        { [`xds.${owner}_metadata.filter_metadata`]: { ns: { k: 'v' } } },
      ],
    ),
    ['filter state', ['filter_state', 'own.map'], { 'filter_state.own.map': { k: 'v' } }],
    [
      'filter state of a wasm filter',
      ['wasmMap'],
      { wasmMap: packValues([[Buffer.from('k'), Buffer.from('v')]]) },
    ],
  ];
  for (const [what, property, properties] of sources) {
    it(what, async () => {
      assert.equal(await value('m["k"] + m["other"]', { properties }, { property }), 'v');
      const inCel = { property, language: 'CEL' };
      assert.equal(await value('m.k == "v" && !has(m.other)', { properties }, inCel), true);
    });
  }

  it('the node, read when the document is loaded', async () => {
    const property = ['xds', 'node', 'metadata', 'OWN'];
    const attributes = {
      m: { type: 'STRING_MAP', property },
      list: { type: 'STRING_MAP', property: [...property, 'list'] },
      deep: { type: 'STRING', language: 'CEL', value: 'm.deep.a.b' },
    };
    const check = {
      text: 'm["s"]',
      none: 'm["none"] | "else"',
      list: 'list["a"] | "else"',
      deep: 'deep',
    };
    const host = await serve(probingDocument({ check, attributes }), {
      node: { metadata: { OWN: FULL } },
    });
    const { body } = host.request({ headers: [SHOW] });
    assert.deepEqual(JSON.parse(body), { text: 'x', none: 'else', list: null, deep: 'c' });
  });

  it('no filter state that is a text', async () => {
    const input = { properties: { 'filter_state.own.map': '{"k":"v"}' } };
    const property = ['filter_state', 'own.map'];
    assert.equal(await value('m["k"] | "else"', input, { property }), null);
  });
});
