// A verdict as bytes, for caches: outcome, code, message, outputs, whether the credential goes;
// never headers or bodies, which belong to one caller. What comes back from shared data is parsed
// as hostile. Hot.
//
//   0         1         2       4      8             12      16     then 8 × (u32 size + 1, bytes)
//   | version | outcome | hides | code | HTTP status | size  | text | outputs

import {
  HTTP_STATUS_MAX,
  HTTP_STATUS_MIN,
  OUTPUT_COUNT_MAX,
  VERDICT_BLOB_SIZE_MAX_BYTES,
} from "../shared/limits";
import { takeArena } from "../memory/arena";
import { FAILED, Slice, endOf, isPresent, sizeOf, slice, startOf } from "../memory/slice";
import { Writer } from "../memory/writer";
import { Outcome, Verdict } from "../template/verdict";

const VERSION: u8 = 1;
const HEAD_SIZE_BYTES: usize = 16;
const out = new Writer();

/** The bytes in the arena; FAILED for a verdict that is too long to be kept. */
export function writeVerdict(verdict: Verdict): Slice {
  const size: usize = VERDICT_BLOB_SIZE_MAX_BYTES;
  const at = takeArena(size);
  if (at == 0) return FAILED;
  out.open(at, size);
  out.byte(VERSION);
  out.byte(<u8>verdict.outcome);
  out.u16(verdict.hidesCredential ? 1 : 0);
  out.u32(<u32>verdict.code);
  out.u32(verdict.httpStatus);
  out.u32(<u32>sizeOf(verdict.message));
  out.bytes(verdict.message);
  for (let number = 0; number < OUTPUT_COUNT_MAX; number++) {
    const output = unchecked(verdict.outputs[number]);
    out.u32(isPresent(output) ? <u32>sizeOf(output) + 1 : 0);
    if (isPresent(output)) out.bytes(output);
  }
  return out.isTruncated ? FAILED : out.written;
}

/** Fills a verdict from bytes; false, and the verdict empty, when they are none. */
export function readVerdict(bytes: Slice, verdict: Verdict): bool {
  verdict.reset();
  const start = startOf(bytes);
  if (sizeOf(bytes) < HEAD_SIZE_BYTES || load<u8>(start) != VERSION) return false;
  const outcome = <u32>load<u8>(start, 1);
  if (outcome != <u32>Outcome.Allowed && outcome != <u32>Outcome.Denied) return false;
  verdict.hidesCredential = load<u8>(start, 2) != 0;
  verdict.code = load<i32>(start, 4);
  const status = load<u32>(start, 8);
  if (status != 0 && !isStatus(status)) return refuse(verdict);
  verdict.httpStatus = status;
  let at = start + HEAD_SIZE_BYTES;
  const end = endOf(bytes);
  const size = <usize>load<u32>(start, 12);
  if (size > end - at) return refuse(verdict);
  verdict.message = slice(at, size);
  at += size;
  for (let number = 0; number < OUTPUT_COUNT_MAX; number++) {
    if (end - at < 4) return refuse(verdict);
    const sized = <usize>load<u32>(at);
    at += 4;
    if (sized == 0) continue;
    if (sized - 1 > end - at) return refuse(verdict);
    verdict.output(number, slice(at, sized - 1));
    at += sized - 1;
  }
  verdict.outcome = <Outcome>outcome;
  return true;
}

function isStatus(status: u32): bool {
  return status >= <u32>HTTP_STATUS_MIN && status <= <u32>HTTP_STATUS_MAX;
}

function refuse(verdict: Verdict): bool {
  verdict.reset();
  return false;
}
