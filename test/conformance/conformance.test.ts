import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readExpressionTable, runExpressionCase } from './expression-cases.ts';
import { Probe } from './probe-module.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const probe = Probe.load();

for (const file of readdirSync(FOLDER).filter((name) => name.startsWith('expressions'))) {
  const table = readExpressionTable(`${FOLDER}/${file}`);
  describe(file, () => {
    for (const row of table.cases) {
      it(`evaluates ${row.id} as Mixer does: ${row.expr}`, () => {
        const deviation = runExpressionCase(probe, table, row);
        assert.equal(deviation && `expected ${deviation.expected}, was ${deviation.actual}`, null);
      });
    }
  });
}
