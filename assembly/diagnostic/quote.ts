// Bytes of a document as text that is safe to show: no control or direction-changing characters, no
// bytes that are not UTF-8, never longer than asked. Cold.

import { QUOTE_SIZE_MAX_BYTES } from "../shared/limits";
import { Slice, endOf, slice, startOf } from "../memory/slice";
import { REPLACEMENT_RUNE, decodeRune, runeOf, runeSizeOf } from "../text/utf8";

/** The character as text: a blank for controls, U+FFFD for what could mislead a reader. */
export function safeCharacter(rune: u32): string {
  if (rune < 32 || rune == 127) return " ";
  return String.fromCodePoint(<i32>(isMisleading(rune) ? REPLACEMENT_RUNE : rune));
}

/** At most `sizeMaxBytes` of the bytes; what is cut is shown as `…`. */
export function quoteBytes(bytes: Slice, sizeMaxBytes: usize = QUOTE_SIZE_MAX_BYTES): string {
  const end = endOf(bytes);
  let at = startOf(bytes);
  let text = "";
  while (at < end) {
    const decoded = decodeRune(at, end);
    at += runeSizeOf(decoded);
    if (at - startOf(bytes) > sizeMaxBytes) return text + "…";
    text += safeCharacter(runeOf(decoded));
  }
  return text;
}

/** The same for a string. */
export function quoteText(text: string, sizeMaxBytes: usize = QUOTE_SIZE_MAX_BYTES): string {
  // One unit more than can be shown, so that a pair of surrogates is never cut in the middle.
  const bytes = String.UTF8.encode(text.substr(0, <i32>sizeMaxBytes + 1));
  return quoteBytes(slice(changetype<usize>(bytes), <usize>bytes.byteLength), sizeMaxBytes);
}

function isMisleading(rune: u32): bool {
  if (rune >= 0x80 && rune < 0xa0) return true;
  if (rune >= 0x2028 && rune <= 0x202e) return true;
  return (rune >= 0x2066 && rune <= 0x2069) || rune == 0x200e || rune == 0x200f || rune == 0xfeff;
}
