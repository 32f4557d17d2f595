// Where the bytes from each place on have stood before.

/** Longer repetitions are cut; a run of zeros takes several. */
export const SIZE_MAX = 272;
/** How many earlier places with the same three bytes are looked at. */
const CANDIDATE_COUNT_MAX = 96;

/** Repetitions from one place: offset and size in turn, sizes ascending, the nearest of each size. */
export type Matches = Int32Array;

/** The repetitions from every place. */
export function findMatches(bytes: Uint8Array): Matches[] {
  const pairs = chain(bytes, 2);
  const triples = chain(bytes, 3);
  return Array.from(bytes, (_, at) => matchesAt(bytes, at, pairs, triples));
}

/** How many bytes from `at` on are the same as from `from` on. */
export function commonSize(bytes: Uint8Array, from: number, at: number): number {
  const most = Math.min(SIZE_MAX, bytes.length - at);
  let size = 0;
  while (size < most && bytes[from + size] === bytes[at + size]) size++;
  return size;
}

function matchesAt(bytes: Uint8Array, at: number, pairs: Int32Array, triples: Int32Array): Matches {
  const found: number[] = [];
  let best = 1;
  const consider = (from: number): void => {
    if (bytes[from + best] !== bytes[at + best]) return;
    const size = commonSize(bytes, from, at);
    if (size <= best) return;
    best = size;
    found.push(at - from, size);
  };
  if (pairs[at]! >= 0) consider(pairs[at]!);
  let from = triples[at]!;
  for (let left = CANDIDATE_COUNT_MAX; from >= 0 && left > 0 && best < SIZE_MAX; left--) {
    consider(from);
    from = triples[from]!;
  }
  return Int32Array.from(found);
}

// For each place the last one before it with the same first bytes; -1 = none.
function chain(bytes: Uint8Array, size: number): Int32Array {
  const last = new Map<number, number>();
  const before = new Int32Array(bytes.length).fill(-1);
  for (let at = 0; at + size <= bytes.length; at++) {
    const key = bytes[at]! | (bytes[at + 1]! << 8) | (size > 2 ? bytes[at + 2]! << 16 : 0);
    before[at] = last.get(key) ?? -1;
    last.set(key, at);
  }
  return before;
}
