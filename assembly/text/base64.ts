// Base64 (RFC 4648), the standard and the URL alphabet alike, padded or not. Strict otherwise: no
// line breaks, no digit too many, no bits left over. Hot: what is decoded stands in the arena.

import { takeArena } from "../memory/arena";
import { ABSENT, FAILED, Slice, byteAt, sizeOf, slice } from "../memory/slice";
import { Writer } from "../memory/writer";

const PAD: u8 = 61;
const NO_DIGIT: u32 = 64;

/** The bytes that a text stands for; ABSENT when it is no base64, FAILED without memory. */
export function decodeBase64(text: Slice): Slice {
  const digitCount = digitCountOf(text);
  if ((digitCount & 3) == 1) return ABSENT;
  const start = takeArena(digitCount);
  if (start == 0) return digitCount == 0 && sizeOf(text) == 0 ? text : FAILED;
  let to = start;
  let bits: u32 = 0;
  let bitCount: u32 = 0;
  for (let at: usize = 0; at < digitCount; at++) {
    const digit = digitOf(byteAt(text, at));
    if (digit == NO_DIGIT) return ABSENT;
    bits = (bits << 6) | digit;
    bitCount += 6;
    if (bitCount < 8) continue;
    bitCount -= 8;
    store<u8>(to++, bits >>> bitCount);
  }
  const left = bits & ((1 << bitCount) - 1);
  return left == 0 ? slice(start, to - start) : ABSENT;
}

// Without padding, which stands only where it fills the last four; what is wrong keeps its `=`,
// which is no digit.
function digitCountOf(text: Slice): usize {
  const size = sizeOf(text);
  if (size == 0 || (size & 3) != 0 || byteAt(text, size - 1) != PAD) return size;
  return byteAt(text, size - 2) == PAD ? size - 2 : size - 1;
}

function digitOf(byte: u32): u32 {
  if (byte - 65 < 26) return byte - 65;
  if (byte - 97 < 26) return byte - 71;
  if (byte - 48 < 10) return byte + 4;
  if (byte == 43 || byte == 45) return 62;
  return byte == 47 || byte == 95 ? 63 : NO_DIGIT;
}

/** Writes bytes in the standard alphabet, padded. */
export function writeBase64(out: Writer, bytes: Slice): void {
  const size = sizeOf(bytes);
  for (let at: usize = 0; at < size; at += 3) {
    const left = size - at;
    let group = (<u32>byteAt(bytes, at)) << 16;
    if (left > 1) group |= (<u32>byteAt(bytes, at + 1)) << 8;
    if (left > 2) group |= <u32>byteAt(bytes, at + 2);
    out.byte(symbolOf(group >>> 18));
    out.byte(symbolOf((group >>> 12) & 63));
    out.byte(left > 1 ? symbolOf((group >>> 6) & 63) : PAD);
    out.byte(left > 2 ? symbolOf(group & 63) : PAD);
  }
}

function symbolOf(digit: u32): u8 {
  if (digit < 26) return <u8>(65 + digit);
  if (digit < 52) return <u8>(71 + digit);
  if (digit < 62) return <u8>(digit - 4);
  return digit == 62 ? 43 : 47;
}
