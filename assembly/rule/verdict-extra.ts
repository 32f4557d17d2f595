// What a verdict carries beyond outcome, code and message, kept for a stream that still waits for
// others: the answer to a denied client, changes of headers, output values. One block for each
// verdict that has any. Hot.
//
//   0      4             8          16       24          64                       128
//   | size | HTTP status | hides    | body   | 5 header  | 8 outputs, 0 = ABSENT  | bytes …
//   |      |             |          |        | lists     |                        |

import { OUTPUT_COUNT_MAX, VERDICT_EXTRA_SIZE_MAX_BYTES } from "../shared/limits";
import { giveBlock, takeBlock } from "../memory/blocks";
import { ABSENT, Slice, emptySlice, isPresent, sizeOf, slice, startOf } from "../memory/slice";
import { Verdict } from "../template/verdict";
import { HEADER_LIST_COUNT, HeaderList } from "../template/verdict-headers";

const HEAD_SIZE_BYTES: usize = 128;
const BODY: usize = 16;
const LISTS: usize = 24;
const OUTPUTS: usize = 64;
const LIST_SCRATCH: usize = memory.data(40, 8);

/** It has nothing more to say. */
export const NO_EXTRA: usize = 0;
/** It has, but there is no room or a part is not fit for HTTP: the verdict counts as failed. */
export const BAD_EXTRA: usize = 1;

/** Keeps what the verdict carries: a block for `dropExtra`, NO_EXTRA or BAD_EXTRA. */
export function keepExtra(verdict: Verdict): usize {
  if (verdict.headers.isBad) return BAD_EXTRA;
  if (!verdict.hasExtra) return NO_EXTRA;
  const size = measure(verdict);
  if (size > <usize>VERDICT_EXTRA_SIZE_MAX_BYTES) return BAD_EXTRA;
  const block = takeBlock(size);
  if (block == 0) return BAD_EXTRA;
  store<u32>(block, <u32>size);
  store<u32>(block, verdict.httpStatus, 4);
  store<u32>(block, verdict.hidesCredential ? 1 : 0, 8);
  let at = block + HEAD_SIZE_BYTES;
  at = copyTo(block + BODY, verdict.body, at);
  for (let list = 0; list < HEADER_LIST_COUNT; list++) {
    const part = (<usize>list) << 3;
    at = copyTo(block + LISTS + part, load<u64>(LIST_SCRATCH + part), at);
  }
  for (let number = 0; number < OUTPUT_COUNT_MAX; number++) {
    const target = block + OUTPUTS + ((<usize>number) << 3);
    at = copyTo(target, unchecked(verdict.outputs[number]), at);
  }
  return block;
}

/** Gives a kept block back. */
export function dropExtra(block: usize): void {
  if (block > BAD_EXTRA) giveBlock(block, load<u32>(block));
}

/** The HTTP status of the answer; 0 for none. */
export function extraStatus(block: usize): u32 {
  return load<u32>(block, 4);
}

/** Whether the request goes on without its credential. */
export function extraHides(block: usize): bool {
  return load<u32>(block, 8) != 0;
}

/** The body of the answer, or ABSENT. */
export function extraBody(block: usize): Slice {
  return load<u64>(block, BODY);
}

/** A list of headers as a packed pairs block; empty without any. */
export function extraHeaders(block: usize, list: HeaderList): Slice {
  const headers = load<u64>(block + LISTS + ((<usize>list) << 3));
  return isPresent(headers) ? headers : emptySlice();
}

/** An output value, or ABSENT. */
export function extraOutput(block: usize, number: i32): Slice {
  return load<u64>(block + OUTPUTS + ((<usize>number) << 3));
}

// Ends the lists of headers as well: each can be ended once.
function measure(verdict: Verdict): usize {
  let size = HEAD_SIZE_BYTES + sizeOf(verdict.body);
  for (let list = 0; list < HEADER_LIST_COUNT; list++) {
    const block = verdict.headers.block(<HeaderList>list);
    store<u64>(LIST_SCRATCH + ((<usize>list) << 3), sizeOf(block) == 0 ? ABSENT : block);
    size += sizeOf(block);
  }
  for (let number = 0; number < OUTPUT_COUNT_MAX; number++) {
    size += sizeOf(unchecked(verdict.outputs[number]));
  }
  return size;
}

function copyTo(target: usize, bytes: Slice, at: usize): usize {
  const size = sizeOf(bytes);
  memory.copy(at, startOf(bytes), size);
  store<u64>(target, isPresent(bytes) ? slice(at, size) : ABSENT);
  return at + size;
}
