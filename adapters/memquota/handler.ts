// Charges quotas: finds the limit and the key of a charge, and lets the ledger settle it. Hot:
// allocates nothing managed.

import {
  Deduplication,
  Grant,
  Handler,
  Ledger,
  Quota,
  Settled,
  Slice,
  Terms,
  fillDimensionValues,
  isPresent,
  sizeOf,
  wallClockNanos,
  writeKey,
} from "../../assembly/sdk";
import { Leases } from "./leases";
import { Limit, QuotaDefinition } from "./quota-definition";

/** The quotas of one handler. */
export class MemquotaHandler extends Handler {
  private readonly terms: Terms = new Terms();
  /** Whether the account is that of the last charge: a lease knows nothing of the rest. */
  private isCharged: bool = false;
  private readonly leases: Leases = new Leases();
  /** A new key was charged to the shared entry, since its bucket was full of live keys. */
  private readonly overflow: i32;
  /** Dimension values of more than 1,024 bytes were charged to the shared entry. */
  private readonly keyTooLong: i32;
  /** A deduplication id was not remembered, so that a repetition is charged again. */
  private readonly forgotten: i32;
  /** A rolling window in a crowded bucket got longer slots: what was taken comes back later. */
  private readonly precision: i32;

  /** `definitions` by the number of the instance. */
  constructor(
    private readonly definitions: StaticArray<QuotaDefinition>,
    private readonly ledger: Ledger,
    private readonly deduplication: Deduplication,
  ) {
    super();
    this.overflow = this.drops.declareReason("overflow");
    this.keyTooLong = this.drops.declareReason("key_too_long");
    this.forgotten = this.drops.declareReason("deduplication_full");
    this.precision = this.drops.declareReason("slot_precision");
  }

  onQuota(quota: Quota, grant: Grant): void {
    const id = quota.deduplicationId;
    if (quota.amount == 0) {
      grant.nothing();
    } else if (sizeOf(id) == 0) {
      this.charge(quota, grant);
    } else if (!this.deduplication.find(id, quota.nowNs, grant)) {
      this.charge(quota, grant);
      if (grant.isFailed) return;
      if (!this.deduplication.remember(id, quota.nowNs, grant)) this.drops.add(this.forgotten);
    }
  }

  onTick(nowNs: u64): void {
    this.leases.sweep(this.ledger, nowNs);
  }

  close(): void {
    this.leases.close(this.ledger, wallClockNanos());
    this.deduplication.close();
  }

  private charge(quota: Quota, grant: Grant): void {
    const definition = unchecked(this.definitions[quota.instance]);
    const dimensions = quota.dimensions;
    if (dimensions !== null) fillDimensionValues(dimensions, definition.values);
    const limit = definition.limit();
    const terms = this.terms;
    terms.amount = quota.amount;
    terms.isBestEffort = quota.isBestEffort;
    limit.fill(terms, quota.nowNs);
    this.ledger.window = limit.table.account;
    const key = writeKey(dimensions, definition.values);
    const granted = this.settle(limit, quota.isShadow, key);
    if (granted < 0) grant.fail();
    else this.conclude(quota, limit, granted, grant);
  }

  // What was granted or given back; below 0 when shared data failed.
  private settle(limit: Limit, isShadow: bool, key: Slice): i64 {
    this.isCharged = false;
    if (!isPresent(key)) {
      this.drops.add(this.keyTooLong);
      return this.settleOverflow(limit, isShadow);
    }
    if (this.leases.serve(limit, isShadow, key, this.terms)) return this.terms.amount;
    const settled = this.ledger.charge(limit.table, isShadow, key, this.terms);
    this.isCharged = settled == Settled.Yes;
    if (limit.hasLeases) this.leases.keep(limit, settled == Settled.Yes);
    if (settled == Settled.Failed) return -1;
    if (settled == Settled.Full) {
      this.drops.add(this.overflow);
      return this.settleOverflow(limit, isShadow);
    }
    if (this.ledger.hasShrunk) this.drops.add(this.precision);
    const granted = this.ledger.granted;
    if (this.terms.amount > 0 || limit.table.windowTicks != 0) return granted;
    return this.releaseRest(limit, isShadow, granted);
  }

  private settleOverflow(limit: Limit, isShadow: bool): i64 {
    const settled = this.ledger.chargeOverflow(limit.table, isShadow, this.terms);
    return settled == Settled.Yes ? this.ledger.granted : -1;
  }

  // What a key without a place has taken of an allocation quota stands in the shared entry, from
  // which nothing is ever returned but here.
  private releaseRest(limit: Limit, isShadow: bool, granted: i64): i64 {
    const rest = this.terms.amount + granted;
    if (rest >= 0) return granted;
    this.terms.amount = rest;
    const more = this.settleOverflow(limit, isShadow);
    return more < 0 ? granted : granted + more;
  }

  // Mixer's validity: that of the window for what was granted; where it rolls, for best effort
  // whatever it gave.
  private conclude(quota: Quota, limit: Limit, granted: i64, grant: Grant): void {
    const table = limit.table;
    const isTaken = quota.amount > 0 && (granted > 0 || (quota.isBestEffort && !table.isFixed));
    const validNs = table.account.validNs(this.terms, table.windowNs);
    grant.give(granted, isTaken ? validNs : 0);
    const isRefused = granted == 0 && quota.amount > 0;
    if (isRefused && this.terms.neverFits) grant.neverFits();
    if (!this.isCharged) return;
    grant.remaining = max<i64>(this.terms.limit - table.account.used, 0);
    if (isRefused && !this.terms.neverFits)
      grant.retryAfterNs = table.account.retryNs(this.terms, table.windowNs);
  }
}
