// A file that is JSON by name is told where it is none: Envoy's configuration has it as it is, and so has the filter.

import assert from 'node:assert/strict';
import { it } from 'node:test';

import { DocumentFile } from '../../tools/document/document.ts';

const placesIn = (name: string, text: string): number[] =>
  new DocumentFile(name, text).problems.map(({ start }) => start);

for (const [title, text, at] of [
  ['a comma before the end', '{"rules":[],}', 12],
  ['a comment', '{"rules":[]} # c', 13],
  ['text without quotes', '{"version": v1}', 12],
  ['an end too early', '{"rules":[', 10],
] as const)
  it(`${title} is refused in JSON`, () => {
    const [first] = placesIn('policy.json', text);
    assert.ok(first !== undefined && Math.abs(first - at) <= 1, String(first));
  });

it('the same is taken in YAML, and JSON in both', () => {
  assert.deepEqual(placesIn('policy.yaml', '{"rules":[],} # c'), []);
  for (const name of ['policy.json', 'policy.yaml'])
    for (const text of ['{"rules":[]}\n', '', '\ufeff{}'])
      assert.deepEqual(placesIn(name, text), []);
});
