// Time from the host: wall clock in steps of 1 µs, monotonic clock in nanoseconds, and the tick.
// None of the calls allocates. Both.

import {
  proxy_get_current_time_nanoseconds,
  proxy_set_tick_period_milliseconds,
} from "@solo-io/proxy-runtime/assembly/imports";
import { OUT_NUMBER } from "./out";

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "clock_time_get")
declare function clock_time_get(id: u32, precision: i64, out: usize): u32;

/** Nanoseconds since 1970-01-01 UTC. */
export function wallClockNanos(): u64 {
  proxy_get_current_time_nanoseconds(OUT_NUMBER);
  return load<u64>(OUT_NUMBER);
}

/** Nanoseconds of a clock that never goes back; the wall clock where the host denies it. */
export function monotonicNanos(): u64 {
  return clock_time_get(1, 0, OUT_NUMBER) == 0 ? load<u64>(OUT_NUMBER) : wallClockNanos();
}

/** Asks for `on_tick` of the current root context every `periodMs`; 0 ends it. */
export function setTickPeriod(periodMs: u32): void {
  proxy_set_tick_period_milliseconds(periodMs);
}
