// How long an action may ask its backend, and when a call that failed is repeated: with jitter,
// while the action's time lasts. Hot.

import { PAUSE_MAX_MS } from "../shared/limits";
import { monotonicNanos } from "../abi/clock";
import { CallResult } from "../template/call-result";
import { Connection } from "../template/connection";
import { Action } from "./action";
import { retryWait, waitAttempts, waitDeadline } from "./wait";

const NANOS_PER_MS: u64 = 1_000_000;
/** Odd, so that no two waits of one moment have the same name. */
const QUESTION_FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/** Times the calls of one root context. */
export class Attempts {
  private random: u64;

  /** `seed` is for the jitter. */
  constructor(seed: u64) {
    this.random = seed | 1;
  }

  /** The next call may take what is left of the action's time. */
  giveTime(wait: usize, action: Action): void {
    const connection = action.handler!.connection;
    if (connection == null) return;
    const now = monotonicNanos();
    const deadline = waitDeadline(wait);
    const leftMs = deadline > now ? (deadline - now) / NANOS_PER_MS : 0;
    connection.questionId = deadline ^ (<u64>wait * QUESTION_FACTOR);
    connection.remainingMs = leftMs == 0 ? 1 : <u32>leftMs;
  }

  /** Whether a failed call will be repeated; notes when. */
  mayRetry(wait: usize, action: Action): bool {
    const connection = action.handler!.connection;
    if (connection == null || waitAttempts(wait) >= connection.retry.countMax) return false;
    const atNs =
      monotonicNanos() + <u64>this.pauseMs(connection, waitAttempts(wait)) * NANOS_PER_MS;
    if (atNs >= waitDeadline(wait)) return false;
    connection.count(CallResult.Retried);
    retryWait(wait, atNs);
    return true;
  }

  // Uniform between the shortest wait and the doubled one, as Mixer's client did.
  private pauseMs(connection: Connection, attempts: i32): u32 {
    const least = connection.retry.baseWaitMs;
    const doubled = (<u64>least) << (attempts + 1);
    const most = <u32>min<u64>(doubled, connection.retry.maxWaitMs);
    this.random ^= this.random << 13;
    this.random ^= this.random >> 7;
    this.random ^= this.random << 17;
    return most <= least ? least : least + <u32>(this.random % (most - least + 1));
  }
}

/** When the time of an action that asks now is over: its own, or that of all attempts. */
export function deadlineOf(action: Action): u64 {
  const connection = action.handler!.connection;
  let ms: u64 = PAUSE_MAX_MS;
  if (action.timeoutMs > 0) {
    ms = min<u64>(ms, action.timeoutMs);
  } else if (connection != null) {
    const retry = connection.retry;
    const each = <u64>connection.timeoutMs + retry.maxWaitMs;
    ms = min<u64>(ms, each * <u64>retry.countMax + connection.timeoutMs);
  }
  return monotonicNanos() + ms * NANOS_PER_MS;
}
