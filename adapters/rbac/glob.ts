// Globs in which `*` stands for any bytes. Hot: goes back to the last `*` only, so that the cost is
// at most the product of both sizes.

import { Slice, sizeOf, startOf } from "../../assembly/sdk";

const STAR: u8 = 42;

/** Whether the whole text is of the glob's form. */
export function matchesGlob(glob: Slice, text: Slice): bool {
  const globStart = startOf(glob);
  const globSize = sizeOf(glob);
  const textStart = startOf(text);
  const textSize = sizeOf(text);
  let inGlob: usize = 0;
  let inText: usize = 0;
  let star: isize = -1;
  let starText: usize = 0;
  while (inText < textSize) {
    const wanted = inGlob < globSize ? load<u8>(globStart + inGlob) : 0;
    if (inGlob < globSize && wanted == STAR) {
      star = inGlob++;
      starText = inText;
    } else if (inGlob < globSize && wanted == load<u8>(textStart + inText)) {
      inGlob++;
      inText++;
    } else if (star >= 0) {
      inGlob = <usize>star + 1;
      inText = ++starText;
    } else {
      return false;
    }
  }
  while (inGlob < globSize && load<u8>(globStart + inGlob) == STAR) inGlob++;
  return inGlob == globSize;
}
