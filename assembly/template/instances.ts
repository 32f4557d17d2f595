// Instances as an adapter gets them: the evaluated fields of one template. Each is made once and
// filled again for every use; nothing in it outlives the callback. Hot.

import { Code } from "../shared/abi";
import { Slice, emptySlice } from "../memory/slice";
import { NO_CALL, lastCallFailure } from "../abi/callouts";
import { callFailureText } from "./call-failure-text";
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
  /**
   * A charge in SHADOW mode: counters of its own, never the enforced ones; of a backend too, by
   * another name. No stream waits for the answer, and `dimensions` are there when it comes.
   */
  isShadow: bool = false;
  /** Wall clock, nanoseconds since 1970. */
  nowNs: u64 = 0;
}

const NEVER_NS: i64 = -1;

/** What a quota adapter grants. */
export class Grant {
  /** How much was granted; 0 = nothing: the quota is exhausted. */
  amount: i64 = 0;
  /** How long the grant is valid, nanoseconds. */
  validDurationNs: i64 = 0;
  /** How much is left for later charges; below 0 = not said. */
  remaining: i64 = -1;
  /**
   * Where nothing was granted: after what time there is room again, nanoseconds; 0 = not said,
   * below 0 = never (`neverFits`).
   */
  retryAfterNs: i64 = 0;
  /** Whether the adapter could not decide; `onError` does. */
  isFailed: bool = false;
  /** Why it could not, where it says so: an rpc code and a text in the arena. */
  code: i32 = Code.Internal;
  message: Slice = emptySlice();
  /** What the stream waits for; NO_CALL when the grant is final. */
  token: u32 = NO_CALL;

  /** Grants an amount for a time. */
  give(amount: i64, validDurationNs: i64): void {
    this.amount = amount;
    this.validDurationNs = validDurationNs;
    this.remaining = -1;
    this.retryAfterNs = 0;
    this.isFailed = false;
    this.token = NO_CALL;
  }

  /** Grants nothing. */
  nothing(): void {
    this.give(0, 0);
  }

  /** Nothing was granted, and no waiting helps: the charge is above its limit. */
  neverFits(): void {
    this.retryAfterNs = NEVER_NS;
  }

  /** The adapter cannot decide. */
  fail(): void {
    this.failWith(Code.Internal, emptySlice());
  }

  /** The adapter cannot decide, and says why (UNAVAILABLE: the backend is unreachable). */
  failWith(code: i32, message: Slice): void {
    this.give(0, 0);
    this.isFailed = true;
    this.code = code;
    this.message = message;
  }

  /**
   * The request waits for the callout with this token; `onQuotaAnswer` is asked for the grant then.
   * A call that was not made (NO_CALL) fails the charge: `onError` decides.
   */
  wait(token: u32): void {
    if (token == NO_CALL) {
      this.failWith(Code.Unavailable, callFailureText(lastCallFailure()));
      return;
    }
    this.give(0, 0);
    this.token = token;
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

/** Fields of an authorization by number: the texts that say who does what. */
export const enum AuthorizationText {
  User = 0,
  Groups = 1,
  Namespace = 2,
  Service = 3,
  Method = 4,
  Path = 5,
}

/** Who wants to do what: Mixer's authorization template. Empty texts count as not given. */
export class Authorization {
  /** Number of the instance among those routed to this handler. */
  instance: i32 = 0;
  readonly texts: StaticArray<Slice> = new StaticArray<Slice>(6);
  /** `subject.properties`; null without any. */
  subject: DimensionSet | null = null;
  /** `action.properties`; null without any. */
  action: DimensionSet | null = null;

  /** The text with this number. */
  // @ts-ignore: decorator
  @inline
  text(field: AuthorizationText): Slice {
    return unchecked(this.texts[field]);
  }
}

/** Fields of an API key by number. */
export const enum ApiKeyText {
  Api = 0,
  ApiVersion = 1,
  ApiOperation = 2,
  ApiKey = 3,
}

/** A key and what it is used for: Mixer's apikey template. Empty texts count as not given. */
export class ApiKey {
  readonly texts: StaticArray<Slice> = new StaticArray<Slice>(4);
  /** A value cell of type TIMESTAMP, or 0: none given. */
  timestamp: usize = 0;

  /** The text with this number. */
  // @ts-ignore: decorator
  @inline
  text(field: ApiKeyText): Slice {
    return unchecked(this.texts[field]);
  }
}
