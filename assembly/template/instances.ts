// Instances as an adapter gets them: the evaluated fields of one template. Each is made once and
// filled again for every use; nothing in it outlives the callback. Hot.

import { Slice, emptySlice } from "../memory/slice";
import { DimensionSet } from "./dimension-set";

/** One value to look up. */
export class ListEntry {
  /** A value cell of type STRING or IP_ADDRESS. */
  cell: usize = 0;
}

/** A charge to a quota. */
export class Quota {
  /** Number of the instance among those routed to this handler. */
  instance: i32 = 0;
  /** The quota's name: the instance's name. */
  name: Slice = emptySlice();
  dimensions: DimensionSet | null = null;
  /** How much to take; below 0 gives back. */
  amount: i64 = 0;
  /** Whether less than the amount may be granted. */
  isBestEffort: bool = false;
  /** Names the request, so that a repeated charge counts once; empty = no deduplication. */
  deduplicationId: Slice = emptySlice();
  /** A charge in SHADOW mode: counters of its own, never the enforced ones. */
  isShadow: bool = false;
  /** Wall clock, nanoseconds since 1970. */
  nowNs: u64 = 0;
}

/** What a quota adapter grants. */
export class Grant {
  /** How much was granted; 0 = nothing: the quota is exhausted. */
  amount: i64 = 0;
  /** How long the grant is valid, nanoseconds. */
  validDurationNs: i64 = 0;
  /** Whether the adapter could not decide; `onError` does. */
  isFailed: bool = false;

  /** Grants an amount for a time. */
  give(amount: i64, validDurationNs: i64): void {
    this.amount = amount;
    this.validDurationNs = validDurationNs;
    this.isFailed = false;
  }

  /** Grants nothing. */
  nothing(): void {
    this.give(0, 0);
  }

  /** The adapter cannot decide. */
  fail(): void {
    this.give(0, 0);
    this.isFailed = true;
  }
}

/** One sample of a metric. */
export class Metric {
  /** Number of the instance among those routed to this handler. */
  instance: i32 = 0;
  name: Slice = emptySlice();
  /** A value cell. */
  cell: usize = 0;
  dimensions: DimensionSet | null = null;
}

/** One log entry. */
export class LogEntry {
  /** Number of the instance among those routed to this handler. */
  instance: i32 = 0;
  name: Slice = emptySlice();
  /** A value cell of type STRING, or 0: none given. */
  severity: usize = 0;
  /** A value cell of type TIMESTAMP, or 0: none given. */
  timestamp: usize = 0;
  variables: DimensionSet | null = null;
}

/** The answer to a callout that a check waits for. */
export class Answer {
  token: u32 = 0;
  /** Whether the backend answered at all. */
  isAnswered: bool = false;
  /** Sizes as the host announced them. */
  headerCount: u32 = 0;
  bodySize: u32 = 0;
}
