// One quota as the handler needs it: its limits, where its windows are kept, and what the rate
// limit service calls it. Both: made while a document is loaded, read per request.

import { Overrides, QuotaTable, Slice } from "../../assembly/sdk";

/** One quota with its overrides. */
export class QuotaDefinition {
  constructor(
    private readonly maxAmount: i64,
    /** Amounts of the overrides, in the order of the document. */
    private readonly amounts: StaticArray<i64>,
    private readonly overrides: Overrides,
    readonly table: QuotaTable,
    /** Length of the parts of a rolling window; 0 = the window is fixed. */
    readonly bucketNs: i64,
    readonly remote: RemoteName,
  ) {}

  /** Memory for the dimension values of a charge. */
  get values(): usize {
    return this.overrides.values;
  }

  /** How much may be taken in a window, for the filled values. */
  limit(): i64 {
    const number = this.overrides.find();
    return number < 0 ? this.maxAmount : unchecked(this.amounts[number]);
  }
}

/** What the rate limit service is told of a quota beside its dimensions. */
export class RemoteName {
  constructor(
    readonly domain: Slice,
    /** Value of the first entry of its descriptors. */
    readonly name: Slice,
    /** Number of envoy.type.v3.RateLimitUnit. */
    readonly unit: u32,
  ) {}
}
