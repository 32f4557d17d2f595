// Randomness from the host. Both.

import { wallClockNanos } from "./clock";
import { OUT_NUMBER } from "./out";

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "random_get")
declare function random_get(at: usize, size: usize): u32;

/** 64 random bits: a seed for tables that are keyed by request data. */
export function randomSeed(): u64 {
  return random_get(OUT_NUMBER, 8) == 0 ? load<u64>(OUT_NUMBER) : wallClockNanos();
}
