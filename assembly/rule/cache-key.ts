// The key under which a check cache remembers a verdict: the document, the handler, and every value
// that the handler was asked about. Values come from attributes, present or absent, so two requests
// with one key put the same question. Every part is tagged and length-prefixed. Hot.

import { CHECK_CACHE_KEY_SIZE_MAX_BYTES } from "../shared/limits";
import { ValueType } from "../shared/types";
import { takeArena } from "../memory/arena";
import { ABSENT, FAILED, Slice, sizeOf } from "../memory/slice";
import { Writer } from "../memory/writer";
import { errorAt, hasValue, intAt, nanosAt, textAt, typeAt } from "../attribute/value";
import { DimensionSet } from "../template/dimension-set";

const NOT_GIVEN: u8 = 0;

/** Builds one key at a time. */
export class CacheKey {
  private readonly out: Writer = new Writer();

  /** Starts a key; the parts are added in a fixed order. */
  open(documentHash: u64, handler: Slice, template: u32): void {
    const size: usize = CHECK_CACHE_KEY_SIZE_MAX_BYTES;
    const at = takeArena(size);
    this.out.open(at, at == 0 ? 0 : size);
    this.out.u64(documentHash);
    this.text(handler);
    this.out.byte(<u8>template);
  }

  /** A text that is always there, be it empty. */
  text(value: Slice): void {
    this.out.u32(<u32>sizeOf(value));
    this.out.bytes(value);
  }

  /** A value cell; 0: none was given. */
  cell(cell: usize): void {
    if (cell == 0) {
      this.out.byte(NOT_GIVEN);
      return;
    }
    const type = typeAt(cell);
    this.out.byte(<u8>type);
    if (!hasValue(cell)) {
      this.out.u16(<u16>errorAt(cell));
    } else if (isNumber(type)) {
      this.out.u64(<u64>intAt(cell));
      if (type == ValueType.Timestamp) this.out.u32(nanosAt(cell));
    } else {
      this.text(textAt(cell));
    }
  }

  /** Values with their names; null: none were given. */
  set(set: DimensionSet | null): void {
    if (set == null) {
      this.out.byte(NOT_GIVEN);
      return;
    }
    this.out.u32(<u32>set.count + 1);
    for (let position = 0; position < set.count; position++) {
      this.text(set.name(position));
      this.cell(set.cell(position));
    }
  }

  /** The finished key in the arena; FAILED when it is too long to be kept. */
  finish(): Slice {
    return this.out.isTruncated || this.out.size == 0 ? FAILED : this.out.written;
  }
}

/** Whether there is a key at all. */
export function isKey(key: Slice): bool {
  return key != ABSENT && key != FAILED && sizeOf(key) > 0;
}

function isNumber(type: u32): bool {
  return (
    type == ValueType.Int64 ||
    type == ValueType.Uint64 ||
    type == ValueType.Double ||
    type == ValueType.Bool ||
    type == ValueType.Timestamp ||
    type == ValueType.Duration
  );
}
