// What one stream owns between its callbacks: a block of raw memory. Both: its layout is fixed when
// a document is laid out, it is filled and read per request.
//
//   0          8       16     24     28      32     36     40
//   | ctx root | start | whole | size | flags | code | rule | message
//   48     52    56         60     64      68      72         76      80       84       88
//   | text | end | overflow | size | waits | count | previous | stage | trials | shadow | paused
//   92: traffic (traffic.ts) or explanation
//   96          104                108
//   | remaining | retry after in s | has remaining | 112: rule bits, captures, text area
//
// The text area holds captured strings; a second block takes what does not fit. Texts that must not
// lose their end have blocks of their own, linked from `whole`: u32 next, u32 size, bytes.

import { BLOCK_SIZE_MAX_BYTES, giveBlock, takeBlock } from "../memory/blocks";
import { copyBytes } from "../memory/bytes";
import { ABSENT, Slice, emptySlice, sizeOf, slice, startOf } from "../memory/slice";
import { CAPTURE_SIZE_MAX_BYTES } from "../shared/limits";

/** Bytes in front of the rule bits. */
export const RECORD_HEAD_SIZE_BYTES: usize = 112;
const NANOS_PER_SECOND: i64 = 1_000_000_000;
/** In the place of seconds: more than any number of them. */
const NEVER: u32 = u32.MAX_VALUE;
/** Text area that every record has. */
export const RECORD_TEXT_SIZE_BYTES: usize = 160;

const WHOLE: usize = 16;
const WHOLE_HEAD_SIZE_BYTES: usize = 8;

/** Bits of a record's flags. */
export const enum RecordFlag {
  /** `on_request_headers` ran for this stream. */
  RequestSeen = 1,
  /** Its captures are filled. */
  Captured = 2,
  /** A rule denied it. */
  Denied = 4,
  /** A rule in SHADOW mode would have denied it. */
  ShadowDenied = 8,
  /** Its request waits for a callout. */
  Paused = 16,
  /** It is a TCP connection: there are no headers. */
  Connection = 128,
  /** It has an explanation for its response. */
  Explained = 256,
  /** Its listener is one for outbound traffic; told where the document exchanges metadata. */
  Outbound = 512,
  /** Its client sent metadata, and gets some. */
  PeerAsks = 1024,
  /** The same of the node's id. */
  PeerIdAsks = 2048,
}

/**
 * A record of `size` bytes for a stream, of which head and rule bits, the first `clearSize`, are
 * zeroed: captures are written before they are read. 0 when memory for streams is used up.
 */
export function takeRecord(size: usize, clearSize: usize, context: u32, root: u32): usize {
  const record = takeBlock(size);
  if (record == 0) return 0;
  // A loop: memory.fill leaves the module, which costs more than these few words. What it zeroes
  // behind the end is not written yet: the text area is larger than a step.
  const end = record + clearSize;
  for (let at = record; at < end; at += 32) {
    store<u64>(at, 0);
    store<u64>(at, 0, 8);
    store<u64>(at, 0, 16);
    store<u64>(at, 0, 24);
  }
  store<u32>(record, context);
  store<u32>(record, root, 4);
  store<u32>(record, <u32>size, 24);
  return record;
}

/** Whether a record owns anything beside itself: further texts, questions, trials. */
// @ts-ignore: decorator
@inline
export function ownsMore(record: usize): bool {
  const texts = load<u32>(record, WHOLE) | load<u32>(record, 56);
  return (texts | load<u32>(record, 64) | load<u32>(record, 80)) != 0;
}

/** Gives a record that owns nothing beside itself back. */
// @ts-ignore: decorator
@inline
export function giveRecordAlone(record: usize): void {
  giveBlock(record, load<u32>(record, 24));
}

/** Gives a record and what it owns back. */
export function giveRecord(record: usize): void {
  const overflow = <usize>load<u32>(record, 56);
  if (overflow != 0) giveBlock(overflow, load<u32>(record, 60));
  let whole = <usize>load<u32>(record, WHOLE);
  while (whole != 0) {
    const next = <usize>load<u32>(whole);
    giveBlock(whole, load<u32>(whole, 4));
    whole = next;
  }
  giveRecordAlone(record);
}

/** Where the text area begins: everything between head and here is fixed by the document. */
// @ts-ignore: decorator
@inline
export function openText(record: usize, fixedSize: usize): void {
  store<u32>(record, <u32>(record + fixedSize), 48);
  store<u32>(record, <u32>(record + load<u32>(record, 24)), 52);
}

/** A copy of the bytes that lives as long as the stream; cut when the bound is reached. */
export function keepText(record: usize, text: Slice): Slice {
  const size = sizeOf(text);
  if (size == 0) return emptySlice();
  let at = <usize>load<u32>(record, 48);
  let left = textRoom(record);
  if (left < size) {
    at = moreText(record, size);
    left = at == 0 ? 0 : textRoom(record);
  }
  const kept = size < left ? size : left;
  if (kept == 0) return emptySlice();
  copyBytes(at, startOf(text), kept);
  store<u32>(record, <u32>(at + kept), 48);
  return slice(at, kept);
}

/** How many bytes of text have room without a further block. */
// @ts-ignore: decorator
@inline
export function textRoom(record: usize): usize {
  return <usize>load<u32>(record, 52) - <usize>load<u32>(record, 48);
}

/** Makes room for so many bytes of text at once, up to the bound. */
export function reserveText(record: usize, size: usize): void {
  if (size > textRoom(record)) moreText(record, size);
}

// One further block, large enough for the bound; after it texts are cut.
function moreText(record: usize, size: usize): usize {
  const at = <usize>load<u32>(record, 48);
  if (load<u32>(record, 56) != 0) return at;
  let wanted: usize = size > 2048 ? CAPTURE_SIZE_MAX_BYTES : 4096;
  if (wanted > BLOCK_SIZE_MAX_BYTES) wanted = BLOCK_SIZE_MAX_BYTES;
  const block = takeBlock(wanted);
  if (block == 0) return at;
  store<u32>(record, <u32>block, 56);
  store<u32>(record, <u32>wanted, 60);
  store<u32>(record, <u32>block, 48);
  store<u32>(record, <u32>(block + wanted), 52);
  return block;
}

/** The same, never cut and whatever has been kept before; ABSENT without memory. */
export function keepWhole(record: usize, text: Slice): Slice {
  const left = <usize>load<u32>(record, 52) - <usize>load<u32>(record, 48);
  if (sizeOf(text) <= left) return keepText(record, text);
  const size = WHOLE_HEAD_SIZE_BYTES + sizeOf(text);
  const block = takeBlock(size);
  if (block == 0) return ABSENT;
  store<u32>(block, load<u32>(record, WHOLE));
  store<u32>(block, <u32>size, 4);
  store<u32>(record, <u32>block, WHOLE);
  copyBytes(block + WHOLE_HEAD_SIZE_BYTES, startOf(text), sizeOf(text));
  return slice(block + WHOLE_HEAD_SIZE_BYTES, sizeOf(text));
}

/** The RecordFlag bits of a record. */
// @ts-ignore: decorator
@inline
export function recordFlags(record: usize): u32 {
  return load<u32>(record, 28);
}

/** Sets one bit of a record. */
// @ts-ignore: decorator
@inline
export function addRecordFlag(record: usize, flag: RecordFlag): void {
  store<u32>(record, load<u32>(record, 28) | flag, 28);
}

/** Clears one bit of a record. */
// @ts-ignore: decorator
@inline
export function dropRecordFlag(record: usize, flag: RecordFlag): void {
  store<u32>(record, load<u32>(record, 28) & ~flag, 28);
}

/** The stage whose answers the stream waits for. */
// @ts-ignore: decorator
@inline
export function recordStage(record: usize): i32 {
  return load<i32>(record, 76);
}

/** Keeps the stage. */
// @ts-ignore: decorator
@inline
export function setRecordStage(record: usize, stage: i32): void {
  store<i32>(record, stage, 76);
}

/** The first of the trials of rules in SHADOW mode that the stream still adds to; 0 = none. */
// @ts-ignore: decorator
@inline
export function recordTrials(record: usize): usize {
  return <usize>load<u32>(record, 80);
}

/** Sets the first trial. */
// @ts-ignore: decorator
@inline
export function setRecordTrials(record: usize, trial: usize): void {
  store<u32>(record, <u32>trial, 80);
}

/** Remembers the first rule in SHADOW mode that would have denied, and its message. */
export function keepShadow(record: usize, rule: i32, message: Slice): void {
  if (load<u32>(record, 84) != 0) return;
  store<i32>(record, rule + 1, 84);
  store<u64>(record, keepText(record, message), 40);
}

/** The number of that rule; -1 = none. */
// @ts-ignore: decorator
@inline
export function recordShadowRule(record: usize): i32 {
  return load<i32>(record, 84) - 1;
}

/**
 * What a charged quota says: how much is left, below 0 unknown; when to try again, 0 unknown, below
 * 0 never, whatever others say.
 */
export function keepQuota(record: usize, remaining: i64, retryAfterNs: i64): void {
  if (remaining >= 0 && (!hasRemaining(record) || remaining < recordRemaining(record))) {
    store<i64>(record, remaining, 96);
    store<u32>(record, 1, 108);
  }
  if (retryAfterNs < 0) {
    store<u32>(record, NEVER, 104);
    return;
  }
  const seconds = min<i64>((retryAfterNs + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND, i32.MAX_VALUE);
  if (<u32>seconds > load<u32>(record, 104)) store<u32>(record, <u32>seconds, 104);
}

/** Whether a quota said how much is left. */
export function hasRemaining(record: usize): bool {
  return load<u32>(record, 108) != 0;
}

/** The least that is left of a quota. */
export function recordRemaining(record: usize): i64 {
  return load<i64>(record, 96);
}

/** Seconds after which the exhausted quotas have room again; 0 = unknown, or never. */
export function recordRetryAfter(record: usize): u32 {
  const seconds = load<u32>(record, 104);
  return seconds == NEVER ? 0 : seconds;
}

/** The number of the rule that denied; -1 = none. */
export function recordRule(record: usize): i32 {
  return load<i32>(record, 36) - 1;
}

/** Monotonic nanoseconds of the first callback. */
// @ts-ignore: decorator
@inline
export function recordStart(record: usize): u64 {
  return load<u64>(record, 8);
}

/** The rpc code of the denial; 0 when the request passed. */
// @ts-ignore: decorator
@inline
export function recordCode(record: usize): i32 {
  return load<i32>(record, 32);
}

/** `CODE:handler:message` of the denial; where there is none, of the one that would have been. */
// @ts-ignore: decorator
@inline
export function recordMessage(record: usize): Slice {
  return load<u64>(record, 40);
}
