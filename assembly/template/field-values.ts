// The evaluated fields of an instance whose template is an adapter's own, by number. Hot.

import { Slice, emptySlice } from "../memory/slice";
import { DimensionSet } from "./dimension-set";

const NO_PLACES: StaticArray<i32> = [];

/** Filled again for every use; nothing in it outlives the callback. */
export class FieldValues {
  /** Number of the instance among those routed to this handler. */
  instance: i32 = 0;
  name: Slice = emptySlice();
  private set: DimensionSet | null = null;
  private places: StaticArray<i32> = NO_PLACES;

  /**
   * The value cell of a field; 0 where the instance leaves it out, and for a number that no field
   * has.
   */
  cell(field: i32): usize {
    const places = this.places;
    const set = this.set;
    if (<u32>field >= <u32>places.length || set == null) return 0;
    const place = unchecked(places[field]);
    return place < 0 ? 0 : set.cell(place);
  }

  /** For the engine: the values of an instance. */
  show(instance: i32, name: Slice, set: DimensionSet | null, places: StaticArray<i32>): void {
    this.instance = instance;
    this.name = name;
    this.set = set;
    this.places = places;
  }
}
