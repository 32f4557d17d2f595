// Whether memory stays flat: one Envoy serves many requests, resident memory is read after each
// quarter. The first quarter is left out: caches fill, and V8 compiles.

import type { EnvoyFound } from '../../tools/envoy/find.ts';
import { drive } from './load.ts';
import { startMeasured } from './measured-envoy.ts';
import type { Variant } from './variants.ts';

const QUARTERS = 4;
/** Requests of one run of the load generator, which has a time limit, on a busy machine too. */
const REQUESTS_OF_A_RUN = 20_000;

/** Resident bytes after each quarter. */
export async function measureMemory(
  found: EnvoyFound,
  variant: Variant,
  requests: number,
  progress: (line: string) => void,
): Promise<number[]> {
  const envoy = await startMeasured(found, variant);
  const bytes: number[] = [];
  try {
    for (let quarter = 0; quarter < QUARTERS; quarter++) {
      await driveOften(envoy.port, requests / QUARTERS);
      bytes.push(envoy.residentBytes());
      const sum = ((quarter + 1) * requests) / QUARTERS;
      progress(`${variant.name}: ${sum} requests, ${mebibytes(bytes.at(-1))} MiB`);
    }
  } finally {
    await envoy.stop();
  }
  return bytes;
}

async function driveOften(port: number, requests: number): Promise<void> {
  for (let left = requests; left > 0; left -= REQUESTS_OF_A_RUN) {
    await drive(port, Math.min(left, REQUESTS_OF_A_RUN));
  }
}

function mebibytes(bytes = 0): string {
  return (bytes / 1_048_576).toFixed(1);
}

/** What came on top after the first quarter. */
export function growthBytes(bytes: readonly number[]): number {
  return Math.max(...bytes.slice(1)) - (bytes[0] ?? NaN);
}
