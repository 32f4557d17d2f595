// All cases of the project, and how a test of node:test runs one: every file is checked, every case of every host is
// one test, and what came of it is kept for the table at the end.

import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import pc from 'picocolors';
import { ROOT } from '../../tools/build/root.ts';
import { staleTarget, staleText } from '../../tools/build/stale.ts';
import { OWN } from '../../tools/build/workspace.ts';
import type { CaseHost } from '../../tools/cases/host.ts';
import { findCases, readCases, runsOn, type LoadedCase } from '../../tools/cases/read.ts';
import { runOne } from '../../tools/cases/run.ts';
import type { HostName } from '../../tools/cases/types.ts';
import { failureText, problemsText, titleOf } from '../../tools/cli/cases/report.ts';
import { resultsPath, type Cell } from '../../tools/cli/cases/matrix.ts';

const PLAIN = pc.createColors(false);
const FOLDERS = ['adapters', 'test/cases'];

export const WASM = join(ROOT, 'dist/mixer.wasm');

/** Every case; a file that is wrong, and a filter older than its sources, fail the whole run with what is wrong. */
export function allCases(): LoadedCase[] {
  const stale = staleTarget(OWN, WASM);
  if (stale) assert.fail(staleText([stale], 'npx mixer build --only mixer'));
  const files = FOLDERS.flatMap((folder) => findCases(join(ROOT, folder))).map(readCases);
  const wrong = files.map((file) => problemsText(file, PLAIN)).join('');
  assert.equal(wrong, '');
  return files.flatMap(({ cases }) => cases);
}

/** One test for each case that the host can take. Hosts are made when needed and shared by the cases of a lane. */
export function testCases(host: HostName, makeHost: () => CaseHost, lanes: number): void {
  const cells = new Map<string, Cell>();
  const idle: CaseHost[] = [];
  rmSync(resultsPath(host), { force: true });
  describe(host, { concurrency: lanes }, () => {
    for (const each of allCases().filter((one) => runsOn(one, host)))
      it(titleOf(each), async () => {
        const runner = idle.pop() ?? makeHost();
        const result = await runOne(each, runner).finally(() => idle.push(runner));
        const isRight = result.outcome.differences.length === 0;
        cells.set(titleOf(each), isRight ? 'passed' : 'failed');
        assert.ok(isRight, failureText(result, PLAIN));
      });
    after(async () => {
      for (const runner of idle) await runner.close();
      mkdirSync(dirname(resultsPath(host)), { recursive: true });
      writeFileSync(resultsPath(host), JSON.stringify(Object.fromEntries(cells)));
    });
  });
}
