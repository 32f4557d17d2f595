// A text as a JSON string. What is no UTF-8 becomes U+FFFD, so that the output is always valid, and
// nothing that ends a line in any reader comes out raw. Pure; allocates nothing. Both.

import { Slice, endOf, slice, startOf } from "../memory/slice";
import { literal } from "../memory/literal";
import { Writer } from "../memory/writer";
import { decodeRune, isBroken, runeOf, runeSizeOf } from "./utf8";

const REPLACEMENT: Slice = literal("\ufffd");
const LOW_ESCAPE: Slice = literal("\\u00");
const LINE_SEPARATOR: Slice = literal("\\u2028");
const PARAGRAPH_SEPARATOR: Slice = literal("\\u2029");

/** Writes a text as a JSON string, quotes included. */
export function writeJsonText(out: Writer, text: Slice): void {
  out.byte(34);
  writeJsonEscaped(out, text);
  out.byte(34);
}

/** Writes a text as it stands between the quotes of a JSON string. */
export function writeJsonEscaped(out: Writer, text: Slice): void {
  const end = endOf(text);
  let at = startOf(text);
  let run = at; // Where the bytes begin that are written as they are.
  while (at < end) {
    if (isPlain(load<u8>(at))) {
      at++;
      continue;
    }
    const decoded = decodeRune(at, end);
    const size = runeSizeOf(decoded);
    if (needsEscape(decoded)) {
      if (at > run) out.bytes(slice(run, at - run));
      writeEscape(out, decoded);
      run = at + size;
    }
    at += size;
  }
  if (at > run) out.bytes(slice(run, at - run));
}

// @ts-ignore: decorator
@inline
function isPlain(byte: u8): bool {
  return byte >= 32 && byte < 127 && byte != 34 && byte != 92;
}

function needsEscape(decoded: u32): bool {
  const rune = runeOf(decoded);
  return rune < 0xa0 || rune == 0x2028 || rune == 0x2029 || isBroken(decoded);
}

function writeEscape(out: Writer, decoded: u32): void {
  const rune = runeOf(decoded);
  if (isBroken(decoded)) return out.bytes(REPLACEMENT);
  if (rune == 0x2028) return out.bytes(LINE_SEPARATOR);
  if (rune == 0x2029) return out.bytes(PARAGRAPH_SEPARATOR);
  const letter = shortEscape(rune);
  if (letter == 0) {
    out.bytes(LOW_ESCAPE);
    return out.hex(<u8>rune);
  }
  out.byte(92);
  out.byte(letter);
}

function shortEscape(rune: u32): u8 {
  if (rune == 34 || rune == 92) return <u8>rune;
  if (rune == 8) return 98;
  if (rune == 9) return 116;
  if (rune == 10) return 110;
  if (rune == 12) return 102;
  return rune == 13 ? 114 : 0;
}
