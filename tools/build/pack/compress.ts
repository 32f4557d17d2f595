// Compresses bytes into one block: repetitions and literals (model.ts), by arithmetic coding (range-encoder.ts). Slow
// and thorough, for it runs once for each build; the decoder is what unpack-code.ts puts into the module.

import { findMatches } from './matches.ts';
import { writeSteps } from './model.ts';
import { parse } from './parse.ts';
import { BitCounts, Prices } from './prices.ts';
import { RangeEncoder } from './range-encoder.ts';

/** How often the steps are searched again by the prices of the search before. */
const PASS_COUNT = 3;

/** One block; decoding it gives `bytes` again, whose first stands at an even address. */
export function compressBlock(bytes: Uint8Array): Uint8Array {
  const matches = findMatches(bytes);
  let prices = new Prices(new BitCounts());
  for (let pass = 1; pass < PASS_COUNT; pass++) {
    const counts = new BitCounts();
    writeSteps(bytes, parse(bytes, matches, prices), counts);
    prices = new Prices(counts);
  }
  const encoder = new RangeEncoder();
  writeSteps(bytes, parse(bytes, matches, prices), encoder);
  return encoder.finish();
}
