// What a declaration of an attribute can get wrong, and what naming an attribute can.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { logText, serve } from '../rules/serve.ts';
import { probingDocument } from './support/probing.ts';

const SHOW: [string, string] = ['x-show', 'check'];

async function refusal(attributes: object, rule: object = {}): Promise<string> {
  const rules = [{ name: 'r', ...rule }];
  try {
    await serve({ attributes, rules });
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
}

describe('a declaration is refused', () => {
  const text = { type: 'STRING' };
  const rows: [what: string, attributes: object, message: RegExp][] = [
    ['without a source', { a: text }, /E0413 attribute `a` needs one source/],
    ['with two sources', { a: { ...text, cookie: 'a', value: '"x"' } }, /E0413/],
    ['without a type', { a: { cookie: 'a' } }, /E0202 field `type` is missing/],
    ['with an unknown type', { a: { type: 'TEXT', cookie: 'a' } }, /E0207 unknown value `TEXT`/],
    [
      'with the type of a map under another name',
      { a: { type: 'MAP', property: ['a'] } },
      /E0207 unknown value `MAP`\n(.*\n)*.*did you mean `STRING_MAP`/,
    ],
    ['with an unknown field', { a: { ...text, header: 'a' } }, /E0201 unknown field `header`/],
    ['under a bad name', { 'a..b': { ...text, cookie: 'a' } }, /E0209 `a\.\.b` cannot be a name/],
    ['under a name of the vocabulary', { 'source.ip': { ...text, cookie: 'a' } }, /E0410/],
    [
      'as an override of another type',
      { 'source.ip': { ...text, cookie: 'a', override: true } },
      /E0412.*\n.*\n(.*\n)*.*its own type, IP_ADDRESS/,
    ],
    [
      'with a property of another type',
      { a: { ...text, property: ['response', 'code'] } },
      /E0423 attribute of type STRING.*\n(.*\n)*.*INT64 or DOUBLE/,
    ],
    ['with a header as a map', { a: { type: 'STRING_MAP', requestHeader: 'a' } }, /E0423/],
    [
      'with an unknown property',
      { a: { ...text, property: ['connection', 'tls_versio'] } },
      /E0424 no property of Envoy is `connection\.tls_versio`\n(.*\n)*.*did you mean `connection\.tls_version`/,
    ],
    ['with a whole object', { a: { ...text, property: ['request'] } }, /E0424/],
    ['with an empty path', { a: { ...text, property: [] } }, /E0203/],
    ['with a bad header name', { a: { ...text, requestHeader: 'a b' } }, /E0213/],
    ['with an empty cookie name', { a: { ...text, cookie: '' } }, /E0203/],
    ['with an expression of another type', { a: { type: 'INT64', value: '"x"' } }, /E0303/],
    [
      'in a cycle',
      { a: { ...text, value: 'b' }, b: { ...text, value: 'a' } },
      /E0411 attributes need each other/,
    ],
    ['when it needs itself', { a: { ...text, value: 'a' } }, /E0411/],
  ];
  for (const [what, attributes, message] of rows) {
    it(what, async () => {
      assert.match(await refusal(attributes), message);
    });
  }
});

describe('an attribute where it cannot be read', () => {
  const operation = { requestHeaderOperations: [{ name: 'x-a', values: ['a'] }] };
  const rows: [what: string, declaration: object, phases: string][] = [
    ['a response header', { type: 'STRING', responseHeader: 'a' }, 'response headers, log'],
    ['a trailer', { type: 'STRING', property: ['response', 'trailers', 'a'] }, 'log'],
    [
      'the upstream host',
      { type: 'STRING', property: ['upstream', 'address'] },
      'response headers, log',
    ],
    [
      'an expression with one of them',
      { type: 'STRING', value: 'response.headers["a"]' },
      'response headers, log',
    ],
  ];
  for (const [what, declaration, phases] of rows) {
    it(`is an error that names the phases: ${what}`, async () => {
      const message = await refusal({ a: declaration }, operation);
      assert.match(message, /E0313 `a` cannot be read here/);
      assert.match(message, new RegExp(`this one can in ${phases.replace(', ', '.*')}`));
    });
  }
});

describe('an attribute of Mixer’s that Envoy cannot give', () => {
  it('is accepted with a warning that says why, and what to use instead', async () => {
    const host = await serve(probingDocument({ check: { a: 'origin.user | "none"' } }));
    assert.match(logText(host), /W0905 nothing gives `origin\.user`: Mixer never gave it/);
    assert.match(logText(host), /expected `source\.principal`/);
    assert.equal(host.request({ headers: [SHOW] }).body, '{"a":"none"}');
  });
});
