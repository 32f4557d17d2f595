// envoy.service.ratelimit.v3.RateLimitResponse, read in place: a cut or malformed message is no
// answer, and neither is one without a code. Hot.

import { Slice, WireReader } from "../../assembly/sdk";

/** Numbers of the fields, and of the codes. */
const OVERALL_CODE: u32 = 1;
const STATUSES: u32 = 2;
const CURRENT_LIMIT: u32 = 2;
const LIMIT_REMAINING: u32 = 3;
const DURATION_UNTIL_RESET: u32 = 4;
const OK: u64 = 1;
const OVER_LIMIT: u64 = 2;
const SECOND: i64 = 1_000_000_000;
const SECONDS_MAX: u64 = 100_000_000;

const message = new WireReader();
const part = new WireReader();
const time = new WireReader();

/** One answer. One instance for each VM. */
export class RateLimitResponse {
  /** Whether the message is an answer at all. */
  isAnswer: bool = false;
  /** Whether the charge fitted. */
  isGranted: bool = false;
  /** How much of the window is left; 0 where the service does not say. */
  remaining: i64 = 0;
  /** Whether the service says what is left: it names the limit of which it is the rest. */
  saysRemaining: bool = false;
  /** When the window ends; 0 when the service does not say. Nanoseconds from now. */
  resetNs: i64 = 0;

  /** Reads a message. */
  read(bytes: Slice): void {
    let code: u64 = 0;
    let isGood = true;
    this.remaining = 0;
    this.saysRemaining = false;
    this.resetNs = 0;
    message.open(bytes);
    while (message.next()) {
      if (message.isVarint(OVERALL_CODE)) code = message.number;
      else if (message.isBytes(STATUSES) && !this.readStatus(message.bytes)) isGood = false;
    }
    this.isGranted = code == OK;
    this.isAnswer = isGood && !message.isBroken && (code == OK || code == OVER_LIMIT);
  }

  private readStatus(bytes: Slice): bool {
    part.open(bytes);
    while (part.next()) {
      if (part.isVarint(LIMIT_REMAINING)) {
        this.remaining = <i64>(<u32>part.number);
        this.saysRemaining = true;
      } else if (part.isBytes(CURRENT_LIMIT)) this.saysRemaining = true;
      else if (part.isBytes(DURATION_UNTIL_RESET)) this.resetNs = durationOf(part.bytes);
    }
    return !part.isBroken;
  }
}

// google.protobuf.Duration; 0 for one that makes no sense.
function durationOf(bytes: Slice): i64 {
  let seconds: u64 = 0;
  let nanos: u64 = 0;
  time.open(bytes);
  while (time.next()) {
    if (time.isVarint(1)) seconds = time.number;
    else if (time.isVarint(2)) nanos = time.number;
  }
  if (time.isBroken || seconds > SECONDS_MAX || nanos >= <u64>SECOND) return 0;
  return <i64>seconds * SECOND + <i64>nanos;
}
