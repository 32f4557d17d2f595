// Checks that wait for an answer: one record of 32 bytes for each, in a block that the stream owns.
// Hot: bounded by WAIT_COUNT_MAX.
//
//   0       4      8        12      16     20     24
//   | token | rule | action | state | code | pad  | message |

import { Code } from "../shared/abi";
import { WAIT_COUNT_MAX } from "../shared/limits";
import { giveBlock, takeBlock } from "../memory/blocks";
import { Slice, emptySlice } from "../memory/slice";
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

const WAIT_SIZE_BYTES: usize = 32;
const BLOCK_SIZE_BYTES: usize = WAIT_SIZE_BYTES * <usize>WAIT_COUNT_MAX;
const WAITS: usize = 64;
const COUNT: usize = 68;
const PENDING: usize = 72;

/** Notes that a check waits for `token`; false without room. */
export function addWait(record: usize, token: u32, rule: i32, action: i32): bool {
  let block = <usize>load<u32>(record, WAITS);
  if (block == 0) {
    block = takeBlock(BLOCK_SIZE_BYTES);
    if (block == 0) return false;
    store<u32>(record, <u32>block, WAITS);
  }
  const count = load<u32>(record, COUNT);
  if (count == WAIT_COUNT_MAX) return false;
  const wait = block + <usize>count * WAIT_SIZE_BYTES;
  if (!ownCall(token, record)) return false;
  store<u32>(wait, token);
  store<i32>(wait, rule, 4);
  store<i32>(wait, action, 8);
  store<u32>(wait, Outcome.Waiting, 12);
  store<u32>(record, count + 1, COUNT);
  store<u32>(record, load<u32>(record, PENDING) + 1, PENDING);
  return true;
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

/** How many answers are still out. */
export function pendingWaits(record: usize): u32 {
  return load<u32>(record, PENDING);
}

/** How many checks have waited. */
export function waitCount(record: usize): u32 {
  return load<u32>(record, COUNT);
}

/** The wait at a position, in the order of the document. */
export function waitAt(record: usize, position: u32): usize {
  return <usize>load<u32>(record, WAITS) + <usize>position * WAIT_SIZE_BYTES;
}

/** The pending wait for a token; 0 when there is none. */
export function findWait(record: usize, token: u32): usize {
  const count = waitCount(record);
  for (let position: u32 = 0; position < count; position++) {
    const wait = waitAt(record, position);
    if (load<u32>(wait) == token && waitOutcome(wait) == Outcome.Waiting) return wait;
  }
  return 0;
}

/** Keeps an answer; a verdict that waits again takes the new token. */
export function settleWait(record: usize, wait: usize, verdict: Verdict): void {
  if (verdict.outcome == Outcome.Waiting) {
    if (ownCall(verdict.token, record)) {
      store<u32>(wait, verdict.token);
      return;
    }
    verdict.fail(Code.Internal, emptySlice());
  }
  store<u32>(wait, verdict.outcome, 12);
  store<i32>(wait, verdict.code, 16);
  store<u64>(wait, keepText(record, verdict.message), 24);
  store<u32>(record, load<u32>(record, PENDING) - 1, PENDING);
}

/** Ends a wait that nobody will answer any more. */
export function failWait(record: usize, wait: usize, code: i32): void {
  disownCall(load<u32>(wait));
  store<u32>(wait, Outcome.Failed, 12);
  store<i32>(wait, code, 16);
  store<u64>(wait, emptySlice(), 24);
  store<u32>(record, load<u32>(record, PENDING) - 1, PENDING);
}

/** How a wait ended; Waiting while it has not. */
// @ts-ignore: decorator
@inline
export function waitOutcome(wait: usize): Outcome {
  return <Outcome>load<u32>(wait, 12);
}

/** The number of the rule that waits. */
// @ts-ignore: decorator
@inline
export function waitRule(wait: usize): i32 {
  return load<i32>(wait, 4);
}

/** The position of the action among the checks of its rule. */
// @ts-ignore: decorator
@inline
export function waitAction(wait: usize): i32 {
  return load<i32>(wait, 8);
}

/** The rpc code of the answer. */
// @ts-ignore: decorator
@inline
export function waitCode(wait: usize): i32 {
  return load<i32>(wait, 16);
}

/** The message of the answer, kept by the stream. */
// @ts-ignore: decorator
@inline
export function waitMessage(wait: usize): Slice {
  return load<u64>(wait, 24);
}

/** Gives the memory of the waits back. */
export function dropWaits(record: usize): void {
  const block = <usize>load<u32>(record, WAITS);
  if (block == 0) return;
  const count = waitCount(record);
  for (let position: u32 = 0; position < count; position++) {
    const wait = waitAt(record, position);
    if (waitOutcome(wait) == Outcome.Waiting) disownCall(load<u32>(wait));
  }
  giveBlock(block, BLOCK_SIZE_BYTES);
  store<u32>(record, 0, WAITS);
  store<u32>(record, 0, COUNT);
  store<u32>(record, 0, PENDING);
}
