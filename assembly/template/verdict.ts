// What a check says of a request. One instance for each root context, emptied before each use.
// Hot: an adapter can do to a request only what these methods let it do.

import { Code } from "../shared/abi";
import { OUTPUT_COUNT_MAX } from "../shared/limits";
import { Slice, ABSENT, emptySlice } from "../memory/slice";
import { NO_CALL, lastCallFailure } from "../abi/callouts";
import { callFailureText } from "./call-failure-text";
import { Lifetime, Status } from "./status";
import { VerdictHeaders } from "./verdict-headers";

/** How a check ended. */
export const enum Outcome {
  /** Nothing was said: the request may pass. */
  Allowed = 0,
  Denied = 1,
  /** The adapter could not decide; `onError` does. */
  Failed = 2,
  /** Somebody else was asked; the stream waits for the answer. */
  Waiting = 3,
}

/** Filled by an adapter's check. */
export class Verdict {
  /** Name of the instance that is asked for; the engine sets it. */
  instanceName: Slice = emptySlice();
  outcome: Outcome = Outcome.Allowed;
  code: i32 = 0;
  /**
   * In the arena or the configuration's memory; the engine copies what must outlive the callback.
   */
  message: Slice = emptySlice();
  /** Nanoseconds and uses for which a cache may keep the verdict; 0 = not at all. */
  durationNs: i64 = 0;
  useCount: i32 = 0;
  /** What the stream waits for, when the outcome is Waiting. */
  token: u32 = 0;

  /** HTTP status of the answer to a denied client; 0 = the one that belongs to the code. */
  httpStatus: u32 = 0;
  /** Body of that answer; ABSENT = the plain one. */
  body: Slice = ABSENT;
  /** Headers of that answer, and changes to an allowed request's headers. */
  readonly headers: VerdictHeaders = new VerdictHeaders();
  /** Whether the credential that it was asked about goes before the request goes on. */
  hidesCredential: bool = false;
  /** Values by number of `Adapter.outputs`; ABSENT where none was given. */
  readonly outputs: StaticArray<Slice> = new StaticArray<Slice>(OUTPUT_COUNT_MAX);
  private outputCount: i32 = 0;

  /** Empties the verdict. The engine calls it. */
  reset(): void {
    this.outcome = Outcome.Allowed;
    this.code = 0;
    this.message = emptySlice();
    this.durationNs = 0;
    this.useCount = 0;
    this.token = 0;
    this.httpStatus = 0;
    this.body = ABSENT;
    this.hidesCredential = false;
    this.headers.reset();
    this.forgetOutputs();
  }

  /** Takes the output values back. The engine calls it. */
  forgetOutputs(): void {
    while (this.outputCount > 0) unchecked((this.outputs[--this.outputCount] = ABSENT));
  }

  /** The request passes this check. */
  allow(lifetime: Lifetime): void {
    this.outcome = Outcome.Allowed;
    this.keep(lifetime);
  }

  /** The request is denied with a status made while configuring; a status of OK allows. */
  deny(status: Status, lifetime: Lifetime): void {
    this.denyWith(status.code, status.message, lifetime);
  }

  /** The request is denied with a message made for it, in the arena. */
  denyWith(code: i32, message: Slice, lifetime: Lifetime): void {
    this.outcome = code == 0 ? Outcome.Allowed : Outcome.Denied;
    this.code = code;
    this.message = message;
    this.keep(lifetime);
  }

  /**
   * The adapter cannot decide: `onError` does. `code` says why (UNAVAILABLE: backend unreachable).
   */
  fail(code: i32, message: Slice): void {
    this.outcome = Outcome.Failed;
    this.code = code;
    this.message = message;
  }

  /**
   * The request waits for the callout with this token; `onAnswer` is asked for the verdict then. A
   * call that was not made (NO_CALL) fails the check: `onError` decides.
   */
  wait(token: u32): void {
    if (token == NO_CALL) {
      this.fail(Code.Unavailable, callFailureText(lastCallFailure()));
      return;
    }
    this.outcome = Outcome.Waiting;
    this.token = token;
  }

  /**
   * An allowed request goes on without the credential, where the instance says where it stands
   * (`RoutedInstance.hasPlaces`).
   */
  hideCredential(): void {
    this.hidesCredential = true;
  }

  /** Gives the output value with this number among `Adapter.outputs`; in the arena. */
  output(number: i32, value: Slice): void {
    if (number < 0 || number >= OUTPUT_COUNT_MAX) return;
    unchecked((this.outputs[number] = value));
    if (number >= this.outputCount) this.outputCount = number + 1;
  }

  /** Whether an output value was given. */
  get hasOutputs(): bool {
    return this.outputCount > 0;
  }

  /** Whether it carries more than outcome, code and message. */
  get hasExtra(): bool {
    return (
      this.httpStatus != 0 ||
      this.body != ABSENT ||
      !this.headers.isEmpty ||
      this.outputCount > 0 ||
      this.hidesCredential
    );
  }

  /** Whether it says something that is meant for one caller alone and may not be kept. */
  get isPersonal(): bool {
    return !this.headers.isEmpty || this.body != ABSENT;
  }

  private keep(lifetime: Lifetime): void {
    this.durationNs = lifetime.durationNs;
    this.useCount = lifetime.useCount;
  }
}
