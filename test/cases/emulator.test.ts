// Every case on the emulator. An author runs them after each change, so all of them together have a budget: processor
// time, because a machine that others use as well says nothing by its clock.

import assert from 'node:assert/strict';
import { after } from 'node:test';
import { Emulator } from '../../tools/cases/emulator.ts';
import { testCases, WASM } from './all.ts';

const PROCESSOR_SECONDS_MAX = 20;

testCases('emulator', () => new Emulator(WASM), 1);

after(() => {
  const { user, system } = process.cpuUsage();
  const seconds = (user + system) / 1e6;
  assert.ok(
    seconds < PROCESSOR_SECONDS_MAX,
    `all cases took ${seconds.toFixed(1)} s of processor time`,
  );
});
