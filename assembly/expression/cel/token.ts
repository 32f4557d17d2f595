// Token kinds of CEL, and how tightly its operators bind. Cold.

import { CelFunction } from "../../shared/cel-functions";

/** Kinds of tokens. Operators that call a function begin at FIRST_FUNCTION, in their order. */
export const enum CelToken {
  End = 0,
  /** Something that is no token; already reported. */
  Illegal = 1,
  Identifier = 2,
  /** A name in backquotes; it can only stand behind a dot. */
  QuotedName = 3,
  Int = 4,
  Uint = 5,
  Double = 6,
  Text = 7,
  Bytes = 8,
  LeftParenthesis = 9,
  RightParenthesis = 10,
  LeftBracket = 11,
  RightBracket = 12,
  LeftBrace = 13,
  RightBrace = 14,
  Comma = 15,
  Period = 16,
  Colon = 17,
  Question = 18,
  Not = 19,
  And = 20,
  Or = 21,
  Add = 32,
  Subtract = 33,
  Multiply = 34,
  Divide = 35,
  Remainder = 36,
  Equal = 39,
  NotEqual = 40,
  Less = 41,
  LessOrEqual = 42,
  Greater = 43,
  GreaterOrEqual = 44,
  In = 45,
}

const FIRST_FUNCTION: i32 = 32;

/** How tightly a binary operator that calls a function binds, 1 to 3; 0 for any other token. */
export function bindingOf(token: CelToken): i32 {
  if (token < CelToken.Add) return 0;
  if (token >= CelToken.Equal) return 1;
  return token <= CelToken.Subtract ? 2 : 3;
}

/** The function that a binary operator calls. */
export function functionOf(token: CelToken): CelFunction {
  return <CelFunction>(<i32>token - FIRST_FUNCTION);
}

/** The token of an operator or bracket and its size, `size << 8 | token`; 0 for none. */
export function celSymbolOf(byte: i32, next: i32): i32 {
  switch (byte) {
    case 33:
      return next == 61 ? symbol(CelToken.NotEqual, 2) : symbol(CelToken.Not, 1);
    case 37:
      return symbol(CelToken.Remainder, 1);
    case 38:
      return next == 38 ? symbol(CelToken.And, 2) : 0;
    case 40:
      return symbol(CelToken.LeftParenthesis, 1);
    case 41:
      return symbol(CelToken.RightParenthesis, 1);
    case 42:
      return symbol(CelToken.Multiply, 1);
    case 43:
      return symbol(CelToken.Add, 1);
    case 44:
      return symbol(CelToken.Comma, 1);
    case 45:
      return symbol(CelToken.Subtract, 1);
    case 46:
      return symbol(CelToken.Period, 1);
    case 47:
      return symbol(CelToken.Divide, 1);
    case 58:
      return symbol(CelToken.Colon, 1);
    case 60:
      return next == 61 ? symbol(CelToken.LessOrEqual, 2) : symbol(CelToken.Less, 1);
    case 61:
      return next == 61 ? symbol(CelToken.Equal, 2) : 0;
    case 62:
      return next == 61 ? symbol(CelToken.GreaterOrEqual, 2) : symbol(CelToken.Greater, 1);
    case 63:
      return symbol(CelToken.Question, 1);
    case 91:
      return symbol(CelToken.LeftBracket, 1);
    case 93:
      return symbol(CelToken.RightBracket, 1);
    case 123:
      return symbol(CelToken.LeftBrace, 1);
    case 124:
      return next == 124 ? symbol(CelToken.Or, 2) : 0;
    case 125:
      return symbol(CelToken.RightBrace, 1);
    default:
      return 0;
  }
}

function symbol(token: CelToken, size: i32): i32 {
  return (size << 8) | token;
}
