// Compresses bytes into one LZ4 block (the block format of LZ4, without its frame). Slow and thorough, for it runs once
// for each build; the decoder is the code that unpack-code.ts puts into the module.

const MATCH_SIZE_MIN = 4;
const OFFSET_MAX = 65_535;
/** How many earlier places with the same four bytes are compared. */
const CANDIDATE_COUNT_MAX = 256;
const NIBBLE_MAX = 15;
const BYTE_MAX = 255;

interface Match {
  readonly size: number;
  readonly offset: number;
}

const NO_MATCH: Match = { size: 0, offset: 0 };

/** One block; decoding it gives `bytes` again. */
export function compressBlock(bytes: Uint8Array): Uint8Array {
  const output: number[] = [];
  const places = new Map<number, number[]>();
  let literalsFrom = 0;
  let at = 0;
  while (at + MATCH_SIZE_MIN <= bytes.length) {
    const match = longestMatch(bytes, at, places);
    remember(bytes, at, places);
    // A longer match one byte on is worth one literal more.
    if (match.size === 0 || longestMatch(bytes, at + 1, places).size > match.size + 1) {
      at++;
      continue;
    }
    writeSequence(output, bytes.subarray(literalsFrom, at), match);
    for (let next = at + 1; next < at + match.size; next++) remember(bytes, next, places);
    at += match.size;
    literalsFrom = at;
  }
  writeSequence(output, bytes.subarray(literalsFrom), null);
  return Uint8Array.from(output);
}

function longestMatch(
  bytes: Uint8Array,
  at: number,
  places: ReadonlyMap<number, readonly number[]>,
): Match {
  if (at + MATCH_SIZE_MIN > bytes.length) return NO_MATCH;
  const known = places.get(keyAt(bytes, at)) ?? [];
  let best = NO_MATCH;
  const last = Math.max(0, known.length - CANDIDATE_COUNT_MAX);
  for (let index = known.length - 1; index >= last; index--) {
    const from = known[index]!;
    if (at - from > OFFSET_MAX) break;
    const size = commonSize(bytes, from, at);
    if (size > best.size) best = { size, offset: at - from };
  }
  return best;
}

function commonSize(bytes: Uint8Array, from: number, at: number): number {
  let size = MATCH_SIZE_MIN;
  while (at + size < bytes.length && bytes[from + size] === bytes[at + size]) size++;
  return size;
}

function keyAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

function remember(bytes: Uint8Array, at: number, places: Map<number, number[]>): void {
  if (at + MATCH_SIZE_MIN > bytes.length) return;
  const key = keyAt(bytes, at);
  const known = places.get(key);
  if (known) known.push(at);
  else places.set(key, [at]);
}

// The last sequence of a block has literals only.
function writeSequence(output: number[], literals: Uint8Array, match: Match | null): void {
  const extra = match === null ? 0 : match.size - MATCH_SIZE_MIN;
  output.push(
    (Math.min(literals.length, NIBBLE_MAX) << 4) |
      (match === null ? 0 : Math.min(extra, NIBBLE_MAX)),
  );
  writeRest(output, literals.length);
  for (const byte of literals) output.push(byte);
  if (match === null) return;
  output.push(match.offset & BYTE_MAX, match.offset >> 8);
  writeRest(output, extra);
}

function writeRest(output: number[], size: number): void {
  if (size < NIBBLE_MAX) return;
  let rest = size - NIBBLE_MAX;
  for (; rest >= BYTE_MAX; rest -= BYTE_MAX) output.push(BYTE_MAX);
  output.push(rest);
}
