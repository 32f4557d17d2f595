// Sorts overrides into groups that name the same dimensions, and builds the hash table of each.
// Cold: runs while a document is loaded.

import { Region } from "../../memory/region";
import { Slice } from "../../memory/slice";
import { OverrideGroup } from "./overrides";

/** Overrides of one group while they are collected. */
class OpenGroup {
  readonly orders: i32[] = [];
  readonly constants: Slice[] = [];

  constructor(
    readonly name: string,
    readonly positions: i32[],
  ) {}
}

/** Collects the overrides of one quota. */
export class GroupBuilder {
  private readonly open: OpenGroup[] = [];
  private count: i32 = 0;

  constructor(private readonly region: Region) {}

  /** Adds the next override: the dimensions it names, ascending, and their values. */
  add(positions: i32[], constants: Slice[]): void {
    const group = this.group(positions);
    group.orders.push(this.count++);
    for (let index = 0; index < constants.length; index++) group.constants.push(constants[index]);
  }

  /** Passes over an override that can never apply. */
  skip(): void {
    this.count++;
  }

  /** The groups, ready for use. */
  finish(): StaticArray<OverrideGroup> {
    const groups: OverrideGroup[] = [];
    for (let index = 0; index < this.open.length; index++)
      groups.push(this.close(this.open[index]));
    return StaticArray.fromArray(groups);
  }

  private group(positions: i32[]): OpenGroup {
    const name = positions.join(",");
    for (let index = 0; index < this.open.length; index++) {
      if (this.open[index].name == name) return this.open[index];
    }
    const group = new OpenGroup(name, positions);
    this.open.push(group);
    return group;
  }

  private close(group: OpenGroup): OverrideGroup {
    const constants = this.region.take((<usize>group.constants.length + 1) << 3);
    for (let index = 0; index < group.constants.length; index++) {
      store<u64>(constants + ((<usize>index) << 3), group.constants[index]);
    }
    let capacity = 4;
    while (capacity < group.orders.length << 1) capacity <<= 1;
    const closed = new OverrideGroup(
      StaticArray.fromArray(group.positions),
      constants,
      new StaticArray<i32>(capacity),
      StaticArray.fromArray(group.orders),
    );
    for (let row = 0; row < group.orders.length; row++) closed.insert(row);
    return closed;
  }
}
