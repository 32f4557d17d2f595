// Literals → constants. A string literal that reads as a duration is one, as in Mixer. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { ValueType } from "../shared/types";
import { setBool, setDouble, setInt, setText, VALUE_SIZE_BYTES } from "../attribute/value";
import { Region } from "../memory/region";
import { startOf, subSlice } from "../memory/slice";
import { parseDuration } from "../text/duration";
import { parseDouble, parseGoInt, parseInt64 } from "../text/number";
import { encodeRune } from "../text/utf8";
import { Lexer } from "./lexer";
import { ExpressionNode, SyntaxKind } from "./node";
import { Token } from "./token";
import { lowerCase } from "../text/strings";

const NUMBER: usize = memory.data(8, 8);

/**
 * The constant of the lexer's current token, which is an Int, Float or Text; null after an error.
 * `start`: where it begins, with a sign in front of it if it may have one.
 */
export function literalNode(
  lexer: Lexer,
  region: Region,
  start: i32 = lexer.start,
): ExpressionNode | null {
  const text = lexer.textBetween(start, lexer.end);
  const node = new ExpressionNode(SyntaxKind.Constant, text, start, lexer.end);
  node.value = region.take(VALUE_SIZE_BYTES);
  if (lexer.kind == Token.Text) return textNode(lexer, region, node);
  const digits = subSlice(lexer.source, start, lexer.end);
  if (lexer.kind == Token.Int) {
    if (!parseInt64(digits, NUMBER) && !parseGoInt(digits, NUMBER)) return failNumber(lexer, true);
    setInt(node.value, ValueType.Int64, load<i64>(NUMBER));
  } else {
    if (!parseDouble(digits, NUMBER)) return failNumber(lexer, false);
    setDouble(node.value, load<f64>(NUMBER));
  }
  return node;
}

/** `true` or `false` in any letter case, at the lexer's current token; null for other names. */
export function booleanNode(lexer: Lexer, region: Region): ExpressionNode | null {
  const lower = lowerCase(lexer.text);
  if (lower != "true" && lower != "false") return null;
  const node = new ExpressionNode(SyntaxKind.Constant, lower, lexer.start, lexer.end);
  node.value = region.take(VALUE_SIZE_BYTES);
  setBool(node.value, lower == "true");
  return node;
}

function failNumber(lexer: Lexer, isInt: bool): ExpressionNode | null {
  const text = lexer.text;
  const problem = lexer.problems.add(DiagnosticCode.BadLiteral, lexer.start, lexer.end, text);
  const isPlain = text.length < 2 || (text.charCodeAt(0) >= 48 && text.charCodeAt(1) <= 57);
  problem.text =
    (isInt ? "strconv.ParseInt" : "strconv.ParseFloat") +
    ': parsing "' +
    text +
    '": ' +
    (isPlain || !isInt ? "value out of range" : "invalid syntax");
  problem.expected = isInt
    ? "an integer from 0 to 9223372036854775807"
    : "a number within the range of a 64-bit float";
  return null;
}

function textNode(lexer: Lexer, region: Region, node: ExpressionNode): ExpressionNode | null {
  const start = startOf(lexer.source) + lexer.start;
  const size = lexer.end - lexer.start;
  const target = region.take(size);
  const written =
    load<u8>(start) == 96
      ? copyRaw(start + 1, start + size - 1, target)
      : copyUnescaped(lexer, start + 1, start + size - 1, target);
  if (written < 0) return null;
  const text = region.copy(target, written);
  if (parseDuration(text, NUMBER)) setInt(node.value, ValueType.Duration, load<i64>(NUMBER));
  else setText(node.value, ValueType.String, text);
  return node;
}

function copyRaw(at: usize, end: usize, target: usize): i32 {
  let to = target;
  for (; at < end; at++) if (load<u8>(at) != 13) store<u8>(to++, load<u8>(at));
  return <i32>(to - target);
}

// The unescaped form is never longer than the literal.
function copyUnescaped(lexer: Lexer, at: usize, end: usize, target: usize): i32 {
  let to = target;
  while (at < end) {
    const byte = load<u8>(at++);
    if (byte != 92) {
      store<u8>(to++, byte);
      continue;
    }
    const size = escapeSize(load<u8>(at));
    const wrong = size == 0 ? at : wrongDigit(at, size, end);
    const rune = wrong == 0 ? escapedRune(at, size) : -1;
    if (rune < 0) return failEscape(lexer, at, wrong, size == 0);
    if (size == 3 || load<u8>(at) == 120) store<u8>(to++, <u8>rune);
    else to += encodeRune(rune, to);
    at += size;
  }
  return <i32>(to - target);
}

// How many bytes follow the backslash; 0 when Go knows no such escape.
function escapeSize(byte: u8): i32 {
  switch (byte) {
    case 97:
    case 98:
    case 102:
    case 110:
    case 114:
    case 116:
    case 118:
    case 92:
    case 34:
      return 1;
    case 120:
      return 3;
    case 117:
      return 5;
    case 85:
      return 9;
    default:
      return byte >= 48 && byte < 56 ? 3 : 0;
  }
}

// The first byte that is no digit of the escape; 0 when all are.
function wrongDigit(at: usize, size: i32, end: usize): usize {
  if (size == 1) return 0;
  const isOctal = size == 3 && load<u8>(at) != 120;
  const last = at + size;
  for (let digit = isOctal ? at : at + 1; digit < last; digit++) {
    if (digit >= end || digitValue(load<u8>(digit)) >= (isOctal ? 8 : 16)) return digit;
  }
  return 0;
}

function digitValue(byte: u8): i32 {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : 16;
}

// -1 when there is no such code point.
function escapedRune(at: usize, size: i32): i32 {
  const byte = load<u8>(at);
  if (size == 1) return simpleEscape(byte);
  const isOctal = size == 3 && byte != 120;
  let rune: i64 = 0;
  for (let digit = isOctal ? at : at + 1; digit < at + size; digit++) {
    rune = rune * (isOctal ? 8 : 16) + digitValue(load<u8>(digit));
  }
  if (isOctal && rune > 255) return -1;
  return rune > 0x10ffff || (rune >= 0xd800 && rune < 0xe000) ? -1 : <i32>rune;
}

function simpleEscape(byte: u8): i32 {
  switch (byte) {
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
    default:
      return byte;
  }
}

function failEscape(lexer: Lexer, at: usize, wrong: usize, isUnknown: bool): i32 {
  const base = startOf(lexer.source);
  const place = <i32>((wrong == 0 ? at : wrong) - base);
  const message = isUnknown
    ? "unknown escape sequence"
    : wrong == 0
      ? "escape sequence is invalid Unicode code point"
      : "illegal character " + lexer.runeText(place) + " in escape sequence";
  const problem = lexer.fail(DiagnosticCode.BadTextEscape, place, place + 1, message);
  problem.expected = '\\n \\t \\r \\a \\b \\f \\v \\\\ \\" \\xHH \\OOO \\uHHHH or \\UHHHHHHHH';
  if (isUnknown) problem.expected += ", or a literal in backquotes, which knows no escapes";
  return -1;
}
