// What is wrong with a pattern, for people. Cold.

import {
  CAPTURE_GROUP_COUNT_MAX,
  CAPTURE_INSTRUCTION_COUNT_MAX,
  PATTERN_DEPTH_MAX,
  PATTERN_INSTRUCTION_COUNT_MAX,
  PATTERN_RANGE_COUNT_MAX,
  PATTERN_REPEAT_MAX,
  PATTERN_SIZE_MAX_BYTES,
} from "../../shared/limits";
import { Problem, lastProblem, lastProblemAt } from "./problem";

/** What is wrong with the pattern compiled last, as half a sentence; "" when nothing is. */
export function patternError(): string {
  const problem = lastProblem();
  if (problem == Problem.None) return "";
  return problem >= Problem.TooDeep ? limitText(problem) : syntaxText(problem);
}

/** Where it is wrong: a byte offset in the pattern; −1 when nothing is. */
export function patternErrorAt(): i32 {
  return lastProblemAt();
}

function limitText(problem: Problem): string {
  switch (problem) {
    case Problem.TooDeep:
      return `groups are nested more than ${PATTERN_DEPTH_MAX} deep`;
    case Problem.TooLong:
      return `the pattern is longer than ${PATTERN_SIZE_MAX_BYTES} bytes`;
    case Problem.TooManyInstructions:
      return `the pattern takes more than ${PATTERN_INSTRUCTION_COUNT_MAX} instructions`;
    case Problem.TooManyRanges:
      return `the character classes need more than ${PATTERN_RANGE_COUNT_MAX} ranges`;
    case Problem.ReplacementTooLarge:
      return (
        "that of a replacement takes at most " +
        `${CAPTURE_INSTRUCTION_COUNT_MAX} instructions, ${CAPTURE_GROUP_COUNT_MAX} groups`
      );
    default:
      return "there is no memory for the pattern";
  }
}

function syntaxText(problem: Problem): string {
  switch (problem) {
    case Problem.NoUtf8:
      return "the pattern is no UTF-8";
    case Problem.NothingToRepeat:
      return "nothing stands before this repetition; a `\\` in front makes it a character";
    case Problem.RepeatedTwice:
      return "a repetition is repeated; put the inner one into `(?:…)`";
    case Problem.RepeatCount:
      return `repetition counts ascend up to ${PATTERN_REPEAT_MAX}, multiplied where they nest`;
    case Problem.MissingBracket:
      return "`[` has no `]`";
    case Problem.MissingParenthesis:
      return "`(` has no `)`";
    case Problem.UnexpectedParenthesis:
      return "`)` has no `(`";
    case Problem.TrailingBackslash:
      return "`\\` at the end escapes nothing";
    default:
      return nameText(problem);
  }
}

function nameText(problem: Problem): string {
  switch (problem) {
    case Problem.BackReference:
      return "back-references are not supported: they cannot be matched in linear time";
    case Problem.LookAround:
      return "look-around is not supported: it cannot be matched in linear time";
    case Problem.UnknownGroup:
      return "`(?` is followed by something else than `:`, `P<name>` or the flags i, m, s, U";
    case Problem.BadGroupName:
      return "a group's name is letters, digits and `_`, closed by `>`";
    case Problem.BadRange:
      return "the end of the range is before its beginning";
    case Problem.UnknownPosixClass:
      return "there is no such class in `[:…:]`";
    case Problem.UnknownUnicodeClass:
      return "of Unicode only L, N, Lu, Ll, Greek, Cyrillic, Latin, Han and Any are supported";
    case Problem.BadCodePoint:
      return "this is no code point in hexadecimal, at most 10FFFF";
    default:
      return "RE2's syntax has no such escape";
  }
}
