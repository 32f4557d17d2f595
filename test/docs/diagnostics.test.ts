import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ROOT } from '../../tools/build/root.ts';
import { readExamples } from '../../tools/docs/tables/examples.ts';
import { SharedTables } from '../../tools/docs/tables/rows.ts';
import { describe as ask } from '../../tools/host/describe.ts';

const WASM = join(ROOT, 'dist/mixer.wasm');
const entries = new SharedTables(ROOT).diagnostics();
const examples = readExamples(join(ROOT, 'tools/docs/prose/diagnostic-examples.yaml'));

async function codes(json: string): Promise<string[]> {
  const { diagnostics } = await ask(WASM, json, { pluginName: 'mixer' });
  return diagnostics.map(({ code }) => code);
}

describe('the examples of diagnostics', () => {
  it('are there for each code, or say why not', () => {
    const missing = entries.filter(({ number }) => !examples.has(number));
    assert.deepEqual(
      missing.map(({ code }) => `${code}: add it to tools/docs/prose/diagnostic-examples.yaml`),
      [],
    );
    const known = new Set(entries.map(({ number }) => number));
    assert.deepEqual(
      [...examples.keys()].filter((number) => !known.has(number)),
      [],
    );
  });

  for (const { number } of entries) {
    const example = examples.get(number);
    if (example?.wrong === undefined) continue;
    const { code, isPending, jsonOf } = example;
    const gives = isPending ? 'does not give it yet' : 'gives it';
    it(`${code}: the wrong one ${gives}, the right one gives no error`, async () => {
      assert.equal((await codes(jsonOf('wrong'))).includes(code), !isPending);
      const right = await codes(jsonOf('right'));
      assert.deepEqual(
        right.filter((found) => found === code || found.startsWith('E')),
        [],
      );
    });
  }
});
