// Which documents need CEL, so that `mixer build --for` links it only for those.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { usesCel } from '../../tools/build/document-adapters.ts';
import { describeDocument, type Diagnostic } from '../../tools/render/describe.ts';
import { compileProbe } from '../support/compile-probe.ts';

describe('a build for one document', () => {
  for (const [title, document] of [
    ['whose language it is', 'language: CEL\nrules: []'],
    ['with a rule in it', 'rules: [{ name: a, language: CEL, match: "true" }]'],
    [
      'with one expression in it',
      'rules: [{ name: a, match: { language: CEL, expression: "true" } }]',
    ],
    ['with an attribute in it', 'attributes: { a: { type: BOOL, language: CEL, value: "true" } }'],
  ] as const) {
    it(`links CEL for a document ${title}`, () => {
      assert.equal(usesCel(document), true);
    });
  }

  it('leaves CEL out where nothing is in it', () => {
    assert.equal(usesCel('language: CEXL\nrules: [{ name: CEL, match: "true" }]'), false);
    assert.equal(usesCel('{}'), false);
  });
});

/** With assertions; it runs too little to be worth an optimizer's time. */
const AS_WRITTEN: readonly string[] = ['--target', 'debug', '--optimizeLevel', '0'];

describe('a module without CEL', () => {
  const handlers = [{ name: 'no', adapter: 'denier' }];
  const actions = [{ handler: 'no' }];

  async function diagnosticsOf(document: object): Promise<readonly Diagnostic[]> {
    const wasm = await compileProbe('test/build/fixtures/without-cel.ts', AS_WRITTEN);
    return (await describeDocument(JSON.stringify({ handlers, ...document }), wasm)).diagnostics;
  }

  for (const [title, document, pointer] of [
    [
      'a document in CEL',
      { language: 'CEL', rules: [{ name: 'r', match: 'true', actions }] },
      '/rules/0/match',
    ],
    [
      'one expression in it',
      { rules: [{ name: 'r', match: { language: 'CEL', expression: 'true' }, actions }] },
      '/rules/0/match/expression',
    ],
    [
      'an attribute in it',
      { attributes: { a: { type: 'BOOL', language: 'CEL', value: 'true' } } },
      '/attributes/a/value',
    ],
  ] as const) {
    it(`refuses ${title} at its place, and says what is needed (E0325)`, async () => {
      const [only, ...rest] = await diagnosticsOf(document);
      assert.deepEqual(rest, []);
      assert.equal(only?.code, 'E0325');
      assert.equal(only.pointer, pointer);
      assert.match(only.expected, /a module with CEL: `mixer build` links it/);
    });
  }

  it('takes documents without it', async () => {
    const rules = [{ name: 'r', match: 'request.path == "/"', actions }];
    assert.deepEqual(await diagnosticsOf({ language: 'CEXL', rules }), []);
  });
});
