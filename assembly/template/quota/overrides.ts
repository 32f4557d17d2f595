// Which override a charge has: the first whose dimensions all equal the charge's. Overrides that
// name the same dimensions share one hash table, so that thousands of them cost as much as one.
// Hot: allocates nothing.

import { equal, hash } from "../../memory/bytes";
import { FAILED, Slice } from "../../memory/slice";
import { DIMENSION_SIZE_BYTES } from "./dimension-values";

/** Overrides that name the same dimensions. */
export class OverrideGroup {
  /**
   * `positions` of the dimensions; `constants` one slice for each position of each override, row by
   * row; `slots` mask + 1 numbers: 0 = empty, else 1 + row; `orders` of the rows in the document.
   */
  constructor(
    private readonly positions: StaticArray<i32>,
    private readonly constants: usize,
    private readonly slots: StaticArray<i32>,
    private readonly orders: StaticArray<i32>,
  ) {}

  /** The first override, by its number in the document, that equals the values; -1 for none. */
  find(values: usize): i32 {
    const mask = this.slots.length - 1;
    let index = (<i32>this.hashOfValues(values)) & mask;
    for (let slot = unchecked(this.slots[index]); slot != 0; slot = unchecked(this.slots[index])) {
      if (this.equals(slot - 1, values)) return unchecked(this.orders[slot - 1]);
      index = (index + 1) & mask;
    }
    return -1;
  }

  /** Adds a row to the table unless an earlier one is equal. Configure only. */
  insert(row: i32): void {
    const mask = this.slots.length - 1;
    let index = (<i32>this.hashOfRow(row)) & mask;
    for (; this.slots[index] != 0; index = (index + 1) & mask) {
      if (this.isSameRow(this.slots[index] - 1, row)) return;
    }
    this.slots[index] = row + 1;
  }

  // @ts-ignore: decorator
  @inline
  private constant(row: i32, column: i32): Slice {
    return load<u64>(this.constants + ((<usize>(row * this.positions.length + column)) << 3));
  }

  // @ts-ignore: decorator
  @inline
  private value(values: usize, column: i32): Slice {
    return load<u64>(values + <usize>unchecked(this.positions[column]) * DIMENSION_SIZE_BYTES);
  }

  private hashOfValues(values: usize): u64 {
    let code: u64 = 0;
    for (let column = 0; column < this.positions.length; column++) {
      const value = this.value(values, column);
      if (value != FAILED) code = hash(value, code);
    }
    return code;
  }

  private hashOfRow(row: i32): u64 {
    let code: u64 = 0;
    for (let column = 0; column < this.positions.length; column++) {
      code = hash(this.constant(row, column), code);
    }
    return code;
  }

  private equals(row: i32, values: usize): bool {
    for (let column = 0; column < this.positions.length; column++) {
      const value = this.value(values, column);
      if (value == FAILED || !equal(value, this.constant(row, column))) return false;
    }
    return true;
  }

  private isSameRow(left: i32, right: i32): bool {
    for (let column = 0; column < this.positions.length; column++) {
      if (!equal(this.constant(left, column), this.constant(right, column))) return false;
    }
    return true;
  }
}

/** All overrides of one quota, and memory for the values of a charge. */
export class Overrides {
  constructor(
    private readonly groups: StaticArray<OverrideGroup>,
    /** DIMENSION_SIZE_BYTES for each dimension. */
    readonly values: usize,
  ) {}

  /** The first override, by its number in the document, that equals the values; -1 for none. */
  find(): i32 {
    let first = i32.MAX_VALUE;
    for (let index = 0; index < this.groups.length; index++) {
      const order = unchecked(this.groups[index]).find(this.values);
      if (order >= 0 && order < first) first = order;
    }
    return first == i32.MAX_VALUE ? -1 : first;
  }
}
