// What stands behind `(`: nothing, `?:`, a name, or flags. Both: allocates nothing managed.

import { Slice, isPresent, sizeOf, startOf } from "../../memory/slice";
import { Flag, advance, currentFlags, isAtEnd, offset, peek, setFlags, textUntil } from "./cursor";
import { Problem, fail } from "./problem";

/** What takeGroupHead found. */
export const enum GroupHead {
  /** A problem. */
  Broken = 0,
  /** A group follows, closed by `)`. */
  Group = 1,
  /** It was `(?flags)`: no group, the flags hold until the surrounding one ends. */
  Flags = 2,
  /** As Group, and what it matches has a number. */
  Capture = 3,
}

/** Takes the beginning of a group from its `(` on. Flags are in force when it returns. */
export function takeGroupHead(): GroupHead {
  const at = offset();
  advance(1);
  if (peek() != 63) return GroupHead.Capture;
  advance(1);
  const first = peek();
  const second = peek(1);
  const isName = (first == 80 && second == 60) || (first == 60 && second != 61 && second != 33);
  if (isName) return takeName(first == 80 ? 2 : 1, at) ? GroupHead.Capture : GroupHead.Broken;
  if (first == 61 || first == 33 || first == 60) return broken(Problem.LookAround, at);
  if (first == 80 && second == 61) return broken(Problem.BackReference, at);
  return takeFlags(at);
}

function broken(problem: Problem, at: i32): GroupHead {
  fail(problem, at);
  return GroupHead.Broken;
}

// `i`, `m`, `s`, `U`, those behind `-` taken back; closed by `)`, or by `:` before a group.
function takeFlags(at: i32): GroupHead {
  let flags = currentFlags();
  let isMinus = false;
  let hasFlags = true;
  for (; !isAtEnd(); advance(1)) {
    const byte = peek();
    if (byte == 45) {
      if (isMinus) break;
      isMinus = true;
      hasFlags = false;
    } else if (byte == 58 || byte == 41) {
      if (!hasFlags) break;
      advance(1);
      setFlags(flags);
      return byte == 58 ? GroupHead.Group : GroupHead.Flags;
    } else {
      const flag = flagOf(byte);
      if (flag < 0) break;
      flags = isMinus ? flags & ~flag : flags | flag;
      hasFlags = true;
    }
  }
  return broken(isAtEnd() ? Problem.MissingParenthesis : Problem.UnknownGroup, at);
}

function flagOf(letter: u8): i32 {
  if (letter == 105) return Flag.FoldCase;
  if (letter == 109) return Flag.MultiLine;
  if (letter == 115) return Flag.DotAll;
  return letter == 85 ? <i32>Flag.Ungreedy : -1;
}

// Two groups may have one name, as in Go: here groups go by their number.
function takeName(skipped: usize, at: i32): bool {
  advance(skipped);
  const name = textUntil(62);
  if (!isPresent(name) || !isName(name)) return fail(Problem.BadGroupName, at);
  advance(sizeOf(name) + 1);
  return true;
}

function isName(name: Slice): bool {
  if (sizeOf(name) == 0) return false;
  for (let index: usize = 0; index < sizeOf(name); index++) {
    const byte = <u32>load<u8>(startOf(name) + index);
    if (byte - 48 >= 10 && (byte | 32) - 97 >= 26 && byte != 95) return false;
  }
  return true;
}
