// How long lists may be built at a time: LIST_BUILD_TIME_MAX_MS for all lists of this VM together,
// so that no request waits longer. Several roots, one for each plugin, tick at about the same
// moment: what they spend within one window is added up. Cold: runs on the tick.

import { LIST_BUILD_TIME_MAX_MS, monotonicNanos } from "../../assembly/sdk";

const TIME_MAX_NS: u64 = <u64>LIST_BUILD_TIME_MAX_MS * 1_000_000;
/** Ticks that are nearer to each other are one: a fifth of a tick's period. */
const WINDOW_NS: u64 = 100_000_000;

let windowNs: u64 = 0;
let spentNs: u64 = 0;
let sinceNs: u64 = 0;
let untilNs: u64 = 0;

/** A list begins to build: with what the lists before it in this window have left. */
export function startPortion(nowNs: u64): void {
  if (windowNs == 0 || nowNs - windowNs >= WINDOW_NS) {
    windowNs = nowNs;
    spentNs = 0;
  }
  sinceNs = nowNs;
  untilNs = nowNs + (spentNs < TIME_MAX_NS ? TIME_MAX_NS - spentNs : 0);
}

/** Whether it may go on building. */
export function isTimeLeft(): bool {
  return monotonicNanos() < untilNs;
}

/** It leaves off. */
export function endPortion(): void {
  spentNs += monotonicNanos() - sinceNs;
}
