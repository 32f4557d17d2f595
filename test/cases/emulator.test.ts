// Every case on the emulator. An author runs them after each change, so all of them together have a budget: processor
// time, because a machine that others use as well says nothing by its clock. Who shares the processor's core slows that
// down too, up to twice; how much is told by a piece of work that is always the same, done behind every case.

import assert from 'node:assert/strict';
import { after } from 'node:test';
import { Emulator } from '../../tools/cases/emulator.ts';
import type { Outcome } from '../../tools/cases/host.ts';
import type { LoadedCase } from '../../tools/cases/read.ts';
import { testCases, WASM } from './all.ts';

const PROCESSOR_SECONDS_MAX = 20;
const WORK_STEPS = 200_000;

const paces: number[] = [];

class PacedEmulator extends Emulator {
  override async run(each: LoadedCase): Promise<Outcome> {
    const outcome = await super.run(each);
    paces.push(secondsOfWork());
    return outcome;
  }
}

testCases('emulator', () => new PacedEmulator(WASM), 1);

after(() => {
  const { user, system } = process.cpuUsage();
  const seconds = (user + system) / 1e6;
  const slowdown = mean(paces) / lowTenth(paces);
  assert.ok(
    seconds / slowdown < PROCESSOR_SECONDS_MAX,
    `all cases took ${seconds.toFixed(1)} s of processor time, ${slowdown.toFixed(2)} times as slow as it can be`,
  );
});

function secondsOfWork(): number {
  const start = process.hrtime.bigint();
  let state = 1;
  for (let step = 0; step < WORK_STEPS; step++) state = Math.imul(state ^ step, 0x9e3779b1) | 1;
  assert.notEqual(state, 0);
  return Number(process.hrtime.bigint() - start) / 1e9;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** What a tenth of the values stay below. */
function lowTenth(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 10)] ?? NaN;
}
