// The instructions of compiled expressions. Compiled by asc and by tsc; imports nothing. The
// comment above each is its reference entry. An instruction is 8 bytes, and jumps go forward only:
//
//   0      1       2     4     6     8
//   | op   | mode  | a   | b   | c   |    mode: Sense | absent << 2 | Order << 4

/** What an instruction does. */
export const enum Op {
  /** Ends with the top of the stack. */
  Return = 0,
  /** Ends with constant b. */
  ReturnConstant = 1,
  /** Ends with attribute a, which must be of type b and present. */
  ReturnAttribute = 2,
  /** Ends with attribute a of type b if it is present. */
  ReturnPresent = 3,
  /** Goes on at c. */
  Jump = 4,
  /** Drops the top of the stack. */
  Pop = 5,
  /** Pushes constant b. */
  PushConstant = 6,
  /** Pushes attribute a, which must be of type b and present; a missing key is the empty text. */
  PushAttribute = 7,
  /** Pushes attribute a of type b and goes on at c if it is present; else goes on behind. */
  PushPresent = 8,
  /** Pops a BOOL: the result of the test. */
  Branch = 9,
  /** Evaluates the program of attribute a, unless that is done already in this phase. */
  Prepare = 10,

  /** Attribute a, a BOOL. */
  TestBool = 11,
  /** Whether attribute a, a STRING, equals constant b. */
  TestEqual = 12,
  /** Whether attribute a, a STRING, starts with constant b. */
  TestPrefix = 13,
  /** Whether attribute a, a STRING, ends with constant b. */
  TestSuffix = 14,
  /** Whether attribute a, a STRING, is one of the texts in set b. */
  TestSet = 15,
  /** Whether regular expression b matches attribute a, a STRING. */
  TestPattern = 16,
  /** How attribute a, an INT64, compares with constant b. */
  TestInt = 17,

  /** Whether the popped values of type a, or the popped one and constant b, are equal. */
  Equal = 18,
  /** How the popped values of type a, or the popped one and constant b, compare. */
  Order = 19,
  /** Whether the popped text starts with the one popped before it, or with constant b. */
  StartsWith = 20,
  /** Whether the popped text ends with the one popped before it, or with constant b. */
  EndsWith = 21,
  /** Whether the popped text is one of the texts in set b. */
  InSet = 22,
  /** Whether the popped text matches the popped pattern with one star. */
  Match = 23,
  /** Whether regular expression b matches the popped text. */
  MatchesPattern = 24,
  /** Whether the popped regular expression matches the popped text. */
  MatchesText = 25,

  /** Pops a key (or takes constant b) and a map; pushes the key's text, empty if it has none. */
  Lookup = 26,
  /**
   * Pops a key (or takes constant b) and a map; if the key is there, pushes its text, goes to c.
   */
  LookupPresent = 27,
  /** Pops a texts and pushes them joined. */
  Join = 28,
  /** Pops two INT64, or one and takes constant b; pushes their sum. */
  AddInt = 29,
  /** Pops two DOUBLE, or one and takes constant b; pushes their sum. */
  AddDouble = 30,
  /** Pops a text and pushes its size in bytes. */
  Size = 31,
  /** Pops a text and pushes it in lower case. */
  ToLower = 32,
  /** Pops a text and pushes it as a value of type a. */
  Convert = 33,
  /** Pops two texts and a BOOL; pushes the first text if it is true, else the second. */
  Select = 34,
  /** Pops a text and pushes it backwards. */
  Reverse = 35,

  /** Pops b operands; pushes what function a makes of them. */
  Call = 36,
  /** Pops a replacement and a text; pushes the text with the first match of pattern b replaced. */
  Replace = 37,

  /**
   * First instruction of a CEL program. Behind it stand only Jump and the ones below; what they
   * push may be of any type, or an error that a logical operator can absorb.
   */
  Cel = 38,
  /** Pushes constant b. */
  CelConstant = 39,
  /** Pushes attribute a, or an error. */
  CelAttribute = 40,
  /** Pushes whether attribute a is present. */
  CelHasAttribute = 41,
  /** Pushes cell a of the stack. */
  CelLocal = 42,
  /** Pops a map; pushes whether it has key b. */
  CelHas = 43,
  /** Pops a values; pushes them as a list. */
  CelList = 44,
  /** Pops a keys, each with its value behind it; pushes them as a map. */
  CelMap = 45,
  /** Pops b operands; pushes what function a makes of them. */
  CelCall = 46,
  /** Goes on at c if the top is false; the top stays. */
  CelSkipFalse = 47,
  /** Goes on at c if the top is true; the top stays. */
  CelSkipTrue = 48,
  /** Pops two operands of `&&`; false beats an error. */
  CelAnd = 49,
  /** Pops two operands of `||`; true beats an error. */
  CelOr = 50,
  /** Goes on at c with an error on the top unless it is a bool. */
  CelCondition = 51,
  /** Pops a bool; goes on at c if it is false. */
  CelBranch = 52,
  /**
   * Begins a macro over the list or map on the top: pushes the position. Anything else becomes an
   * error, and c is next. A loop has four cells: range, position, result so far, variable.
   */
  CelIterate = 53,
  /** Next element into the variable of the loop whose range is cell a; c when there is none. */
  CelNext = 54,
  /** Pops a value into the result of the loop at cell a, by Fold; c when it is decided. */
  CelFold = 55,
  /** Pops the top unless it is a bool; then the loop at cell a results in an error, c is next. */
  CelGuard = 56,
  /** Goes back to c. */
  CelLoop = 57,
  /** Pops the loop at cell a; pushes its result, by Fold. */
  CelLeave = 58,
  /** Pops a text; pushes whether regular expression b matches it. */
  CelMatches = 59,
  /** Ends with the top as a value of type a, or fails. */
  CelReturn = 60,
}

/** How many instructions there are. */
export const OP_COUNT = 61;

/** What a macro does with the value of each element; the mode of CelFold and CelLeave. */
export const enum Fold {
  All = 0,
  Exists = 1,
  ExistsOne = 2,
  /** Appends the value. */
  Map = 3,
  /** Appends the variable if the value is true. */
  Filter = 4,
}

/** What a test gives when its attribute is absent; bits of the mode. 0: it fails. */
export const enum AbsentMode {
  False = 4,
  True = 8,
  Either = 12,
}

/** What a test does with its result; the lowest bits of the mode. */
export const enum Sense {
  /** Goes on at c when it is false. */
  JumpIfFalse = 0,
  /** Goes on at c when it is true. */
  JumpIfTrue = 1,
  /** Pushes it. */
  Push = 2,
  /** Pushes its opposite. */
  PushOpposite = 3,
}

/** Orders that count as true, as bits of the mode shifted by 4. */
export const enum Order {
  Less = 1,
  Equal = 2,
  Greater = 4,
}

/** b of an instruction that takes its second operand from the stack. */
export const NO_CONSTANT = 65535;

/** Most instructions of one program: what a jump can reach. */
export const EXPRESSION_CODE_COUNT_MAX = 65535;

/**
 * One row for each instruction: `mnemonic|operands|pops|pushes`. operands: letters for what is
 * used: a attribute, t a type in a, n a number in a, y a type in b, k constant in b, o constant in
 * b or none (then one more is popped), s set in b, p pattern in b, m order in the mode, d result
 * when absent in the mode, j target in c, q test: Sense and target, g function in a with its number
 * of operands in b. Of CEL: v constant of any type
 * in b, c number in a, f function in a with its number of operands in b, l cell of the stack in a,
 * x Fold in the mode, z type in a or any, r target in c, which lies before. pops: `n` is a's
 * number, `2n` twice that, `b` is b's. pushes `?`: only when it jumps.
 */
export const OP_ROWS: string[] = [
  "return||1|",
  "return-constant|k||",
  "return-attribute|ay||",
  "return-present|ay||",
  "jump|j||",
  "pop||1|",
  "push-constant|k||1",
  "push-attribute|ay||1",
  "push-present|ayj||?",
  "branch|q|1|",
  "prepare|a||",
  "test-bool|adq||",
  "test-equal|akdq||",
  "test-prefix|akdq||",
  "test-suffix|akdq||",
  "test-set|asdq||",
  "test-pattern|apdq||",
  "test-int|akmdq||",
  "equal|toq|1|",
  "order|tomq|1|",
  "starts-with|oq|1|",
  "ends-with|oq|1|",
  "in-set|sq|1|",
  "match|q|2|",
  "matches-pattern|pq|1|",
  "matches-text|q|2|",
  "lookup|o|1|1",
  "lookup-present|oj|1|?",
  "join|n|n|1",
  "add-int|o|1|1",
  "add-double|o|1|1",
  "size||1|1",
  "to-lower||1|1",
  "convert|t|1|1",
  "select||3|1",
  "reverse||1|1",
  "call|g|b|1",
  "replace|p|2|1",
  "cel|||",
  "cel-constant|v||1",
  "cel-attribute|a||1",
  "cel-has-attribute|a||1",
  "cel-local|l||1",
  "cel-has|v|1|1",
  "cel-list|c|n|1",
  "cel-map|c|2n|1",
  "cel-call|f|b|1",
  "cel-skip-false|j|1|1",
  "cel-skip-true|j|1|1",
  "cel-and||2|1",
  "cel-or||2|1",
  "cel-condition|j|1|1",
  "cel-branch|j|1|",
  "cel-iterate|j||1",
  "cel-next|lj||",
  "cel-fold|lxj|1|",
  "cel-guard|lj||",
  "cel-loop|r||",
  "cel-leave|lx|4|1",
  "cel-matches|p|1|1",
  "cel-return|z|1|",
];
