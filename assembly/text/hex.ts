// Bytes in hexadecimal digits. Pure. Both.

import { Slice, byteAt, sizeOf } from "../memory/slice";
import { hexDigit } from "./number";

/** Writes the bytes that the digits stand for, exactly `size` of them; false for any other text. */
export function parseHex(digits: Slice, to: usize, size: usize): bool {
  if (sizeOf(digits) != size << 1) return false;
  for (let at: usize = 0; at < size; at++) {
    const high = hexDigit(byteAt(digits, at << 1));
    const low = hexDigit(byteAt(digits, (at << 1) + 1));
    if ((high | low) > 15) return false;
    store<u8>(to + at, <u8>((high << 4) | low));
  }
  return true;
}
