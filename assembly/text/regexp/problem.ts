// The first thing that is wrong with the pattern being compiled: a number and a place. The texts
// are in problem-text.ts. Both: patterns are also compiled at run time.

/** What can be wrong with a pattern. */
export const enum Problem {
  None = 0,
  NoUtf8 = 1,
  NothingToRepeat = 2,
  RepeatedTwice = 3,
  RepeatCount = 4,
  MissingBracket = 5,
  MissingParenthesis = 6,
  UnexpectedParenthesis = 7,
  TrailingBackslash = 8,
  UnknownEscape = 9,
  BackReference = 10,
  LookAround = 11,
  UnknownGroup = 12,
  BadGroupName = 13,
  BadRange = 14,
  UnknownPosixClass = 15,
  UnknownUnicodeClass = 16,
  BadCodePoint = 17,
  TooDeep = 18,
  TooLong = 19,
  TooManyInstructions = 20,
  TooManyRanges = 21,
  OutOfMemory = 22,
  ReplacementTooLarge = 23,
}

let problem: Problem = Problem.None;
let offset: i32 = -1;

/** Forgets the last problem. */
export function clearProblem(): void {
  problem = Problem.None;
  offset = -1;
}

/** Notes a problem at a byte offset in the pattern unless there is one already. Always false. */
export function fail(found: Problem, at: i32): bool {
  if (problem == Problem.None) {
    problem = found;
    offset = at;
  }
  return false;
}

/** The problem of the last compilation. */
export function lastProblem(): Problem {
  return problem;
}

/** Where it is: a byte offset in the pattern; −1 when there is no problem. */
export function lastProblemAt(): i32 {
  return offset;
}
