// Inputs for the fuzzer: samples of a grammar, changed by pieces of it, by any bytes, or cut.

import type { Random } from './random.ts';

/** One to four changes: a piece put in, bytes taken out, a byte replaced, the end cut off. */
export function mutated(random: Random, sample: Buffer, pieces: readonly string[]): Buffer {
  let bytes = sample;
  for (let edits = 1 + random.below(4); edits > 0; edits--) bytes = changed(random, bytes, pieces);
  return bytes;
}

function changed(random: Random, bytes: Buffer, pieces: readonly string[]): Buffer {
  const at = random.below(bytes.length + 1);
  const kind = random.below(12);
  if (kind === 0) return bytes.subarray(0, at);
  const until = Math.min(bytes.length, at + random.below(4));
  const piece = kind < 3 ? Buffer.from([random.below(256)]) : Buffer.from(random.pick(pieces));
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(until)]);
}

/** A text of up to `countMax` pieces. */
export function joined(random: Random, pieces: readonly string[], countMax: number): string {
  return Array.from({ length: random.below(countMax + 1) }, () => random.pick(pieces)).join('');
}
