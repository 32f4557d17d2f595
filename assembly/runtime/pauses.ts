// The streams of a root context that wait for answers: records linked both ways, and how often the
// tick looks at them. Hot.

import { RETRY_TICK_PERIOD_MS, TICK_PERIOD_MS } from "../shared/limits";
import { monotonicNanos, setTickPeriod } from "../abi/clock";
import { RecordFlag, addRecordFlag, dropRecordFlag } from "../attribute/record";
import { Outcome } from "../template/verdict";
import { waitAt, waitCount, waitDeadline, waitOutcome, waitRetryAt } from "../rule/wait";
import { Root } from "./root";

const NEXT: usize = 88;
const PREVIOUS: usize = 72;

/** Puts a record among those that wait. */
export function pause(root: Root, record: usize): void {
  addRecordFlag(record, RecordFlag.Paused);
  const first = root.paused;
  store<u32>(record, <u32>first, NEXT);
  store<u32>(record, 0, PREVIOUS);
  if (first != 0) store<u32>(first, <u32>record, PREVIOUS);
  root.paused = record;
}

/** Takes a record out of those that wait. */
export function unlinkPaused(root: Root, record: usize): void {
  dropRecordFlag(record, RecordFlag.Paused);
  const next = <usize>load<u32>(record, NEXT);
  const previous = <usize>load<u32>(record, PREVIOUS);
  if (next != 0) store<u32>(next, <u32>previous, PREVIOUS);
  if (previous != 0) store<u32>(previous, <u32>next, NEXT);
  else if (root.paused == record) root.paused = next;
}

/** The record behind one that waits; 0 at the end. */
export function nextPaused(record: usize): usize {
  return <usize>load<u32>(record, NEXT);
}

/** Whether a retry of the stream is due, or the time of one of its questions over. */
export function isDue(record: usize): bool {
  const now = monotonicNanos();
  const count = waitCount(record);
  for (let at: u32 = 0; at < count; at++) {
    const wait = waitAt(record, at);
    if (waitOutcome(wait) != Outcome.Waiting) continue;
    if (waitDeadline(wait) <= now) return true;
    if (waitRetryAt(wait) != 0 && waitRetryAt(wait) <= now) return true;
  }
  return false;
}

/** Whether the stream waits for the time of a retry. */
function hasRetry(record: usize): bool {
  const count = waitCount(record);
  for (let at: u32 = 0; at < count; at++) {
    const wait = waitAt(record, at);
    if (waitOutcome(wait) == Outcome.Waiting && waitRetryAt(wait) != 0) return true;
  }
  return false;
}

/** Retries need a finer tick: asks for one when a stream begins to wait for a retry. */
export function quickenTick(root: Root, record: usize): void {
  if (root.isTickFast || !hasRetry(record)) return;
  root.isTickFast = true;
  setTickPeriod(RETRY_TICK_PERIOD_MS);
}

/** Goes back to the ordinary tick when no stream waits any more. */
export function calmTick(root: Root): void {
  if (!root.isTickFast || root.paused != 0) return;
  root.isTickFast = false;
  setTickPeriod(TICK_PERIOD_MS);
}
