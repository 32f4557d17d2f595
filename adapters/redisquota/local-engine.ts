// Charges quotas within this Envoy: in shared data, exact for all of its workers, by Mixer's
// algorithms of redisquota. Hot: allocates nothing managed.

import {
  Code,
  Deduplication,
  DropCounter,
  Grant,
  Ledger,
  QUOTA_KEY_SIZE_MAX_BYTES,
  Quota,
  Settled,
  Slice,
  Terms,
  Writer,
  isPresent,
  literal,
  sizeOf,
} from "../../assembly/sdk";
import { FixedWindow } from "./fixed-window";
import { QuotaDefinition } from "./quota-definition";
import { RollingWindow } from "./rolling-window";
import { TimedWindow } from "./timed-window";

const UNAVAILABLE = literal("shared data could not be read or stored");
const ID_SIZE_MAX_BYTES: usize = <usize>QUOTA_KEY_SIZE_MAX_BYTES + 1024;
const ID: usize = memory.data(QUOTA_KEY_SIZE_MAX_BYTES + 1024, 8);
const id = new Writer();

/** The windows of one handler. */
export class LocalEngine {
  private readonly terms: Terms = new Terms();
  /** Whether the last charge went to an entry that keys share. */
  private isShared: bool = false;
  /** A new key was charged to the shared entry, since its bucket was full of live keys. */
  private readonly overflow: i32;
  /** Dimension values of more than 1,024 bytes were charged to the shared entry. */
  private readonly keyTooLong: i32;
  /** A deduplication id was not remembered, so that a repetition is charged again. */
  private readonly forgotten: i32;

  constructor(
    private readonly drops: DropCounter,
    private readonly fixed: FixedWindow,
    private readonly fixedLedger: Ledger,
    private readonly rolling: RollingWindow,
    private readonly rollingLedger: Ledger,
    private readonly deduplication: Deduplication,
  ) {
    this.overflow = drops.declareReason("overflow");
    this.keyTooLong = drops.declareReason("key_too_long");
    this.forgotten = drops.declareReason("deduplication_full");
  }

  /** Charges a quota within a limit; `key` is ABSENT when it is too long. */
  charge(definition: QuotaDefinition, limit: i64, quota: Quota, key: Slice, grant: Grant): void {
    const name = this.nameOf(quota, key);
    if (sizeOf(name) > 0 && this.deduplication.find(name, quota.nowNs, grant)) {
      // What is no longer valid is charged again.
      if (grant.validDurationNs > 0) return;
    }
    this.terms.limit = limit;
    this.settle(definition, quota, key, grant);
    if (sizeOf(name) == 0 || grant.amount <= 0) return;
    if (!this.deduplication.remember(name, quota.nowNs, grant)) this.drops.add(this.forgotten);
  }

  /** Gives the memory back. */
  close(): void {
    this.deduplication.close();
  }

  // An id counts for one key of one quota. Empty for a charge without one.
  private nameOf(quota: Quota, key: Slice): Slice {
    id.open(ID, ID_SIZE_MAX_BYTES);
    if (sizeOf(quota.deduplicationId) == 0) return id.written;
    id.u32(quota.instance);
    id.u32(<u32>sizeOf(quota.deduplicationId));
    id.bytes(quota.deduplicationId);
    if (isPresent(key)) id.bytes(key);
    if (!id.isTruncated) return id.written;
    this.drops.add(this.forgotten);
    id.open(ID, ID_SIZE_MAX_BYTES);
    return id.written;
  }

  private settle(definition: QuotaDefinition, quota: Quota, key: Slice, grant: Grant): void {
    const terms = this.terms;
    terms.amount = quota.amount;
    terms.isBestEffort = quota.isBestEffort;
    terms.tick = <i64>quota.nowNs;
    terms.windowTicks = definition.table.windowNs;
    terms.bucketTicks = definition.bucketNs;
    const ledger = definition.bucketNs > 0 ? this.rollingLedger : this.fixedLedger;
    if (!this.take(ledger, definition, quota, key)) {
      grant.failWith(Code.Unavailable, UNAVAILABLE);
      return;
    }
    const isRolling = definition.bucketNs > 0;
    const granted = ledger.granted;
    const window: TimedWindow = isRolling ? this.rolling : this.fixed;
    grant.give(granted, granted > 0 ? window.validNs : 0);
    if (granted == 0 && terms.neverFits) grant.neverFits();
    // Of an entry that keys share nobody can say what is left for one of them.
    if (this.isShared) return;
    grant.remaining = window.left;
    if (granted == 0 && !terms.neverFits) grant.retryAfterNs = window.retryNs(terms);
  }

  // False when shared data failed.
  private take(ledger: Ledger, definition: QuotaDefinition, quota: Quota, key: Slice): bool {
    const table = definition.table;
    this.isShared = false;
    if (isPresent(key)) {
      const settled = ledger.charge(table, quota.isShadow, key, this.terms);
      if (settled != Settled.Full) return settled == Settled.Yes;
      this.drops.add(this.overflow);
    } else {
      this.drops.add(this.keyTooLong);
    }
    this.isShared = true;
    return ledger.chargeOverflow(table, quota.isShadow, this.terms) == Settled.Yes;
  }
}
