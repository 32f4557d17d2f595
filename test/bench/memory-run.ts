// Whether memory stays flat: one Envoy with W1 serves a million requests, resident memory is read
// after each quarter. The first quarter is left out: caches fill, and V8 compiles.

import type { EnvoyFound } from '../../tools/envoy/find.ts';
import { drive } from './load.ts';
import { startMeasured } from './measured-envoy.ts';
import type { Variant } from './variants.ts';

const QUARTERS = 4;
const REQUESTS = 1_000_000;

/** Resident bytes after each quarter. */
export async function measureMemory(
  found: EnvoyFound,
  variant: Variant,
  progress: (line: string) => void,
): Promise<number[]> {
  const envoy = await startMeasured(found, variant);
  const bytes: number[] = [];
  try {
    for (let quarter = 0; quarter < QUARTERS; quarter++) {
      await drive(envoy.port, REQUESTS / QUARTERS);
      bytes.push(envoy.residentBytes());
      progress(`memory: ${(quarter + 1) * (REQUESTS / QUARTERS)} requests`);
    }
  } finally {
    await envoy.stop();
  }
  return bytes;
}

/** What came on top after the first quarter. */
export function growthBytes(bytes: readonly number[]): number {
  return Math.max(...bytes.slice(1)) - (bytes[0] ?? NaN);
}
