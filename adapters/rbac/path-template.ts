// Path templates: `{*}` is one segment, `{**}` any number of bytes of segments. A compiled template
// is its text with two bytes in place of them. Hot: a walk without going back.

import { Slice, endOf, endsWith, sizeOf, slice, startOf } from "../../assembly/sdk";

/** Stands for `{*}`. */
export const ONE_SEGMENT: u8 = 1;
/** Stands for `{**}`. */
export const ANY_SEGMENTS: u8 = 2;
const SLASH: u8 = 47;

/** Bytes that Envoy's templates let stand in a segment, as bits by code. */
const PLAIN_LOW: u64 = bitsOf("!$%&'()*+,-.0123456789:;=", 0);
const PLAIN_HIGH: u64 = bitsOf("@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~", 64);

function bitsOf(text: string, base: i32): u64 {
  let bits: u64 = 0;
  for (let at = 0; at < text.length; at++) bits |= (<u64>1) << (text.charCodeAt(at) - base);
  return bits;
}

/** Whether a byte may stand in a segment. */
export function isPlainByte(byte: u8): bool {
  if (byte >= 128) return false;
  return (((byte < 64 ? PLAIN_LOW : PLAIN_HIGH) >> (byte & 63)) & 1) != 0;
}

/** Whether the whole path is of the template's form. */
export function matchesTemplate(template: Slice, path: Slice): bool {
  let at = startOf(path);
  const end = endOf(path);
  const templateEnd = endOf(template);
  for (let from = startOf(template); from < templateEnd; from++) {
    const byte = load<u8>(from);
    if (byte == ANY_SEGMENTS) return matchesRest(slice(from + 1, templateEnd - from - 1), at, end);
    if (byte != ONE_SEGMENT) {
      if (at == end || load<u8>(at) != byte) return false;
      at++;
      continue;
    }
    const segment = at;
    while (at < end && isPlainByte(load<u8>(at))) at++;
    const rest = slice(from + 1, templateEnd - from - 1);
    // What follows directly, not behind a slash, is how the last segment must end.
    if (sizeOf(rest) > 0 && load<u8>(startOf(rest)) != SLASH) {
      const found = slice(segment, at - segment);
      return at == end && sizeOf(found) > sizeOf(rest) && endsWith(found, rest);
    }
    if (at == segment) return false;
  }
  return at == end;
}

// Behind `{**}` everything is literal.
function matchesRest(rest: Slice, from: usize, end: usize): bool {
  if (end - from < sizeOf(rest)) return false;
  if (!endsWith(slice(from, end - from), rest)) return false;
  const last = end - sizeOf(rest);
  for (let at = from; at < last; at++) {
    const byte = load<u8>(at);
    if (byte != SLASH && !isPlainByte(byte)) return false;
  }
  return true;
}
