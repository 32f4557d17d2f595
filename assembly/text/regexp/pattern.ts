// A compiled regular expression in raw memory: what the compiler writes and the matcher reads. No
// managed memory, so that it can live in a region or in the arena. Both.
//
// An instruction is 8 bytes: | opcode, u32 | operand, u32 |. Branches are relative to themselves.
// A class is | range count, u32 | pad | (from, until), two u32 each | …, ascending and disjoint.

/** What an instruction does; the operand is a code point, a class's address or a distance. */
export const enum Opcode {
  Char = 0,
  Class = 1,
  /** Goes on behind itself and at the distance. */
  Split = 2,
  Jump = 3,
  Match = 4,
  BeginText = 5,
  EndText = 6,
  BeginLine = 7,
  EndLine = 8,
  WordBoundary = 9,
  NoWordBoundary = 10,
  /** Only where groups capture: keeps the place in slot `operand`. */
  Save = 11,
  /** Only where groups capture: as Split, but what a repetition repeats comes second. */
  SplitLazy = 12,
}

/** How a pattern is matched. */
export const enum PatternKind {
  /** By its automaton. */
  Automaton = 0,
  /** It is a literal that may stand anywhere, at the beginning, at the end, or is everything. */
  Contains = 1,
  Prefix = 2,
  Suffix = 3,
  Whole = 4,
}

/** Size of an instruction. */
export const INSTRUCTION_SIZE_BYTES: usize = 8;

/** Lists of known states by hash. */
export const BUCKET_COUNT: u32 = 64;

/** A compiled pattern; it owns nothing, the region or arena that it stands in does. */
// @ts-ignore: decorator
@unmanaged
export class Pattern {
  kind: PatternKind = 0;
  /** The literal of every kind but Automaton. */
  literal: u64 = 0;
  code: usize = 0;
  codeCount: u32 = 0;
  /** Classes of code points that the pattern cannot tell apart, and one more for the text's end. */
  columnCount: u32 = 0;
  /** The column of each ASCII byte, u16 each. */
  asciiColumns: usize = 0;
  /** Where the runs of one column begin from U+0080 on, ascending, u32 each; and their columns. */
  runStarts: usize = 0;
  runColumns: usize = 0;
  runCount: u32 = 0;
  /** The assertions in the code, as bits `1 << Opcode`. */
  assertions: u32 = 0;
  /** Whether nothing can begin after the text's beginning. */
  isAnchored: bool = false;
  /** Sets of instructions as bits, `wordCount` u64 each, and a stack of instructions. */
  wordCount: u32 = 0;
  seen: usize = 0;
  now: usize = 0;
  next: usize = 0;
  stack: usize = 0;
  /** Known states (state.ts): a bounded store that is emptied when it is full. */
  buckets: usize = 0;
  cacheStart: usize = 0;
  cacheEnd: usize = 0;
  cacheAt: usize = 0;
  firstState: usize = 0;
}
