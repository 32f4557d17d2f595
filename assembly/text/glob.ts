// Mixer's `match`: text against a pattern with one star at its end or its beginning. Pure. Both.

import { Slice, byteAt, sizeOf, subSlice } from "../memory/slice";
import { endsWith, equal, startsWith } from "../memory/bytes";

/**
 * Whether the text matches: a pattern ending in `*` is a prefix, else one beginning with `*` a
 * suffix, else both must be equal. A second star stands for itself.
 */
export function matchesGlob(text: Slice, pattern: Slice): bool {
  const size = sizeOf(pattern);
  if (size == 0) return sizeOf(text) == 0;
  if (byteAt(pattern, size - 1) == 42) return startsWith(text, subSlice(pattern, 0, size - 1));
  if (byteAt(pattern, 0) == 42) return endsWith(text, subSlice(pattern, 1, size));
  return equal(text, pattern);
}
