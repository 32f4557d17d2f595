// How long the lists of one tick may be built: LIST_BUILD_TIME_MAX_MS for all together, so that no
// request waits longer. Cold: runs on the tick.

import { LIST_BUILD_TIME_MAX_MS, monotonicNanos } from "../../assembly/sdk";

const NANOS_PER_MS: u64 = 1_000_000;

let portion: u64 = 0;
let untilNs: u64 = 0;

/** The time of a tick begins with the first list that asks; `tickNs` tells ticks apart. */
export function startPortion(tickNs: u64, nowNs: u64): void {
  if (tickNs == portion) return;
  portion = tickNs;
  untilNs = nowNs + <u64>LIST_BUILD_TIME_MAX_MS * NANOS_PER_MS;
}

/** Whether the tick may go on building. */
export function isTimeLeft(): bool {
  return monotonicNanos() < untilNs;
}
