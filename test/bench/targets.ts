// The numbers to hold, one table. Ratios of one run, so that they mean the same on every machine.

import type { Row } from './summary.ts';
import { BASELINE } from './variants.ts';

/** What one run measured. */
export interface Results {
  readonly rows: readonly Row[];
  /** Growth over the memory run after its first quarter, in bytes; null: not run. */
  readonly memoryGrowthBytes: number | null;
  /** What the search for managed allocations behind per-request exports found; null: not run. */
  readonly allocationCount: number | null;
}

export interface Target {
  readonly name: string;
  readonly about: string;
  readonly unit: string;
  /** More than this is a miss. */
  readonly most: number;
  /** What we want to come to; null: `most`. */
  readonly goal: number | null;
  /** Null where the run did not measure it. */
  readonly measure: (results: Results) => number | null;
}

export interface Verdict {
  readonly target: Target;
  readonly value: number | null;
  readonly isMissed: boolean;
}

const MEGABYTE = 1_000_000;
const KILOBYTE = 1_000;

export const TARGETS: readonly Target[] = [
  {
    name: 'w1',
    about: 'check and report of W1 as a document, against the hand-written filter',
    unit: '×',
    most: 1.25,
    goal: 1.1,
    measure: ({ rows }) => ratio(rows, 'w1', 'by-hand'),
  },
  {
    name: 'rules',
    about: '1,000 rules of which one matches, against 10',
    unit: '×',
    most: 3,
    goal: null,
    measure: ({ rows }) => ratio(rows, 'rules-1000', 'rules-10'),
  },
  {
    name: 'policies',
    about: '1,000 policies of rbac of which one matches, against 10',
    unit: '×',
    most: 3,
    goal: null,
    measure: ({ rows }) => ratio(rows, 'policies-1000', 'policies-10'),
  },
  {
    name: 'allocations',
    about: 'paths from a per-request export to a managed allocation',
    unit: '',
    most: 0,
    goal: null,
    measure: ({ allocationCount }) => allocationCount,
  },
  {
    name: 'memory',
    about: 'growth of resident memory over the last three quarters of a million requests',
    unit: 'MB',
    most: 1,
    goal: null,
    measure: ({ memoryGrowthBytes }) =>
      memoryGrowthBytes === null ? null : memoryGrowthBytes / MEGABYTE,
  },
  {
    name: 'resident-one',
    about: 'resident memory over a bare Envoy, one adapter, idle',
    unit: 'MB',
    most: 20,
    goal: null,
    measure: ({ rows }) => residentOver(rows, 'one-adapter'),
  },
  {
    name: 'resident-all',
    about: 'resident memory over a bare Envoy, all adapters, idle',
    unit: 'MB',
    most: 40,
    goal: null,
    measure: ({ rows }) => residentOver(rows, 'w1'),
  },
  {
    name: 'ready-one',
    about: 'CPU to ready over a bare Envoy for each kB of code, one adapter',
    unit: 'ms/kB',
    most: 1,
    goal: null,
    measure: ({ rows }) => readyPerKilobyte(rows, 'one-adapter'),
  },
  {
    name: 'ready-all',
    about: 'CPU to ready over a bare Envoy for each kB of code, all adapters',
    unit: 'ms/kB',
    most: 1,
    goal: null,
    measure: ({ rows }) => readyPerKilobyte(rows, 'w1'),
  },
];

/** The verdict on each target. What was not measured is not missed. */
export function judge(results: Results): Verdict[] {
  return TARGETS.map((target) => {
    const value = target.measure(results);
    return { target, value, isMissed: value !== null && !(value <= target.most) };
  });
}

function find(rows: readonly Row[], name: string): Row | undefined {
  return rows.find((row) => row.name === name);
}

// Of the quiet rounds: what others do on the machine is no part of it.
function ratio(rows: readonly Row[], name: string, yardstick: string): number | null {
  const ours = find(rows, name)?.quietDeltaUs ?? null;
  const theirs = find(rows, yardstick)?.quietDeltaUs ?? null;
  return ours === null || theirs === null ? null : ours / theirs;
}

function residentOver(rows: readonly Row[], name: string): number | null {
  const row = find(rows, name);
  const bare = find(rows, BASELINE);
  if (row === undefined || bare === undefined) return null;
  return (row.idleBytes - bare.idleBytes) / MEGABYTE;
}

function readyPerKilobyte(rows: readonly Row[], name: string): number | null {
  const row = find(rows, name);
  const bare = find(rows, BASELINE);
  const size = row?.moduleBytes ?? null;
  if (row === undefined || bare === undefined || size === null) return null;
  return (row.readyCpuMs - bare.readyCpuMs) / (size / KILOBYTE);
}
