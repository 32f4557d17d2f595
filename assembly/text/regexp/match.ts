// Matching: whether a pattern matches anywhere in a subject, in time linear in the subject. Never
// backtracks, never allocates, never traps on any bytes. Hot.

import { Slice, endOf, startOf } from "../../memory/slice";
import { endsWith, equal, indexOf, startsWith } from "../../memory/bytes";
import { decodeRune, runeOf, runeSizeOf } from "../utf8";
import { Pattern, PatternKind } from "./pattern";
import { END_OF_TEXT, ROW_OFFSET, Target, findTarget, firstState } from "./state";

/**
 * Whether the pattern matches somewhere in the subject. Bytes that are no UTF-8 count as U+FFFD
 * each, as in Go. The subject must be present.
 */
export function matchesPattern(pattern: Pattern, subject: Slice): bool {
  switch (pattern.kind) {
    case PatternKind.Contains:
      return indexOf(subject, pattern.literal) >= 0;
    case PatternKind.Prefix:
      return startsWith(subject, pattern.literal);
    case PatternKind.Suffix:
      return endsWith(subject, pattern.literal);
    case PatternKind.Whole:
      return equal(subject, pattern.literal);
    default:
      return run(pattern, subject);
  }
}

function run(pattern: Pattern, subject: Slice): bool {
  const columns = pattern.asciiColumns;
  const end = endOf(subject);
  let at = startOf(subject);
  let state = firstState(pattern);
  while (at < end) {
    let rune: u32 = load<u8>(at);
    let column: u32;
    if (rune < 128) {
      column = load<u16>(columns + ((<usize>rune) << 1));
      at++;
    } else {
      const decoded = decodeRune(at, end);
      rune = runeOf(decoded);
      column = columnOf(pattern, rune);
      at += runeSizeOf(decoded);
    }
    let target = <usize>load<u32>(state + ROW_OFFSET + ((<usize>column) << 2));
    if (target <= <usize>Target.Dead) {
      if (target == Target.Unknown) target = findTarget(pattern, state, column, rune);
      if (target <= <usize>Target.Dead) return target == Target.Matched;
    }
    state = target;
  }
  const last = pattern.columnCount - 1;
  const target = <usize>load<u32>(state + ROW_OFFSET + ((<usize>last) << 2));
  if (target != Target.Unknown) return target == Target.Matched;
  return findTarget(pattern, state, last, END_OF_TEXT) == Target.Matched;
}

// The column of a code point beyond ASCII.
function columnOf(pattern: Pattern, rune: u32): u32 {
  let low: u32 = 0;
  let high = pattern.runCount;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (load<u32>(pattern.runStarts + ((<usize>middle) << 2)) <= rune) low = middle;
    else high = middle;
  }
  return load<u32>(pattern.runColumns + ((<usize>low) << 2));
}
