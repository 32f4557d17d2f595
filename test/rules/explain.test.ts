// Explanations of decisions, at their bounds; and who may be allowed to see them.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { ATTRIBUTE_ROWS } from '../../assembly/shared/attributes.ts';
import {
  ACTION_ROLLOUT_COUNT_MAX,
  EXPLANATION_SIZE_MAX_BYTES,
} from '../../assembly/shared/limits.ts';
import { PROPERTY_ROWS } from '../../assembly/shared/properties.ts';
import { TRUSTED_ATTRIBUTES, TRUSTED_PROPERTIES } from '../../assembly/shared/trusted.ts';
import { describe as ask } from '../../tools/host/describe.ts';
import { denier, get, serve } from './serve.ts';

const WASM = 'dist/mixer.wasm';
const DEBUG = { allowFrom: 'connection.mtls == false' };
const HEADER = 'x-mixer-explain';

/** A dictionary of Structured Fields, as far as explanations use it. */
const STRING = String.raw`"(?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"`;
const PARAMETERS = String.raw`(?:;[a-z]+(?:=(?:\?0|[a-z]+|${STRING}))?)*`;
const LIST = String.raw`\((?:${STRING}${PARAMETERS}(?: ${STRING}${PARAMETERS})*)?\)`;
const MEMBER = String.raw`[a-z]+(?:=(?:[a-z]+|${STRING}|${LIST}))?`;
const DICTIONARY = new RegExp(`^${MEMBER}(?:, ${MEMBER})*$`);

async function explained(document: object, path = '/', headers = {}): Promise<string> {
  const host = await serve({ debug: DEBUG, ...document });
  const answer = host.request(get(path, headers));
  const found = answer.headers.filter(([name]) => name === HEADER);
  assert.equal(found.length, 1);
  return found[0]?.[1] ?? '';
}

async function codesFor(expression: string, attributes = {}): Promise<string[]> {
  const document = { attributes, debug: { allowFrom: expression } };
  const { diagnostics } = await ask(WASM, JSON.stringify(document), { pluginName: 'mixer' });
  return diagnostics.map(({ code }) => code);
}

describe('an explanation', () => {
  it('stays within its bound with as many sides as a rule can have, and says that it is cut', async () => {
    const rollout = { percent: 0, by: 'request.path' };
    const actions = Array.from({ length: ACTION_ROLLOUT_COUNT_MAX }, (_, at) => ({
      name: `${at}-`.padEnd(63, 'a'),
      handler: 'closed',
      rollout,
    }));
    const rules = [{ name: 'r', actions }];
    const text = await explained({ handlers: [denier('closed', 7)], rules });
    assert.match(text, /sides="0-a+=shadow 1-a+=shadow /);
    assert.match(text, /, cut$/);
    assert.match(text, DICTIONARY);
    assert.ok(text.length <= EXPLANATION_SIZE_MAX_BYTES, `${text.length} bytes`);
  });

  it('stays within its bound and well-formed, and says that it is cut, with many rules', async () => {
    const rules = Array.from({ length: 500 }, (_, index) => ({
      name: `rule-${index}`,
      match: `request.headers["x-${index}"] == "${'"'.padStart(2, '\\').repeat(50)}"`,
      actions: [{ handler: 'closed' }],
    }));
    const text = await explained({ handlers: [denier('closed', 7)], rules });
    assert.match(text, /, cut$/);
    assert.match(text, DICTIONARY);
    assert.match(text, /read=\("request\.headers/, 'values have their place as well');
    assert.ok(text.length <= EXPLANATION_SIZE_MAX_BYTES, `${text.length} bytes`);
    assert.ok(text.length > EXPLANATION_SIZE_MAX_BYTES / 2);
  });

  it('is well-formed printable ASCII whatever a client sends', async () => {
    for (const value of ['"', '\\', '\x01\x7f\x80\xff', '"'.repeat(500), 'é'.repeat(300)]) {
      const rules = [
        {
          name: 'r',
          match: 'request.headers["x-a"] == "never"',
          actions: [{ handler: 'closed' }],
        },
      ];
      const document = { handlers: [denier('closed', 7)], rules };
      const text = await explained(document, '/', { 'x-a': value });
      assert.match(text, DICTIONARY);
      assert.ok(text.length < 700, 'a value is cut');
    }
  });

  it('of a denial stays within the bound too', async () => {
    const values = Array.from({ length: 60 }, (_, index) => `request.headers["x-${index}"]`);
    const rules = [
      {
        name: 'r',
        match: values.map((each) => `${each} == "${'v'.repeat(90)}"`).join(' && '),
        actions: [{ handler: 'closed' }],
      },
    ];
    const headers = Object.fromEntries(values.map((_, index) => [`x-${index}`, 'v'.repeat(90)]));
    const document = { handlers: [denier('closed', 7, 'm'.repeat(3000))], rules };
    const text = await explained(document, '/', headers);
    assert.match(text, /^verdict=denied, .*, cut$/);
    assert.match(text, DICTIONARY);
    assert.ok(text.length <= EXPLANATION_SIZE_MAX_BYTES, `${text.length} bytes`);
  });
});

describe('a condition in CEL', () => {
  const a = "request.headers['x-a'] == '1'";
  const b = "request.headers['x-b'] == '1'";
  const c = "(request.headers['x-c'] + 'c').size() == 2";
  const rows: [condition: string, headers: object, outcome: string, decided: string][] = [
    [`${a} && ${b}`, { 'x-a': '1', 'x-b': '2' }, 'skipped', b],
    [`${a} && ${b}`, { 'x-a': '2', 'x-b': '1' }, 'skipped', a],
    [`${a} && ${b}`, { 'x-a': '1', 'x-b': '1' }, 'denied', b],
    [`${a} || ${b}`, { 'x-a': '2', 'x-b': '1' }, 'denied', b],
    [`${a} || ${b}`, { 'x-a': '2', 'x-b': '2' }, 'skipped', b],
    [`(${a} || ${b}) && ${c}`, { 'x-a': '2', 'x-b': '1', 'x-c': '' }, 'skipped', c],
    [`(${a} || ${b}) && ${c}`, { 'x-a': '1', 'x-c': '1' }, 'denied', c],
    [`${a} && ((${b}))`, { 'x-a': '1', 'x-b': '1' }, 'denied', b],
    // What fails is hidden by what decides without it, on either side.
    [`${a} || ${b}`, { 'x-b': '1' }, 'denied', b],
    [`${b} || ${a}`, { 'x-b': '1' }, 'denied', b],
    [`${a} && ${b}`, { 'x-b': '2' }, 'skipped', b],
    // Where nothing decides, the first that failed does.
    [`${a} && ${b}`, { 'x-b': '1' }, 'failed', a],
    [`${b} || ${a} || ${c}`, { 'x-b': '2' }, 'failed', a],
    // Macros and choices are one comparison.
    [`['1'].exists(x, x == request.headers['x-a'] || x == 'b')`, { 'x-a': '1' }, 'denied', ''],
    [`${a} ? ${b} && true : false`, { 'x-a': '1', 'x-b': '2' }, 'skipped', ''],
    [`!(${a} || ${b})`, { 'x-a': '2', 'x-b': '1' }, 'skipped', ''],
  ];
  for (const [condition, headers, outcome, decided] of rows) {
    it(`is explained by the comparison that decided: ${condition}, ${JSON.stringify(headers)}`, async () => {
      const rule = { name: 'r', match: condition, actions: [{ handler: 'closed' }] };
      const document = { language: 'CEL', handlers: [denier('closed', 7)], rules: [rule] };
      const text = await explained(document, '/', headers);
      assert.match(text, DICTIONARY);
      assert.ok(text.includes(`"${decided || condition}"`), text);
      const verdict = {
        skipped: /^verdict=allowed/,
        denied: /^verdict=denied/,
        failed: /^verdict=failed|^verdict=denied/,
      };
      assert.match(text, verdict[outcome as keyof typeof verdict]);
    });
  }
});

describe('allowFrom', () => {
  it('takes each attribute that no client chooses, and refuses every other', async () => {
    const names = ATTRIBUTE_ROWS.map((row) => row.split('|')).filter(
      ([, , phases, source]) =>
        'qam'.includes(phases ?? '') && source?.startsWith('none') === false,
    );
    for (const [name = '', type = ''] of names) {
      if (type === 'DURATION') continue;
      const isNode = /\|(node|inbound|outbound):/.test(
        ATTRIBUTE_ROWS.find((row) => row.startsWith(`${name}|`)) ?? '',
      );
      const expression = type === 'STRING_MAP' ? `${name}["a"] == "b"` : `${name} == ${name}`;
      const codes = await codesFor(expression);
      const isRefused = codes.some((code) => code.includes('430'));
      assert.equal(
        isRefused,
        !TRUSTED_ATTRIBUTES.includes(name) && !isNode,
        `${name} ${codes.join()}`,
      );
    }
  });

  it('takes nothing under a trusted name that the document gave another source', async () => {
    const forged = { type: 'STRING', requestHeader: 'x-who', override: true };
    const codes = await codesFor('source.principal == "a"', { 'source.principal': forged });
    assert.match(codes.join(), /430/);
  });

  it('looks through declared attributes', async () => {
    const plain = { type: 'STRING', value: 'request.headers["x-who"]' };
    assert.match((await codesFor('who == "a"', { who: plain })).join(), /430/);
    const peer = { type: 'STRING', value: 'source.principal' };
    assert.doesNotMatch((await codesFor('who == "a"', { who: peer })).join(), /430/);
    const cookie = { type: 'STRING', cookie: 'who' };
    assert.match((await codesFor('who == "a"', { who: cookie })).join(), /430/);
  });

  it('names only attributes and properties that exist', () => {
    const names = ATTRIBUTE_ROWS.map((row) => row.split('|')[0]);
    assert.deepEqual(
      TRUSTED_ATTRIBUTES.filter((name) => !names.includes(name)),
      [],
    );
    const paths = PROPERTY_ROWS.map((row) => row.split('|')[0] ?? '');
    for (const path of TRUSTED_PROPERTIES) {
      const root = path.split('/').slice(0, 2).join('/');
      assert.ok(
        paths.some((each) => each.startsWith(root) || each.startsWith(`${path.split('/')[0]}/*`)),
        path,
      );
    }
  });
});
