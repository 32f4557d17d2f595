// One quota as the handler needs it: its limits, and which of them a charge has. Both: made while a
// document is loaded, read per request.

import { Overrides } from "../../assembly/sdk";
import { Table } from "./table";

/** How much may be in use, and where what is in use is kept. */
export class Limit {
  constructor(
    readonly maxAmount: i64,
    readonly table: Table,
  ) {}
}

/** One quota: its own limit and those of its overrides. */
export class QuotaDefinition {
  constructor(
    private readonly own: Limit,
    /** Limits of the overrides, in the order of the document. */
    private readonly limits: StaticArray<Limit>,
    private readonly overrides: Overrides,
  ) {}

  /** Memory for the dimension values of a charge. */
  get values(): usize {
    return this.overrides.values;
  }

  /** The limit of the filled values. */
  limit(): Limit {
    const number = this.overrides.find();
    return number < 0 ? this.own : unchecked(this.limits[number]);
  }
}
