// PBKDF2 with HMAC-SHA-256 (RFC 8018, section 5.2) for one block of 32 bytes. Its cost is its
// purpose: two blocks of SHA-256 for each iteration, so callers bound the iterations and remember
// what they have verified. Hot: allocates nothing.

import { Slice, sizeOf, slice, startOf } from "../memory/slice";
import {
  SHA256_BLOCK_SIZE_BYTES,
  SHA256_SIZE_BYTES,
  SHA256_STATE_SIZE_BYTES,
  addSha256,
  beginSha256,
  compressSha256,
  endSha256,
  sha256,
} from "./sha256";

const INNER_PAD: u64 = 0x3636363636363636;
const OUTER_PAD: u64 = 0x5c5c5c5c5c5c5c5c;
/** Bits of one block and one hash: what inner and outer hash have seen in the end. */
const LENGTH_BITS: u64 = 768;

const KEY: usize = memory.data(64, 8);
const PADDED: usize = memory.data(64, 8);
const INNER: usize = memory.data(104, 8);
const OUTER: usize = memory.data(104, 8);
const STATE: usize = memory.data(104, 8);
/** A hash, followed by the end of the text as SHA-256 wants it. */
const BLOCK: usize = memory.data(64, 8);
const SUM: usize = memory.data(32, 8);
const ONE: usize = memory.data<u8>([0, 0, 0, 1]);

/** Writes the 32 bytes derived from a password to an address. */
export function pbkdf2Sha256(password: Slice, salt: Slice, iterations: i32, to: usize): void {
  setKey(password);
  memory.copy(STATE, INNER, SHA256_STATE_SIZE_BYTES);
  addSha256(STATE, salt);
  addSha256(STATE, slice(ONE, 4));
  endSha256(STATE, BLOCK);
  memory.copy(STATE, OUTER, SHA256_STATE_SIZE_BYTES);
  addSha256(STATE, slice(BLOCK, SHA256_SIZE_BYTES));
  endSha256(STATE, BLOCK);
  memory.fill(BLOCK + 32, 0, 32);
  store<u8>(BLOCK, 0x80, 32);
  store<u64>(BLOCK, bswap(LENGTH_BITS), 56);
  memory.copy(SUM, BLOCK, SHA256_SIZE_BYTES);
  for (let count = 1; count < iterations; count++) {
    step(INNER);
    step(OUTER);
    for (let at: usize = 0; at < SHA256_SIZE_BYTES; at += 8) {
      store<u64>(SUM + at, load<u64>(SUM + at) ^ load<u64>(BLOCK + at));
    }
  }
  memory.copy(to, SUM, SHA256_SIZE_BYTES);
}

// The states behind the padded key, from which each HMAC goes on.
function setKey(password: Slice): void {
  memory.fill(KEY, 0, SHA256_BLOCK_SIZE_BYTES);
  if (sizeOf(password) > SHA256_BLOCK_SIZE_BYTES) sha256(password, KEY);
  else memory.copy(KEY, startOf(password), sizeOf(password));
  begin(INNER, INNER_PAD);
  begin(OUTER, OUTER_PAD);
}

function begin(state: usize, pad: u64): void {
  for (let at: usize = 0; at < SHA256_BLOCK_SIZE_BYTES; at += 8) {
    store<u64>(PADDED + at, load<u64>(KEY + at) ^ pad);
  }
  beginSha256(state);
  addSha256(state, slice(PADDED, SHA256_BLOCK_SIZE_BYTES));
}

// The hash in BLOCK becomes the hash of it behind the key.
function step(from: usize): void {
  memory.copy(STATE, from, SHA256_SIZE_BYTES);
  compressSha256(STATE, BLOCK);
  for (let at: usize = 0; at < SHA256_SIZE_BYTES; at += 4) {
    store<u32>(BLOCK + at, bswap(load<u32>(STATE + at)));
  }
}
