// The runner itself: nothing counts as passed that was not compared.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { extractEqualities } from './extract.ts';
import { reportOf, totalsOf, type CaseOutcome } from './result.ts';
import { runFolder } from './tables.ts';

const folder = mkdtempSync(join(tmpdir(), 'mixer-conformance-'));
after(() => rmSync(folder, { recursive: true }));

async function run(content: unknown): Promise<readonly CaseOutcome[]> {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(join(folder, 'table.json'), text);
  return runFolder(folder);
}

function expressions(row: object): { manifests: object; cases: object[] } {
  const common = { id: 'one', suite: 'eval', expr: '1', type: 'INT64', attributes: {}, bag: {} };
  return { manifests: {}, cases: [{ ...common, ...row }] };
}

describe('the conformance runner', () => {
  it('passes a case that is as the table says', async () => {
    const outcomes = await run(expressions({ result: { type: 'INT64', value: 1 } }));
    assert.deepEqual(totalsOf(outcomes), { passed: 1, failed: 0, skipped: 0 });
  });

  it('shows what was expected and what came', async () => {
    const outcomes = await run(expressions({ result: { type: 'INT64', value: 2 } }));
    assert.deepEqual(reportOf(outcomes), [
      'eval: 0 of 1',
      '  one  1',
      '    expected INT64 2',
      '    actual   INT64 1',
      '0 passed, 1 failed, 0 skipped',
    ]);
  });

  it('names what it does not run, with the reason, and counts it apart', async () => {
    const outcomes = await run({
      suites: [{ id: 'a', adapter: 'dogquota', steps: [{ amount: 1 }] }],
    });
    assert.deepEqual(reportOf(outcomes), [
      'a: not run: this runner drives memquota and redisquota, not dogquota (1 skipped)',
      '0 passed, 0 failed, 1 skipped',
    ]);
  });

  const refused: readonly (readonly [name: string, content: unknown])[] = [
    ['a suite of expressions that it does not know', expressions({ suite: 'tomorrow' })],
    ['a field of a case that it does not know', expressions({ result_hash: 'x' })],
    ['a suite of quotas that it does not recognise', { suites: [{ id: 'what', steps: [] }] }],
    [
      'a field of a quota step that it does not know',
      { suites: [{ id: 'w', limit: 1, ticks_in_window: 1, steps: [{ expect_colour: 'red' }] }] },
    ],
    [
      'a field of the configuration of quotas that it does not know',
      { suites: [{ id: 'w', config: { quotas: [], colour: 1 }, steps: [{ expect_amount: 0 }] }] },
    ],
    [
      'a field of an override that it does not know',
      {
        suites: [
          {
            id: 'w',
            config: { quotas: [{ name: 'q', max_amount: 1, overrides: [{ limit: 2 }] }] },
            steps: [{ amount: 1, expect_amount: 1 }],
          },
        ],
      },
    ],
    [
      'a suite of quotas that compares nothing',
      { suites: [{ id: 'w', config: { max_amount: 1 }, steps: [{ amount: 1 }] }] },
    ],
    [
      'a field of a list case that it does not know',
      { lookup_suites: [{ id: 'w', entry_type: 'STRINGS', cases: [{ value: 'a', colour: 1 }] }] },
    ],
    ['a kind of list table that it does not know', { lookup_suites: [], colours: [] }],
    [
      'a value of a type that there is not',
      expressions({ attributes: { a: 'STRING' }, bag: { a: { type: 'COLOUR' } } }),
    ],
    ['a sample with a field that a suite has not', { 'a/tests.textpb': { test: [], colour: 1 } }],
    ['a file that is no JSON', '{'],
  ];
  for (const [name, content] of refused) {
    it(`fails for ${name}`, async () => {
      const { passed, failed } = totalsOf(await run(content));
      assert.deepEqual({ passed, failed }, { passed: 0, failed: 1 });
    });
  }

  it('goes on after a case that breaks off', async () => {
    const bad = expressions({ attributes: { a: 'STRING' }, bag: { a: { type: 'COLOUR' } } });
    const good = expressions({ result: { type: 'INT64', value: 1 } });
    const cases = [...bad.cases, ...good.cases];
    const { passed, failed } = totalsOf(await run({ ...bad, cases }));
    assert.deepEqual({ passed, failed }, { passed: 1, failed: 1 });
  });

  it('takes a list without a provider, whether it is left out or null', async () => {
    const suite = { id: 'a', entry_type: 'STRINGS', overrides: ['a'], provider_body: null };
    const cases = [{ value: 'a', status_by_code: 'OK' }];
    const outcomes = await run({ lookup_suites: [{ ...suite, cases }] });
    assert.deepEqual(totalsOf(outcomes), { passed: 1, failed: 0, skipped: 0 });
  });

  it('leaves out what stands beside samples and holds no tests', async () => {
    const sample = { test: [{ name: 'nothing', request_headers: {} }] };
    const outcomes = await run({
      'log_query/tests.textpb': sample,
      'log_query/tests_config.textpb': { key: 'x' },
    });
    assert.deepEqual(totalsOf(outcomes), { passed: 1, failed: 0, skipped: 0 });
  });

  it('fails for a folder that is not there', async () => {
    assert.equal(totalsOf(await runFolder(join(folder, 'none'))).failed, 1);
  });
});

describe('equalities of a condition', () => {
  it('are taken from conjuncts only, either side first', () => {
    const tree = 'LAND(EQ($a, "x, (y)"), LAND(EQ(2, $b.c), LOR(EQ($d, 1), EQ($e, 1))))';
    assert.deepEqual(extractEqualities(tree), [
      ['a', 'x, (y)'],
      ['b.c', '2'],
    ]);
  });

  it('are none where both sides are attributes', () => {
    assert.deepEqual(extractEqualities('EQ($a, $b)'), []);
  });
});
