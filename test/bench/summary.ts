// Samples become numbers: medians, the mean of the quietest quarter, and the differences to the bare
// listener. Noise only ever adds to a CPU time, so that the quiet rounds say more than the median
// on a machine that others use.

import type { Samples } from './rounds.ts';
import { BASELINE } from './variants.ts';

/** One variant, in microseconds, bytes and milliseconds. */
export interface Row {
  readonly name: string;
  readonly about: string;
  readonly moduleBytes: number | null;
  /** CPU for each request: the median of the rounds, and the mean of their lowest quarter. */
  readonly medianUs: number | null;
  readonly quietUs: number | null;
  /** The same over the bare listener: medians of the rounds' differences, difference of quiets. */
  readonly medianDeltaUs: number | null;
  readonly quietDeltaUs: number | null;
  readonly readyCpuMs: number;
  readonly idleBytes: number;
}

const QUIET_SHARE = 0.25;
const NANOS_PER_MICRO = 1_000;
const NANOS_PER_MILLI = 1_000_000;

/** A row for each variant. */
export function summarize(all: readonly Samples[]): Row[] {
  const bare = all.find(({ name }) => name === BASELINE);
  return all.map((samples) => ({
    name: samples.name,
    about: samples.about,
    moduleBytes: samples.moduleBytes,
    ...perRequest(samples.nanosPerRequest, bare?.nanosPerRequest ?? []),
    readyCpuMs: Math.min(...samples.readyCpuNanos) / NANOS_PER_MILLI,
    idleBytes: median(samples.idleBytes),
  }));
}

function perRequest(
  nanos: readonly number[],
  bare: readonly number[],
): Pick<Row, 'medianUs' | 'quietUs' | 'medianDeltaUs' | 'quietDeltaUs'> {
  if (nanos.length === 0)
    return { medianUs: null, quietUs: null, medianDeltaUs: null, quietDeltaUs: null };
  const micros = nanos.map((each) => each / NANOS_PER_MICRO);
  const bareMicros = bare.map((each) => each / NANOS_PER_MICRO);
  const deltas = micros.map((each, round) => each - (bareMicros[round] ?? NaN));
  const isCompared = bareMicros.length === micros.length;
  return {
    medianUs: median(micros),
    quietUs: quiet(micros),
    medianDeltaUs: isCompared ? median(deltas) : null,
    quietDeltaUs: isCompared ? quiet(micros) - quiet(bareMicros) : null,
  };
}

/** The middle value; the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** The mean of the lowest quarter. */
export function quiet(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const count = Math.max(1, Math.floor(sorted.length * QUIET_SHARE));
  return sorted.slice(0, count).reduce((sum, value) => sum + value, 0) / count;
}
