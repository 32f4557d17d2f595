// Answers of an adapter: CheckResult and QuotaResult. Read as coming from anybody: what is
// malformed is no answer. Hot: borrows from the answer.

import { Slice, WireReader, emptySlice, equal } from "../../assembly/sdk";

const NANOS_PER_SECOND: u64 = 1_000_000_000;
/** Longer than any cache keeps a verdict: 100 years. */
const DURATION_MAX_SECONDS: u64 = 3_153_600_000;

const message = new WireReader();
const part = new WireReader();
const inner = new WireReader();

/** A CheckResult. One instance for each VM. */
export class CheckResult {
  isGood: bool = false;
  code: i32 = 0;
  reason: Slice = emptySlice();
  durationNs: i64 = 0;
  useCount: i32 = 0;

  /** Reads a message; an empty one says OK, for nothing but this request. */
  read(bytes: Slice): void {
    this.code = 0;
    this.reason = emptySlice();
    this.durationNs = 0;
    this.useCount = 0;
    this.isGood = true;
    message.open(bytes);
    while (message.next()) {
      if (message.isBytes(1)) this.readStatus(message.bytes);
      else if (message.isBytes(2)) this.durationNs = this.readDuration(message.bytes);
      else if (message.isVarint(3)) this.useCount = <i32>message.number;
    }
    if (message.isBroken) this.isGood = false;
  }

  private readStatus(bytes: Slice): void {
    part.open(bytes);
    while (part.next()) {
      if (part.isVarint(1)) this.code = <i32>part.number;
      else if (part.isBytes(2)) this.reason = part.bytes;
    }
    if (part.isBroken) this.isGood = false;
  }

  private readDuration(bytes: Slice): i64 {
    const durationNs = durationOf(bytes);
    if (durationNs < 0) this.isGood = false;
    return max<i64>(durationNs, 0);
  }
}

/** What a QuotaResult grants to one quota. One instance for each VM. */
export class QuotaResult {
  /** Whether the message is well formed and has a result for the quota. */
  isGood: bool = false;
  amount: i64 = 0;
  durationNs: i64 = 0;

  /** Reads the result of the quota with this name. */
  read(bytes: Slice, name: Slice): void {
    this.isGood = false;
    this.amount = 0;
    this.durationNs = 0;
    message.open(bytes);
    while (message.next()) {
      if (message.isBytes(1) && !this.readEntry(message.bytes, name)) return;
    }
    if (message.isBroken) this.isGood = false;
  }

  private readEntry(bytes: Slice, name: Slice): bool {
    let key = emptySlice();
    let result = emptySlice();
    part.open(bytes);
    while (part.next()) {
      if (part.isBytes(1)) key = part.bytes;
      else if (part.isBytes(2)) result = part.bytes;
    }
    if (part.isBroken) return this.refuse();
    if (!equal(key, name)) return true;
    this.isGood = true;
    part.open(result);
    while (part.next()) {
      if (part.isBytes(2)) this.durationNs = max<i64>(durationOf(part.bytes), 0);
      else if (part.isVarint(3)) this.amount = <i64>part.number;
    }
    return part.isBroken ? this.refuse() : true;
  }

  private refuse(): bool {
    this.isGood = false;
    return false;
  }
}

// A google.protobuf.Duration in nanoseconds, a negative one as 0; below 0 when it is malformed.
function durationOf(bytes: Slice): i64 {
  let seconds: u64 = 0;
  let nanos: u64 = 0;
  inner.open(bytes);
  while (inner.next()) {
    if (inner.isVarint(1)) seconds = inner.number;
    else if (inner.isVarint(2)) nanos = inner.number;
  }
  if (inner.isBroken) return -1;
  if (<i64>seconds < 0 || <i64>nanos < 0) return 0;
  return <i64>(
    (min(seconds, DURATION_MAX_SECONDS) * NANOS_PER_SECOND + min(nanos, NANOS_PER_SECOND))
  );
}
