// Which documents need CEL, so that `mixer build --for` links it only for those.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { usesCel } from '../../tools/build/document-adapters.ts';

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
