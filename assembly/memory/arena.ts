// Memory of one callback: the host writes its answers here, and so does our own code. Taken back
// whole when the next callback begins; nothing in it outlives the callback. Grows by doubling up to
// ARENA_SIZE_MAX_BYTES and keeps the largest area. Both.

import { ARENA_SIZE_BYTES, ARENA_SIZE_MAX_BYTES } from "../shared/limits";
import { takePages } from "./pages";

let areaStart: usize = 0;
let areaEnd: usize = 0;
let areaAt: usize = 0;

/** Forgets everything taken since the last reset. First thing in every callback. */
// @ts-ignore: decorator
@inline
export function resetArena(): void {
  areaAt = areaStart;
}

/** `size` bytes, 8-aligned and not zeroed, until the next reset; 0 when the limit is reached. */
// @ts-ignore: decorator
@inline
export function takeArena(size: usize): usize {
  const at = areaAt;
  const left = areaEnd - at;
  if (size <= left && left - size >= 8) {
    areaAt = (at + size + 7) & ~7;
    return at;
  }
  return takeLargerArena(size);
}

/** Where the arena stands, to give back scratch memory with releaseArena. */
// @ts-ignore: decorator
@inline
export function markArena(): usize {
  return areaAt;
}

/**
 * Gives back what was taken since `mark`, unless the arena has moved to a larger area meanwhile.
 */
// @ts-ignore: decorator
@inline
export function releaseArena(mark: usize): void {
  if (mark >= areaStart && mark <= areaAt) areaAt = mark;
}

// The old area stays as it is: slices into it are valid until the callback ends.
function takeLargerArena(size: usize): usize {
  if (size > <usize>ARENA_SIZE_MAX_BYTES) return 0;
  let wanted: usize = areaEnd == areaStart ? <usize>ARENA_SIZE_BYTES : (areaEnd - areaStart) << 1;
  while (wanted < size + 16) wanted <<= 1;
  if (wanted > (<usize>ARENA_SIZE_MAX_BYTES) << 1) return 0;
  const start = takePages(wanted);
  if (start == 0) return 0;
  areaStart = start;
  areaEnd = start + wanted;
  areaAt = (start + size + 7) & ~7;
  return start;
}
