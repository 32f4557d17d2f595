// The host's packed form of maps: what is written is read again, and no count or size is believed
// that the block has no bytes for.

import { literal, textOf } from "../memory/literal";
import { Slice, sizeOf, slice, startOf } from "../memory/slice";
import { PairsCursor, PairsWriter, joinPairs, pairCount } from "./pairs";

const OUT: usize = memory.data(512, 8);
const cursor = new PairsCursor();
const writer = new PairsWriter();

/** `key=value;` for each pair that the cursor shows. */
function pairs(block: Slice): string {
  cursor.open(block);
  let text = "";
  while (cursor.next()) text += textOf(cursor.key) + "=" + textOf(cursor.value) + ";";
  return text;
}

/** A copy without its last bytes, behind which stands what would make it whole. */
function cut(block: Slice, by: usize): Slice {
  return slice(startOf(block), sizeOf(block) - by);
}

/** Two pairs in a block of their own. */
function written(first: string, second: string): Slice {
  const at = heap.alloc(128);
  writer.open(at, 128, 2);
  writer.add(literal("a"), textSlice(first));
  writer.add(literal("b"), textSlice(second));
  return writer.finish();
}

function textSlice(text: string): Slice {
  const bytes = String.UTF8.encode(text);
  const at = heap.alloc(bytes.byteLength + 1);
  memory.copy(at, changetype<usize>(bytes), bytes.byteLength);
  return slice(at, bytes.byteLength);
}

describe("a block of pairs", () => {
  it("is read as it was written", () => {
    const block = written("1", "");
    expect(pairCount(block)).toBe(2);
    expect(pairs(block)).toBe("a=1;b=;");
  });

  it("may be one pair of two empty texts, and no shorter", () => {
    writer.open(OUT, 512, 1);
    writer.add(slice(OUT, 0), slice(OUT, 0));
    const block = writer.finish();
    expect(sizeOf(block)).toBe(14);
    expect(pairCount(block)).toBe(1);
    expect(pairs(block)).toBe("=;");
    expect(pairCount(cut(block, 1))).toBe(0);
    expect(pairs(cut(block, 1))).toBe("");
  });

  it("has no pairs where it is shorter than its count", () => {
    store<u32>(OUT, 0);
    for (let size: usize = 0; size < 4; size++) {
      expect(pairCount(slice(OUT, size))).toBe(0);
      expect(pairs(slice(OUT, size))).toBe("");
    }
    expect(pairs(slice(OUT, 4))).toBe("");
  });

  it("has no pairs where it claims more than fit", () => {
    for (let claimed: u32 = 3; claimed != 0; claimed = claimed << 1) {
      const block = written("1", "2");
      store<u32>(startOf(block), claimed);
      expect(pairCount(block)).toBe(0);
      expect(pairs(block)).toBe("");
    }
  });

  it("ends in front of a pair that runs past it", () => {
    const block = written("1", "22");
    expect(pairs(block)).toBe("a=1;b=22;");
    expect(pairs(cut(block, 1))).toBe("a=1;");
    store<u32>(startOf(block), 3, 16);
    expect(pairs(block)).toBe("a=1;");
    store<u32>(startOf(block), u32.MAX_VALUE, 12);
    store<u32>(startOf(block), u32.MAX_VALUE, 16);
    expect(pairs(block)).toBe("a=1;");
    store<u32>(startOf(block), u32.MAX_VALUE, 8);
    expect(pairs(block)).toBe("");
  });
});

describe("two blocks as one", () => {
  it("have the pairs of both, in their order", () => {
    expect(pairs(joinPairs(written("1", "2"), written("3", "4")))).toBe("a=1;b=2;a=3;b=4;");
    store<u32>(OUT, 0);
    const none = slice(OUT, 4);
    expect(pairs(joinPairs(none, written("3", "4")))).toBe("a=3;b=4;");
    expect(pairs(joinPairs(written("1", "2"), none))).toBe("a=1;b=2;");
  });

  it("are the first alone where one of them claims more than it has", () => {
    const block = written("1", "2");
    expect(pairs(joinPairs(block, cut(written("3", "4"), 11)))).toBe("a=1;b=2;");
  });
});

describe("a writer of pairs", () => {
  it("takes no pair beyond its count, and none that does not fit", () => {
    writer.open(OUT, 512, 1);
    expect(writer.add(literal("a"), literal("1"))).toBe(true);
    expect(writer.add(literal("b"), literal("2"))).toBe(false);
    expect(pairs(writer.finish())).toBe("a=1;");
    // The count, two heads of 8 bytes, and the 4 bytes of one pair.
    writer.open(OUT, 24, 2);
    expect(writer.add(literal("a"), literal("12"))).toBe(false);
    writer.open(OUT, 24, 2);
    expect(writer.add(literal("a"), literal("1"))).toBe(true);
    expect(writer.add(literal("b"), literal(""))).toBe(false);
    expect(pairs(writer.finish())).toBe("a=1;");
  });

  it("has an empty block without pairs", () => {
    writer.open(OUT, 3, 1);
    expect(writer.add(literal("a"), literal("1"))).toBe(false);
    expect(sizeOf(writer.finish())).toBe(0);
  });
});
