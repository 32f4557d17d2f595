// Replaces the first match of a pattern, with RE2's references to groups: `\0` to `\9`, `\\`. Hot:
// the result stands in the arena.

import { takeArena } from "../../memory/arena";
import {
  FAILED,
  Slice,
  byteAt,
  emptySlice,
  endOf,
  sizeOf,
  slice,
  startOf,
} from "../../memory/slice";
import { CapturePattern } from "./capture-pattern";
import { findMatch } from "./capture";

const BACKSLASH: u8 = 92;
const ZERO: u32 = 48;

let to: usize = 0;

/** The subject with its first match replaced, or the subject itself; FAILED without memory. */
export function replaceFirst(pattern: CapturePattern, subject: Slice, replacement: Slice): Slice {
  if (!findMatch(pattern, subject)) return subject;
  const from = <usize>load<u32>(pattern.match);
  const until = <usize>load<u32>(pattern.match, 4);
  const kept = sizeOf(subject) - (until - from);
  const size = kept + expand(pattern, replacement, false);
  if (size == 0) return emptySlice();
  const start = takeArena(size);
  if (start == 0) return FAILED;
  to = start;
  put(slice(startOf(subject), from - startOf(subject)));
  expand(pattern, replacement, true);
  put(slice(until, endOf(subject) - until));
  return slice(start, size);
}

// The size of what the replacement stands for; written as well if wanted. A backslash before
// anything else, and a group that matched nothing, stand for nothing.
function expand(pattern: CapturePattern, replacement: Slice, isWriting: bool): usize {
  let size: usize = 0;
  const end = sizeOf(replacement);
  for (let at: usize = 0; at < end; at++) {
    let piece = slice(startOf(replacement) + at, 1);
    if (byteAt(replacement, at) == BACKSLASH) {
      at++;
      piece = at < end ? referenced(pattern, replacement, at) : emptySlice();
    }
    size += sizeOf(piece);
    if (isWriting) put(piece);
  }
  return size;
}

function referenced(pattern: CapturePattern, replacement: Slice, at: usize): Slice {
  const byte = byteAt(replacement, at);
  if (byte == BACKSLASH) return slice(startOf(replacement) + at, 1);
  const slot = (<u32>byte - ZERO) << 1;
  if (<u32>byte - ZERO >= 10 || slot >= pattern.slotCount) return emptySlice();
  const from = <usize>load<u32>(pattern.match + ((<usize>slot) << 2));
  const until = <usize>load<u32>(pattern.match + ((<usize>slot) << 2), 4);
  return from == 0 || until < from ? emptySlice() : slice(from, until - from);
}

function put(piece: Slice): void {
  memory.copy(to, startOf(piece), sizeOf(piece));
  to += sizeOf(piece);
}
