// From a pattern's text to a program and its columns, all of it in the arena. Both: allocates
// nothing managed.

import { PATTERN_SIZE_MAX_BYTES } from "../../shared/limits";
import { Slice, endOf, sizeOf, startOf } from "../../memory/slice";
import { decodeRune, isBroken, runeSizeOf, skipAscii } from "../utf8";
import { beginClasses } from "./class-set";
import { beginCursor } from "./cursor";
import { isLiteralProgram } from "./link";
import { parsePattern } from "./parse";
import { divide } from "./partition";
import { Problem, clearProblem, fail } from "./problem";
import { beginProgram } from "./program";

/**
 * Translates a pattern; false after a problem (problem.ts). What it leaves in program.ts,
 * class-set.ts and partition.ts stands until the next call or until the arena is released.
 */
export function translate(pattern: Slice): bool {
  return parse(pattern, false) && (isLiteralProgram() || divide());
}

/** The same of a pattern whose groups keep what they matched: no columns, Save among the code. */
export function translateCapturing(pattern: Slice): bool {
  return parse(pattern, true);
}

function parse(pattern: Slice, isCapturing: bool): bool {
  clearProblem();
  if (sizeOf(pattern) > <usize>PATTERN_SIZE_MAX_BYTES) return fail(Problem.TooLong, 0);
  const broken = brokenAt(pattern);
  if (broken >= 0) return fail(Problem.NoUtf8, broken);
  if (!beginProgram(isCapturing) || !beginClasses()) return false;
  beginCursor(pattern);
  return parsePattern();
}

// The offset of the first byte that is no UTF-8; −1 when there is none.
function brokenAt(pattern: Slice): i32 {
  const end = endOf(pattern);
  let at = startOf(pattern);
  while ((at = skipAscii(at, end)) < end) {
    const decoded = decodeRune(at, end);
    if (isBroken(decoded)) return <i32>(at - startOf(pattern));
    at += runeSizeOf(decoded);
  }
  return -1;
}
