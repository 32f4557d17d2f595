import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { readBody } from '../../tools/build/branches.ts';
import { readHints } from '../../tools/build/hints.ts';
import { readBodies, readFunctions, readSections } from '../../tools/build/wasm.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Numbers of one byte in front, then what requests run. */
const FIRST_COUNT = 256;
/** What every request with a rule and a report runs. */
const EVERYDAY = [
  'proxy_on_request_headers',
  'proxy_on_log',
  'proxy_on_delete',
  'onRequestHeaders',
  'Bag#begin',
  'HeaderTable#walk',
  'matchRules',
  'evaluate',
  'Reporter#run',
];

test('what every request runs stands side by side in a release module', () => {
  const names = readFunctions(readSections(readFileSync(join(ROOT, 'dist/mixer.wasm')))).map(
    ({ name }) => name,
  );
  for (const name of EVERYDAY) {
    const at = names.indexOf(name);
    assert.ok(at >= 0 && at < FIRST_COUNT, `${name} is function ${at} of ${names.length}`);
  }
});

test('the order of functions names the functions that there are', () => {
  const text = readFileSync(join(ROOT, 'build/hotpath.wat'), 'utf8');
  const known = new Set(Array.from(text.matchAll(/\(func \$(\S+)/g), ([, name]) => name));
  const order = readFileSync(join(ROOT, 'tools/build/order.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const gone = order.filter((name) => !known.has(name));
  assert.ok(gone.length * 10 < order.length, `run \`npm run order\`: gone are ${gone.join(', ')}`);
});

test('the hints tell of the functions that there are, each with as many branches as it has', () => {
  const module = readFileSync(join(ROOT, 'build/named/mixer.wasm'));
  const bodies = readBodies(module);
  const counts = new Map(
    readFunctions(readSections(module)).map(({ name }, at) => [
      name,
      readBody(bodies[at]!).branches.length,
    ]),
  );
  const hints = [...readHints()];
  const stale = hints.filter(([name, line]) => counts.get(name) !== line.length);
  const names = stale.map(([name]) => name).join(', ');
  assert.ok(stale.length * 10 < hints.length, `run \`npm run order\`: stale are ${names}`);
});
