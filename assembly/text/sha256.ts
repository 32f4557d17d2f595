// SHA-256 (FIPS 180-4) over slices: in one go, or of parts that come one after another. The state
// of a hash stands in memory that the caller owns, so that hashes nest and a begun one can be
// copied. Secrets are compared by `equalInConstantTime` of memory/bytes.ts. Hot: allocates nothing.
//
//   0       32               40            104
//   | state | bytes so far   | begun block |

import { Slice, sizeOf, startOf } from "../memory/slice";

/** Size of a hash. */
export const SHA256_SIZE_BYTES: usize = 32;
/** Size of the state of a hash that is being made. */
export const SHA256_STATE_SIZE_BYTES: usize = 104;
/** The block that is hashed at once. */
export const SHA256_BLOCK_SIZE_BYTES: usize = 64;

const LENGTH: usize = 32;
const BEGUN: usize = 40;
/** Where the length of the text stands in the last block. */
const LENGTH_IN_BLOCK: usize = 56;
const SCHEDULE: usize = memory.data(256, 8);
const STATE: usize = memory.data(104, 8);

const ROUND_KEYS: usize = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);
const INITIAL: usize = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

/** Writes the hash of the bytes, 32 bytes, to an address. */
export function sha256(bytes: Slice, to: usize): void {
  beginSha256(STATE);
  addSha256(STATE, bytes);
  endSha256(STATE, to);
}

/** Begins a hash whose state is SHA256_STATE_SIZE_BYTES at an address. */
export function beginSha256(state: usize): void {
  memory.copy(state, INITIAL, SHA256_SIZE_BYTES);
  store<u64>(state, 0, LENGTH);
}

/** Adds bytes to a hash. */
export function addSha256(state: usize, bytes: Slice): void {
  let at = startOf(bytes);
  let left = sizeOf(bytes);
  const begun = (<usize>load<u64>(state, LENGTH)) & 63;
  store<u64>(state, load<u64>(state, LENGTH) + left, LENGTH);
  if (begun > 0) {
    const missing = SHA256_BLOCK_SIZE_BYTES - begun;
    const taken = left < missing ? left : missing;
    memory.copy(state + BEGUN + begun, at, taken);
    if (taken < missing) return;
    compressSha256(state, state + BEGUN);
    at += taken;
    left -= taken;
  }
  while (left >= SHA256_BLOCK_SIZE_BYTES) {
    compressSha256(state, at);
    at += SHA256_BLOCK_SIZE_BYTES;
    left -= SHA256_BLOCK_SIZE_BYTES;
  }
  memory.copy(state + BEGUN, at, left);
}

/** Ends a hash: writes its 32 bytes to an address, which may be the state itself. */
export function endSha256(state: usize, to: usize): void {
  const length = load<u64>(state, LENGTH);
  const block = state + BEGUN;
  let begun = (<usize>length) & 63;
  store<u8>(block + begun++, 0x80);
  if (begun > LENGTH_IN_BLOCK) {
    memory.fill(block + begun, 0, SHA256_BLOCK_SIZE_BYTES - begun);
    compressSha256(state, block);
    begun = 0;
  }
  memory.fill(block + begun, 0, LENGTH_IN_BLOCK - begun);
  store<u64>(block, bswap(length << 3), LENGTH_IN_BLOCK);
  compressSha256(state, block);
  for (let at: usize = 0; at < SHA256_SIZE_BYTES; at += 4) {
    store<u32>(to + at, bswap(load<u32>(state + at)));
  }
}

/** Takes one whole block of 64 bytes into the eight words of a state. */
export function compressSha256(state: usize, block: usize): void {
  expand(block);
  let a = load<u32>(state);
  let b = load<u32>(state, 4);
  let c = load<u32>(state, 8);
  let d = load<u32>(state, 12);
  let e = load<u32>(state, 16);
  let f = load<u32>(state, 20);
  let g = load<u32>(state, 24);
  let h = load<u32>(state, 28);
  for (let at: usize = 0; at < 256; at += 4) {
    const mixed = rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25);
    const choice = g ^ (e & (f ^ g));
    const first = h + mixed + choice + load<u32>(ROUND_KEYS + at) + load<u32>(SCHEDULE + at);
    const most = (a & b) | (c & (a | b));
    const second = (rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22)) + most;
    h = g;
    g = f;
    f = e;
    e = d + first;
    d = c;
    c = b;
    b = a;
    a = first + second;
  }
  store<u32>(state, load<u32>(state) + a);
  store<u32>(state, load<u32>(state, 4) + b, 4);
  store<u32>(state, load<u32>(state, 8) + c, 8);
  store<u32>(state, load<u32>(state, 12) + d, 12);
  store<u32>(state, load<u32>(state, 16) + e, 16);
  store<u32>(state, load<u32>(state, 20) + f, 20);
  store<u32>(state, load<u32>(state, 24) + g, 24);
  store<u32>(state, load<u32>(state, 28) + h, 28);
}

// The 64 words of the message schedule.
function expand(block: usize): void {
  for (let at: usize = 0; at < 64; at += 4) {
    store<u32>(SCHEDULE + at, bswap(load<u32>(block + at)));
  }
  for (let at: usize = 64; at < 256; at += 4) {
    const word = SCHEDULE + at;
    const near = load<u32>(word - 8);
    const far = load<u32>(word - 60);
    const small = rotr<u32>(far, 7) ^ rotr<u32>(far, 18) ^ (far >>> 3);
    const large = rotr<u32>(near, 17) ^ rotr<u32>(near, 19) ^ (near >>> 10);
    store<u32>(word, load<u32>(word - 64) + small + load<u32>(word - 28) + large);
  }
}
