// Questions to others that a stream has asked: one record of 64 bytes for each, in the order of the
// document, in a block that the stream owns. A verdict that was there at once has a record as well,
// so that the earliest denial can be told. Hot: bounded by WAIT_COUNT_MAX.
//
//   0       4      8        10         12        13        14     15      16     20      24
//   | token | rule | action | instance | outcome | attempt | kind | bound | code | extra | retry
//   32         40        48    52         56
//   | deadline | message | key | key size | .. 64 free

import { Code } from "../shared/abi";
import { WAIT_COUNT_MAX } from "../shared/limits";
import { giveBlock, takeBlock } from "../memory/blocks";
import { Slice, emptySlice, sizeOf, slice, startOf } from "../memory/slice";
import { cancelCall, isCancellable } from "../abi/callouts";
import { keepText } from "../attribute/record";
import {
  STREAM_GONE,
  addCall,
  callConnection,
  findCall,
  removeCall,
  setCallStream,
} from "../template/call-table";
import { Connection } from "../template/connection";
import { Outcome, Verdict } from "../template/verdict";
import { BAD_EXTRA, dropExtra, keepExtra } from "./verdict-extra";
import { LINKS_BACKENDS } from "../template/linked";

const WAIT_SIZE_BYTES: usize = 64;
const BLOCK_SIZE_BYTES: usize = WAIT_SIZE_BYTES * <usize>WAIT_COUNT_MAX;
const WAITS: usize = 64;
const COUNT: usize = 68;

/** A new question of rule `rule`; 0 without room. Its outcome is Waiting, its call none yet. */
export function addWait(record: usize, rule: i32, action: i32, instance: i32): usize {
  let block = <usize>load<u32>(record, WAITS);
  if (block == 0) {
    block = takeBlock(BLOCK_SIZE_BYTES);
    if (block == 0) return 0;
    store<u32>(record, <u32>block, WAITS);
  }
  const count = load<u32>(record, COUNT);
  if (count == WAIT_COUNT_MAX) return 0;
  const wait = block + <usize>count * WAIT_SIZE_BYTES;
  memory.fill(wait, 0, WAIT_SIZE_BYTES);
  store<i32>(wait, rule, 4);
  store<u16>(wait, <u16>action, 8);
  store<u16>(wait, <u16>instance, 10);
  store<u8>(wait, <u8>Outcome.Waiting, 12);
  store<u64>(wait, emptySlice(), 40);
  store<u32>(record, count + 1, COUNT);
  return wait;
}

/** The question is a charge: its action stands among the quotas of its rule. */
export function markCharge(wait: usize): void {
  store<u8>(wait, 1, 14);
}

/** Whether the question is a charge. */
// @ts-ignore: decorator
@inline
export function isCharge(wait: usize): bool {
  return load<u8>(wait, 14) != 0;
}

/** Whether all checks of the stream have passed and its quotas are being charged. */
export function isCharging(record: usize): bool {
  const count = waitCount(record);
  return count > 0 && isCharge(waitAt(record, count - 1));
}

/** How many questions there are. */
export function waitCount(record: usize): u32 {
  return load<u32>(record, COUNT);
}

/** The question at a position, in the order of the document. */
export function waitAt(record: usize, position: u32): usize {
  return <usize>load<u32>(record, WAITS) + <usize>position * WAIT_SIZE_BYTES;
}

/** The question that waits for a token; 0 when there is none. */
export function findWait(record: usize, token: u32): usize {
  const count = waitCount(record);
  for (let position: u32 = 0; position < count; position++) {
    const wait = waitAt(record, position);
    if (load<u32>(wait) == token && waitOutcome(wait) == Outcome.Waiting) return wait;
  }
  return 0;
}

/** Keeps a verdict: a token to wait for, or how the question ends. */
export function settleWait(record: usize, wait: usize, verdict: Verdict): void {
  store<u32>(wait, 0);
  if (verdict.outcome == Outcome.Waiting) {
    if (LINKS_BACKENDS && ownCall(verdict.token, record)) {
      store<u32>(wait, verdict.token);
      return;
    }
    verdict.fail(Code.Internal, emptySlice());
  }
  const extra = keepExtra(verdict);
  // A denial stands without what it carries: nothing that the client makes long may lift it.
  if (extra != BAD_EXTRA) store<u32>(wait, <u32>extra, 20);
  else if (verdict.outcome != Outcome.Denied) verdict.fail(Code.Internal, emptySlice());
  store<u8>(wait, <u8>verdict.outcome, 12);
  store<i32>(wait, verdict.code, 16);
  store<u64>(wait, keepText(record, verdict.message), 40);
}

/** Ends a question that nobody will answer any more. */
export function failWait(wait: usize, code: i32): void {
  disownCall(load<u32>(wait));
  store<u32>(wait, 0);
  store<u8>(wait, <u8>Outcome.Failed, 12);
  store<i32>(wait, code, 16);
  store<u64>(wait, emptySlice(), 40);
}

/** Asks again at a time of the monotonic clock; until then the question waits for no call. */
export function retryWait(wait: usize, atNs: u64): void {
  store<u32>(wait, 0);
  store<u64>(wait, atNs, 24);
  store<u8>(wait, load<u8>(wait, 13) + 1, 13);
}

/** When to ask again; 0 when no retry is due. Taken once. */
export function takeRetry(wait: usize): void {
  store<u64>(wait, 0, 24);
}

/** When to ask again; 0 for no retry. */
// @ts-ignore: decorator
@inline
export function waitRetryAt(wait: usize): u64 {
  return load<u64>(wait, 24);
}

/** How many further attempts there were. */
// @ts-ignore: decorator
@inline
export function waitAttempts(wait: usize): i32 {
  return load<u8>(wait, 13);
}

/** When the time of the question is over, on the monotonic clock. */
// @ts-ignore: decorator
@inline
export function waitDeadline(wait: usize): u64 {
  return load<u64>(wait, 32);
}

/** Sets when the time of the question is over. */
export function setWaitDeadline(wait: usize, deadlineNs: u64): void {
  store<u64>(wait, deadlineNs, 32);
}

/** Notes that the output values have been taken; false when they had been before. */
export function markBound(wait: usize): bool {
  const isNew = load<u8>(wait, 15) == 0;
  store<u8>(wait, 1, 15);
  return isNew;
}

/** How a question ended; Waiting while it has not. */
// @ts-ignore: decorator
@inline
export function waitOutcome(wait: usize): Outcome {
  return <Outcome>load<u8>(wait, 12);
}

/** The number of the rule that asks. */
// @ts-ignore: decorator
@inline
export function waitRule(wait: usize): i32 {
  return load<i32>(wait, 4);
}

/** The position of the action among the checks of its rule. */
// @ts-ignore: decorator
@inline
export function waitAction(wait: usize): i32 {
  return load<u16>(wait, 8);
}

/** The position of the instance among those of its action. */
// @ts-ignore: decorator
@inline
export function waitInstance(wait: usize): i32 {
  return load<u16>(wait, 10);
}

/** The rpc code of the answer. */
// @ts-ignore: decorator
@inline
export function waitCode(wait: usize): i32 {
  return load<i32>(wait, 16);
}

/** What the verdict carries: a block of verdict-extra.ts, or 0. */
// @ts-ignore: decorator
@inline
export function waitExtra(wait: usize): usize {
  return <usize>load<u32>(wait, 20);
}

/** The message of the answer, kept by the stream. */
// @ts-ignore: decorator
@inline
export function waitMessage(wait: usize): Slice {
  return load<u64>(wait, 40);
}

/** Keeps the key under which a cache may remember the verdict; not kept without memory. */
export function keepWaitKey(wait: usize, key: Slice): void {
  const block = takeBlock(sizeOf(key));
  if (block == 0) return;
  memory.copy(block, startOf(key), sizeOf(key));
  store<u32>(wait, <u32>block, 48);
  store<u32>(wait, <u32>sizeOf(key), 52);
}

/** The key of the cache; empty for none. */
export function waitKey(wait: usize): Slice {
  return slice(<usize>load<u32>(wait, 48), <usize>load<u32>(wait, 52));
}

/** Gives the memory of the questions back; calls that are under way lose their owner. */
export function dropWaits(record: usize): void {
  const block = <usize>load<u32>(record, WAITS);
  if (block == 0) return;
  const count = waitCount(record);
  for (let position: u32 = 0; position < count; position++) {
    const wait = waitAt(record, position);
    if (waitOutcome(wait) == Outcome.Waiting) disownCall(load<u32>(wait));
    dropExtra(waitExtra(wait));
    const key = load<u32>(wait, 48);
    if (key != 0) giveBlock(<usize>key, <usize>load<u32>(wait, 52));
  }
  giveBlock(block, BLOCK_SIZE_BYTES);
  store<u32>(record, 0, WAITS);
  store<u32>(record, 0, COUNT);
}

// From now on the call's answer belongs to this stream.
function ownCall(token: u32, record: usize): bool {
  let entry = findCall(token);
  if (entry == 0) {
    if (!addCall(token, 0)) return false;
    entry = findCall(token);
  }
  setCallStream(entry, <u32>record);
  return true;
}

// Nobody waits for the call any more; its answer, if one comes, only tells how the backend is.
function disownCall(token: u32): void {
  const entry = findCall(token);
  if (entry == 0) return;
  if (!isCancellable(token)) {
    setCallStream(entry, STREAM_GONE);
    return;
  }
  const connection = callConnection(entry);
  if (connection != 0) changetype<Connection>(connection).abandon();
  cancelCall(token);
  removeCall(entry);
}
