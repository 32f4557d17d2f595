// Hashes and codes as lower-case hexadecimal digits. Hot: texts stand in the arena.

import { takeArena } from "../memory/arena";
import { FAILED, Slice, slice } from "../memory/slice";
import { hmacSha256 } from "../text/hmac";
import { SHA256_SIZE_BYTES, sha256 } from "../text/sha256";

const HASH: usize = memory.data(32, 8);

/** The SHA-256 of a text; FAILED without memory. */
export function hexOfHash(text: Slice): Slice {
  sha256(text, HASH);
  return hexOf();
}

/** The HMAC-SHA-256 of a text under a key; FAILED without memory. */
export function hexOfHmac(key: Slice, text: Slice): Slice {
  hmacSha256(key, text, HASH);
  return hexOf();
}

function hexOf(): Slice {
  const start = takeArena(SHA256_SIZE_BYTES << 1);
  if (start == 0) return FAILED;
  for (let at: usize = 0; at < SHA256_SIZE_BYTES; at++) {
    const byte = load<u8>(HASH + at);
    store<u8>(start + (at << 1), digit(byte >>> 4));
    store<u8>(start + (at << 1) + 1, digit(byte & 15));
  }
  return slice(start, SHA256_SIZE_BYTES << 1);
}

// @ts-ignore: decorator
@inline
function digit(value: u8): u8 {
  return value < 10 ? value + 48 : value + 87;
}
