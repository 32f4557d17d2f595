// The character classes and small grammars of JSON. Pure. Cold.

import { safeCharacter } from "../diagnostic/quote";
import { hexText, upperCase } from "../text/strings";

/** Whether the byte may stand in a number or a word. */
export function isWordByte(byte: u8): bool {
  if (<u32>(byte | 32) - 97 < 26 || <u32>byte - 48 < 10) return true;
  return byte == 43 || byte == 45 || byte == 46 || byte == 95;
}

/** Whether the bytes are a number by JSON's grammar. */
export function isJsonNumber(at: usize, end: usize): bool {
  if (load<u8>(at) == 45) at++;
  const whole = skipDigits(at, end);
  if (whole == at || (load<u8>(at) == 48 && whole - at > 1)) return false;
  at = whole;
  if (at < end && load<u8>(at) == 46) {
    const fraction = skipDigits(at + 1, end);
    if (fraction == at + 1) return false;
    at = fraction;
  }
  if (at < end && (load<u8>(at) | 32) == 101) {
    at++;
    if (at < end && (load<u8>(at) == 43 || load<u8>(at) == 45)) at++;
    const exponent = skipDigits(at, end);
    if (exponent == at) return false;
    at = exponent;
  }
  return at == end;
}

function skipDigits(at: usize, end: usize): usize {
  while (at < end && <u32>load<u8>(at) - 48 < 10) at++;
  return at;
}

/** A byte as `0x1f`. */
export function hexByte(byte: u8): string {
  return "0x" + hexText(byte, 2);
}

/** A character in backticks, or `U+001F` where it cannot be shown. */
export function shownCharacter(rune: u32): string {
  const character = safeCharacter(rune);
  const isShown = rune > 32 && character != "\ufffd";
  return isShown ? "`" + character + "`" : "U+" + upperCase(hexText(rune, 4));
}
