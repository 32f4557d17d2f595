// Small changes to strings of configuration and diagnostics, of ASCII letters only: the standard
// library's own bring tables of all of Unicode, and a second way to print doubles. Cold.

import { textOf } from "../memory/literal";
import { Writer } from "../memory/writer";
import { writeJsonDouble } from "./double-text";

const CASE_BIT: u16 = 32;
const UPPER_A: u16 = 65;
const LOWER_A: u16 = 97;
const LETTER_COUNT: u16 = 26;
/** A double has at most 17 digits, a sign, a point, leading zeros, and an exponent. */
const DOUBLE_SIZE_MAX_BYTES: usize = 40;
const DOUBLE: usize = memory.data(40, 8);

/** The text with its ASCII letters in lower case. */
export function lowerCase(text: string): string {
  return withOtherCase(text, UPPER_A);
}

/** The text with its ASCII letters in upper case. */
export function upperCase(text: string): string {
  return withOtherCase(text, LOWER_A);
}

function withOtherCase(text: string, first: u16): string {
  // A copy of its own, for strings are constants.
  const made = text.concat(" ").substring(0, text.length);
  const at = changetype<usize>(made);
  for (let index = 0; index < text.length; index++) {
    const place = at + ((<usize>index) << 1);
    const unit = load<u16>(place);
    if (unit >= first && unit < first + LETTER_COUNT) store<u16>(place, unit ^ CASE_BIT);
  }
  return made;
}

/**
 * The texts with a separator between them, in memory of the result's own size: the standard
 * library's `join` makes a text of each beginning, and nothing of a document is collected before
 * the whole is loaded.
 */
export function joined(texts: string[], separator: string): string {
  let size = texts.length > 0 ? (texts.length - 1) * separator.length : 0;
  for (let at = 0; at < texts.length; at++) size += texts[at].length;
  // @ts-ignore: a function of the runtime that asc knows
  const made = changetype<string>(__new((<usize>size) << 1, idof<string>()));
  let to = changetype<usize>(made);
  for (let at = 0; at < texts.length; at++) {
    if (at > 0) to = copyText(separator, to);
    to = copyText(texts[at], to);
  }
  return made;
}

function copyText(text: string, to: usize): usize {
  const size = (<usize>text.length) << 1;
  memory.copy(to, changetype<usize>(text), size);
  return to + size;
}

/** The text with every occurrence of `part`, which is not empty, replaced. */
export function replaced(text: string, part: string, by: string): string {
  return text.includes(part) ? joined(text.split(part), by) : text;
}

/**
 * Names and texts by turns as members of a JSON object, without its braces: for adapters' standard
 * instances. Of all that JSON escapes, the texts have quotes at most.
 */
export function jsonMembers(pairs: string[]): string {
  const members: string[] = [];
  for (let at = 0; at < pairs.length; at += 2) {
    members.push('"' + pairs[at] + '":"' + replaced(pairs[at + 1], '"', '\\"') + '"');
  }
  return joined(members, ",");
}

/** A whole number in decimal digits, with a sign where it is negative; of one of the own tables. */
export function wholeNumber(text: string): i64 {
  const isNegative = text.startsWith("-");
  let value: i64 = 0;
  for (let at = isNegative ? 1 : 0; at < text.length; at++) {
    value = value * 10 + text.charCodeAt(at) - 48;
  }
  return isNegative ? -value : value;
}

/** A double as JSON has it: no point where it is whole. */
export function doubleText(value: f64): string {
  const out = new Writer();
  out.open(DOUBLE, DOUBLE_SIZE_MAX_BYTES);
  writeJsonDouble(out, value);
  return textOf(out.written);
}

/** A number in hexadecimal digits of lower case, at least `sizeMin` of them. */
export function hexText(value: u32, sizeMin: i32): string {
  let text = "";
  let rest = value;
  for (let left = sizeMin; left > 0 || rest != 0; left--) {
    const digit = rest & 15;
    text = String.fromCharCode(digit < 10 ? 48 + digit : 87 + digit) + text;
    rest >>= 4;
  }
  return text;
}
