// Token kinds of the expression language: Go's, as far as an expression can hold them. The printed
// names stand in error texts as Go's parser writes them. Cold.

/** Kinds of tokens; binary operators lie between the two marks, in the order of OPERATOR_NAMES. */
export const enum Token {
  End = 0,
  /** Something that is no token; already reported. */
  Illegal = 1,
  Identifier = 2,
  Int = 3,
  Float = 4,
  Imaginary = 5,
  Char = 6,
  Text = 7,
  LeftParenthesis = 8,
  RightParenthesis = 9,
  LeftBracket = 10,
  RightBracket = 11,
  LeftBrace = 12,
  RightBrace = 13,
  Comma = 14,
  Period = 15,
  Colon = 16,
  Semicolon = 17,
  Ellipsis = 18,
  Not = 19,
  Tilde = 20,
  Arrow = 21,
  /** `=`, `+=`, `++`, `:=` and other statements. */
  Assign = 22,
  Statement = 23,
  Question = 24,

  Or = 32,
  And = 33,
  Equal = 34,
  NotEqual = 35,
  Less = 36,
  LessOrEqual = 37,
  Greater = 38,
  GreaterOrEqual = 39,
  Add = 40,
  Subtract = 41,
  Alternative = 42,
  ExclusiveOr = 43,
  Multiply = 44,
  Divide = 45,
  Remainder = 46,
  ShiftLeft = 47,
  ShiftRight = 48,
  BitAnd = 49,
  BitClear = 50,
}

/** The first binary operator. */
export const FIRST_OPERATOR: i32 = 32;

/** Function names of the binary operators, as Mixer writes them. */
export const OPERATOR_NAMES: string[] = [
  "LOR",
  "LAND",
  "EQ",
  "NEQ",
  "LT",
  "LEQ",
  "GT",
  "GEQ",
  "ADD",
  "SUB",
  "OR",
  "XOR",
  "MUL",
  "QUO",
  "REM",
  "SHL",
  "SHR",
  "AND",
  "AND_NOT",
];

/** How tightly a binary operator binds, 1 to 5; 0 for any other token. */
export function precedenceOf(token: Token): i32 {
  if (token < Token.Or) return 0;
  if (token == Token.Or) return 1;
  if (token == Token.And) return 2;
  if (token <= Token.GreaterOrEqual) return 3;
  return token <= Token.ExclusiveOr ? 4 : 5;
}
