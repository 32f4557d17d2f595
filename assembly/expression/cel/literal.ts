// Literals of CEL → cells of constants. Cold.

import { DiagnosticCode } from "../../shared/diagnostics";
import { ValueType } from "../../shared/types";
import { VALUE_SIZE_BYTES, setDouble, setInt, setText } from "../../attribute/value";
import { Region } from "../../memory/region";
import { slice, startOf } from "../../memory/slice";
import { hexDigit, parseDouble } from "../../text/number";
import { encodeRune, isUtf8 } from "../../text/utf8";
import { CelLexer } from "./lexer";
import { CelToken } from "./token";

const NUMBER: usize = memory.data(8, 8);

/**
 * The cell of the lexer's current token, a literal, with a minus before it or not; 0 after an
 * error.
 */
export function celLiteral(lexer: CelLexer, region: Region, isNegative: bool): usize {
  const cell = region.take(VALUE_SIZE_BYTES);
  switch (<i32>lexer.kind) {
    case CelToken.Text:
    case CelToken.Bytes:
      return textLiteral(lexer, region, cell);
    case CelToken.Double:
      if (!parseDouble(slice(startOf(lexer.source) + lexer.start, lexer.end - lexer.start), NUMBER))
        return failNumber(lexer);
      setDouble(cell, isNegative ? -load<f64>(NUMBER) : load<f64>(NUMBER));
      return cell;
    default:
      return wholeLiteral(lexer, cell, isNegative);
  }
}

function wholeLiteral(lexer: CelLexer, cell: usize, isNegative: bool): usize {
  const isUint = lexer.kind == CelToken.Uint;
  let at = lexer.start;
  const end = isUint ? lexer.end - 1 : lexer.end;
  const isHex = end - at > 1 && (lexer.byte(at + 1) | 32) == 120;
  if (isHex) at += 2;
  const base: u64 = isHex ? 16 : 10;
  if (at == end) return failNumber(lexer);
  let value: u64 = 0;
  for (; at < end; at++) {
    const digit = <u64>hexDigit(<u8>lexer.byte(at));
    if (value > (u64.MAX_VALUE - digit) / base) return failNumber(lexer);
    value = value * base + digit;
  }
  const most: u64 = isUint ? u64.MAX_VALUE : isNegative ? 1 << 63 : (1 << 63) - 1;
  if (value > most) return failNumber(lexer);
  if (isUint) setInt(cell, ValueType.Uint64, value);
  else setInt(cell, ValueType.Int64, isNegative ? <i64>(0 - value) : <i64>value);
  return cell;
}

function failNumber(lexer: CelLexer): usize {
  lexer.fail(DiagnosticCode.BadLiteral, lexer.start, lexer.end, "a number of 64 bits");
  return 0;
}

function textLiteral(lexer: CelLexer, region: Region, cell: usize): usize {
  const isBytes = lexer.kind == CelToken.Bytes;
  const size = lexer.bodyEnd - lexer.bodyStart;
  // What an escape stands for is never longer than the escape.
  const target = region.take(size);
  let to = target;
  let at = lexer.bodyStart;
  while (at < lexer.bodyEnd) {
    const byte = lexer.byte(at++);
    if (byte != 92 || lexer.isRaw) {
      store<u8>(to++, <u8>byte);
      continue;
    }
    const letter = lexer.byte(at);
    const digits = digitCount(letter);
    const rune = digits == 0 ? simpleEscape(letter) : numericEscape(lexer, at, digits, isBytes);
    if (rune < 0) return failEscape(lexer, at);
    if (isBytes && digits > 0) store<u8>(to++, <u8>rune);
    else to += encodeRune(rune, to);
    at += digits == 3 ? 3 : digits + 1;
  }
  const text = slice(target, to - target);
  if (!isBytes && !isUtf8(text)) {
    lexer.fail(DiagnosticCode.BadLiteral, lexer.start, lexer.end, "UTF-8 text");
    return 0;
  }
  setText(cell, isBytes ? ValueType.Bytes : ValueType.String, text);
  return cell;
}

// How many digits an escape has; 3 also counts the first octal one. 0: it has none.
function digitCount(letter: i32): i32 {
  if (letter == 120 || letter == 88) return 2;
  if (letter == 117) return 4;
  if (letter == 85) return 8;
  return letter >= 48 && letter <= 51 ? 3 : 0;
}

function numericEscape(lexer: CelLexer, at: i32, digits: i32, isBytes: bool): i32 {
  if (isBytes && digits > 3) return -1;
  const isOctal = digits == 3;
  const first = isOctal ? at : at + 1;
  let rune: u64 = 0;
  for (let digit = first; digit < first + digits; digit++) {
    const value = digit < lexer.bodyEnd ? hexDigit(<u8>lexer.byte(digit)) : 255;
    if (value >= <u32>(isOctal ? 8 : 16)) return -1;
    rune = rune * (isOctal ? 8 : 16) + value;
  }
  const isSurrogate = rune >= 0xd800 && rune < 0xe000;
  return rune > 0x10ffff || isSurrogate ? -1 : <i32>rune;
}

function simpleEscape(letter: i32): i32 {
  switch (letter) {
    case 97:
      return 7;
    case 98:
      return 8;
    case 102:
      return 12;
    case 110:
      return 10;
    case 114:
      return 13;
    case 116:
      return 9;
    case 118:
      return 11;
    case 34:
    case 39:
    case 63:
    case 92:
    case 96:
      return letter;
    default:
      return -1;
  }
}

function failEscape(lexer: CelLexer, at: i32): usize {
  const expected =
    "\\a \\b \\f \\n \\r \\t \\v \\\\ \\? \\\" \\' \\` \\xHH \\OOO \\uHHHH or \\UHHHHHHHH";
  lexer.fail(DiagnosticCode.BadTextEscape, at - 1, at + 1, expected);
  return 0;
}
