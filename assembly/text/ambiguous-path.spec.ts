// Ambiguous paths: what is odd, and what only looks like it, at every place of a word of 8 bytes.

import { resetArena } from "../memory/arena";
import { literal } from "../memory/literal";
import { isAmbiguousPath } from "./ambiguous-path";

/** Further than two words. */
const PLACE_COUNT: i32 = 19;

// At how many places a path is ambiguous, of PLACE_COUNT²: `/a`, some `a`, the part, some `z`.
function ambiguousCount(part: string): i32 {
  let count = 0;
  for (let before = 0; before < PLACE_COUNT; before++) {
    for (let behind = 0; behind < PLACE_COUNT; behind++) {
      resetArena();
      const path = literal("/a" + "a".repeat(before) + part + "z".repeat(behind));
      if (isAmbiguousPath(path)) count++;
    }
  }
  return count;
}

describe("an ambiguous path", () => {
  it("is told wherever in it the odd part stands", () => {
    const all = PLACE_COUNT * PLACE_COUNT;
    expect(ambiguousCount("//")).toBe(all);
    expect(ambiguousCount("/./")).toBe(all);
    expect(ambiguousCount("/../")).toBe(all);
    expect(ambiguousCount("/..;x")).toBe(all);
    expect(ambiguousCount("/;x/")).toBe(all);
    expect(ambiguousCount("/%3bx/")).toBe(all);
    expect(ambiguousCount("\\")).toBe(all);
    expect(ambiguousCount("%2F")).toBe(all);
    expect(ambiguousCount("%00")).toBe(all);
    expect(ambiguousCount("%41")).toBe(all);
    expect(ambiguousCount("\0")).toBe(all);
  });

  it("is told at the end of the path only where nothing follows", () => {
    expect(ambiguousCount("/.")).toBe(PLACE_COUNT);
    expect(ambiguousCount("/..")).toBe(PLACE_COUNT);
  });

  it("is none where a part only looks odd", () => {
    expect(ambiguousCount("/.a")).toBe(0);
    expect(ambiguousCount("/...")).toBe(0);
    expect(ambiguousCount("/a;x/")).toBe(0);
    expect(ambiguousCount("/;x")).toBe(0);
    expect(ambiguousCount("%20")).toBe(0);
    expect(ambiguousCount("%2")).toBe(0);
    expect(ambiguousCount("\x01/0a$,_~ÿ")).toBe(0);
  });

  it("is judged in front of the query string and the fragment", () => {
    expect(ambiguousCount("?//")).toBe(0);
    expect(ambiguousCount("#/../")).toBe(0);
    expect(ambiguousCount("?\\%2f\0")).toBe(0);
    expect(ambiguousCount("//?")).toBe(PLACE_COUNT * PLACE_COUNT);
    expect(ambiguousCount("/..?")).toBe(PLACE_COUNT * PLACE_COUNT);
  });
});
