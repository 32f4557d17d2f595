// One quota as the handler needs it: its limits, and which of them a charge has. Both: made while a
// document is loaded, read per request.

import { Overrides, Terms } from "../../assembly/sdk";
import { Table } from "./table";

// A lease is at most this part of a limit.
const LEASE_PARTS: i64 = 10;

/** How much may be in use, and where what is in use is kept. */
export class Limit {
  /** How much a worker takes at a time; below 2 = what is asked for. */
  readonly leaseSize: i64;

  /** `leaseSize` is what the document says; a small limit has smaller leases. */
  constructor(
    readonly maxAmount: i64,
    readonly table: Table,
    leaseSize: i64,
  ) {
    this.leaseSize = min(leaseSize, maxAmount / LEASE_PARTS);
  }

  /** Fills what the limit says about a charge at a moment. */
  fill(terms: Terms, nowNs: u64): void {
    terms.limit = this.maxAmount;
    terms.tick = this.table.tickAt(nowNs);
    terms.windowTicks = this.table.windowTicks;
    terms.overflowGroup = this.table.overflowGroup(this.maxAmount);
  }

  /** Whether workers take more at a time than they are asked for. */
  get hasLeases(): bool {
    return this.leaseSize > 1;
  }
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
