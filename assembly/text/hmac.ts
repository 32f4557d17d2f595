// HMAC-SHA-256 (RFC 2104) over slices. Hot: allocates nothing.

import { Slice, sizeOf, slice, startOf } from "../memory/slice";
import {
  SHA256_BLOCK_SIZE_BYTES,
  SHA256_SIZE_BYTES,
  SHA256_STATE_SIZE_BYTES,
  addSha256,
  beginSha256,
  endSha256,
  sha256,
} from "./sha256";

const INNER: u8 = 0x36;
const OUTER: u8 = 0x5c;
const KEY: usize = memory.data(64, 8);
const PADDED: usize = memory.data(64, 8);
const STATE: usize = memory.data(104, 8);

/** Writes the code of a text under a key, 32 bytes, to an address outside the text. */
export function hmacSha256(key: Slice, text: Slice, to: usize): void {
  memory.fill(KEY, 0, SHA256_BLOCK_SIZE_BYTES);
  if (sizeOf(key) > SHA256_BLOCK_SIZE_BYTES) sha256(key, KEY);
  else memory.copy(KEY, startOf(key), sizeOf(key));
  begin(INNER);
  addSha256(STATE, text);
  endSha256(STATE, to);
  begin(OUTER);
  addSha256(STATE, slice(to, SHA256_SIZE_BYTES));
  endSha256(STATE, to);
  // Nothing of the key stays behind for a dump of the memory.
  memory.fill(KEY, 0, SHA256_BLOCK_SIZE_BYTES);
  memory.fill(PADDED, 0, SHA256_BLOCK_SIZE_BYTES);
  memory.fill(STATE, 0, SHA256_STATE_SIZE_BYTES);
}

function begin(mask: u8): void {
  for (let at: usize = 0; at < SHA256_BLOCK_SIZE_BYTES; at++) {
    store<u8>(PADDED + at, load<u8>(KEY + at) ^ mask);
  }
  beginSha256(STATE);
  addSha256(STATE, slice(PADDED, SHA256_BLOCK_SIZE_BYTES));
}
