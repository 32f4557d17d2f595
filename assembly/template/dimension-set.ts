// Named values that an instance's expressions give: a quota's or metric's dimensions, a log entry's
// variables. Instances with the same names and expressions share one set, which is evaluated once
// per callback. Hot: cells in the configuration's memory, texts in the arena or the record.

import { Op } from "../shared/opcodes";
import { ValueType } from "../shared/types";
import { Slice } from "../memory/slice";
import { Bag } from "../attribute/bag";
import { VALUE_SIZE_BYTES, copyValue, hasValue } from "../attribute/value";
import { evaluate } from "../expression/evaluator";
import { Program, opOf } from "../expression/program";
import { readCell } from "../expression/read";

/** What a set keeps of each value: its cell, and the first instruction of its program. */
export const DIMENSION_SIZE_BYTES: usize = VALUE_SIZE_BYTES + 8;

/** Values by position; names in ascending order of their bytes. */
export class DimensionSet {
  /** Position whose expression failed last; -1 for none. */
  private failedAt: i32 = -1;
  private stamp: u64 = 0;

  /** The first instructions of the programs, side by side. */
  private readonly firsts: usize;

  /**
   * In the configuration's memory: `names`, packed slices, and `cells`, 24 bytes for each of them
   * (DIMENSION_SIZE_BYTES).
   */
  constructor(
    readonly count: i32,
    private readonly names: usize,
    private readonly cells: usize,
    private readonly programs: StaticArray<Program>,
  ) {
    this.firsts = cells + <usize>count * VALUE_SIZE_BYTES;
    for (let position = 0; position < count; position++) {
      store<u64>(this.firsts + ((<usize>position) << 3), programs[position].first);
    }
  }

  /** The name at a position. */
  // @ts-ignore: decorator
  @inline
  name(position: i32): Slice {
    return load<u64>(this.names + ((<usize>position) << 3));
  }

  /** The value cell at a position: a value after a good evaluation. */
  // @ts-ignore: decorator
  @inline
  cell(position: i32): usize {
    return this.cells + <usize>position * VALUE_SIZE_BYTES;
  }

  /** The static type at a position. */
  type(position: i32): ValueType {
    return unchecked(this.programs[position]).type;
  }

  /** The program at a position. */
  program(position: i32): Program {
    return unchecked(this.programs[position]);
  }

  /** The position of a name; -1 when the set has none of it. Configure only. */
  find(name: string): i32 {
    for (let position = 0; position < this.count; position++) {
      const text = this.name(position);
      if (String.UTF8.decodeUnsafe(<usize>(<u32>text), <usize>(text >>> 32)) == name)
        return position;
    }
    return -1;
  }

  /** Number of the evaluation that filled the cells; equal numbers mean equal values. */
  get evaluation(): u64 {
    return this.stamp;
  }

  /**
   * Evaluates every value unless this callback already has; false when one fails. The others are
   * evaluated all the same: a handler may take what is absent.
   */
  evaluate(bag: Bag, callback: u64): bool {
    if (this.stamp == callback) return this.failedAt < 0;
    this.stamp = callback;
    this.failedAt = -1;
    for (let position = 0; position < this.count; position++) {
      // Most values are an attribute: its program need not be looked at.
      const first = load<u64>(this.firsts + ((<usize>position) << 3));
      const result =
        opOf(first) == Op.ReturnAttribute
          ? readCell(bag, first)
          : evaluate(unchecked(this.programs[position]), bag);
      copyValue(this.cell(position), result);
      if (!hasValue(result) && this.failedAt < 0) this.failedAt = position;
    }
    return this.failedAt < 0;
  }

  /** Somebody else has filled the cells with values for the callback with this number. */
  fillFor(callback: u64): void {
    this.stamp = callback;
    this.failedAt = -1;
  }

  /** The cell whose expression failed; 0 after a good evaluation. */
  get failedCell(): usize {
    return this.failedAt < 0 ? 0 : this.cell(this.failedAt);
  }
}
