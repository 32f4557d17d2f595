// google.rpc.Status as check results carry it, and how long a verdict may be reused. Both: built
// while configuring, read per request.

import { Slice, emptySlice } from "../memory/slice";

/** An rpc code with what the caller is told. Any 32-bit code is legal; 0 is OK. */
export class Status {
  constructor(
    readonly code: i32,
    /** Lives as long as the configuration. */
    readonly message: Slice = emptySlice(),
  ) {}
}

/**
 * How long, and how often, a cache may reuse a verdict (Mixer's valid_duration, valid_use_count).
 */
export class Lifetime {
  constructor(
    /** Nanoseconds. */
    readonly durationNs: i64,
    readonly useCount: i32,
  ) {}
}
