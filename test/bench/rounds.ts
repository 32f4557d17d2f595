// Measures variants in interleaved rounds: every round drives each variant once, in an order of its own, so that
// whatever else the machine does hits all of them alike, and so that each stands behind each other as often. After each
// block of rounds all Envoys start anew, in an order of its own as well, for where a process's memory happens to lie
// moves its cost by some per cent.

import type { EnvoyFound } from '../../tools/envoy/find.ts';
import { Random } from '../fuzz/random.ts';
import { wrongDecisions } from './decisions.ts';
import { drive } from './load.ts';
import { startMeasured, type MeasuredEnvoy } from './measured-envoy.ts';
import type { Variant } from './variants.ts';

/** What one variant cost: a number for each round, or for each start. */
export interface Samples {
  readonly name: string;
  readonly about: string;
  readonly moduleBytes: number | null;
  readonly nanosPerRequest: number[];
  readonly readyCpuNanos: number[];
  readonly idleBytes: number[];
}

export interface RoundOptions {
  readonly rounds: number;
  /** Rounds between two starts. */
  readonly block: number;
  readonly requests: number;
  readonly warmUp: number;
  readonly progress: (line: string) => void;
}

/** Measures the variants; rejects when one decides otherwise than it must. */
export async function measureRounds(
  found: EnvoyFound,
  samples: ReadonlyMap<Variant, Samples>,
  options: RoundOptions,
): Promise<void> {
  for (let done = 0; done < options.rounds; done += options.block) {
    const rounds = Math.min(options.block, options.rounds - done);
    const running: MeasuredEnvoy[] = [];
    try {
      for (const [variant, row] of shuffled([...samples], done)) {
        const envoy = await startMeasured(found, variant);
        running.push(envoy);
        row.readyCpuNanos.push(envoy.readyCpuNanos);
        row.idleBytes.push(envoy.idleBytes);
        await prepare(envoy, options);
      }
      for (let round = 0; round < rounds; round++) {
        await measureRound(running, samples, options.requests, done + round);
        options.progress(`round ${done + round + 1} of ${options.rounds}`);
      }
    } finally {
      await Promise.all(running.map((envoy) => envoy.stop()));
    }
  }
}

async function prepare(envoy: MeasuredEnvoy, { warmUp, progress }: RoundOptions): Promise<void> {
  const { variant, port } = envoy;
  const wrong = await wrongDecisions(port, variant.decidesW1);
  if (wrong.length > 0)
    throw new Error(`${variant.name} decides otherwise than it must: ${wrong.join('; ')}`);
  if (!variant.isIdle) await drive(port, warmUp);
  progress(`${variant.name} is ready`);
}

async function measureRound(
  running: readonly MeasuredEnvoy[],
  samples: ReadonlyMap<Variant, Samples>,
  requests: number,
  round: number,
): Promise<void> {
  for (const envoy of shuffled(running, round)) {
    if (envoy.variant.isIdle) continue;
    const before = envoy.cpuNanos();
    await drive(envoy.port, requests);
    samples.get(envoy.variant)?.nanosPerRequest.push((envoy.cpuNanos() - before) / requests);
  }
}

// The same order for the same round, so that two runs differ in nothing but the machine. Drawn anew for each: in orders
// that only turn, the same variant would always find the caches that the same other one left.
function shuffled<T>(all: readonly T[], round: number): T[] {
  const random = new Random(round);
  const order = [...all];
  for (let last = order.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [order[last], order[other]] = [order[other] as T, order[last] as T];
  }
  return order;
}
