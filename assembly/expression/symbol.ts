// Operators and brackets: the longest one that begins with given bytes, by Go's rules. Cold.

import { Token } from "./token";

/** The token and its size, `size << 8 | token`; 0 when no token begins like this. */
export function symbolOf(byte: i32, next: i32, third: i32): i32 {
  switch (byte) {
    case 40:
      return symbol(Token.LeftParenthesis, 1);
    case 41:
      return symbol(Token.RightParenthesis, 1);
    case 91:
      return symbol(Token.LeftBracket, 1);
    case 93:
      return symbol(Token.RightBracket, 1);
    case 123:
      return symbol(Token.LeftBrace, 1);
    case 125:
      return symbol(Token.RightBrace, 1);
    case 44:
      return symbol(Token.Comma, 1);
    case 59:
      return symbol(Token.Semicolon, 1);
    case 126:
      return symbol(Token.Tilde, 1);
    case 46:
      return next == 46 && third == 46 ? symbol(Token.Ellipsis, 3) : symbol(Token.Period, 1);
    case 58:
      return next == 61 ? symbol(Token.Statement, 2) : symbol(Token.Colon, 1);
    case 33:
      return next == 61 ? symbol(Token.NotEqual, 2) : symbol(Token.Not, 1);
    case 61:
      return next == 61 ? symbol(Token.Equal, 2) : symbol(Token.Assign, 1);
    default:
      return operatorOf(byte, next, third);
  }
}

function operatorOf(byte: i32, next: i32, third: i32): i32 {
  switch (byte) {
    case 60:
      if (next == 45) return symbol(Token.Arrow, 2);
      if (next == 60) return assignable(Token.ShiftLeft, 2, third);
      return next == 61 ? symbol(Token.LessOrEqual, 2) : symbol(Token.Less, 1);
    case 62:
      if (next == 62) return assignable(Token.ShiftRight, 2, third);
      return next == 61 ? symbol(Token.GreaterOrEqual, 2) : symbol(Token.Greater, 1);
    case 38:
      if (next == 38) return symbol(Token.And, 2);
      if (next == 94) return assignable(Token.BitClear, 2, third);
      return assignable(Token.BitAnd, 1, next);
    case 124:
      return next == 124 ? symbol(Token.Or, 2) : assignable(Token.Alternative, 1, next);
    case 43:
      return next == 43 ? symbol(Token.Statement, 2) : assignable(Token.Add, 1, next);
    case 45:
      return next == 45 ? symbol(Token.Statement, 2) : assignable(Token.Subtract, 1, next);
    case 42:
      return assignable(Token.Multiply, 1, next);
    case 47:
      return assignable(Token.Divide, 1, next);
    case 37:
      return assignable(Token.Remainder, 1, next);
    case 94:
      return assignable(Token.ExclusiveOr, 1, next);
    default:
      return 0;
  }
}

function symbol(token: Token, size: i32): i32 {
  return (size << 8) | token;
}

// An operator with `=` behind it is an assignment.
function assignable(token: Token, size: i32, next: i32): i32 {
  return next == 61 ? symbol(Token.Statement, size + 1) : symbol(token, size);
}
