// The windows of one length of one quota, and how long their slots are. Both: made while a document
// is loaded, read per request.

import { QUOTA_SLOT_COUNT_MAX, QuotaTable, Region, TableName } from "../../assembly/sdk";

const TICK_NS: i64 = 100_000_000;
const SECOND: i64 = 1_000_000_000;
const TICKS_PER_SECOND: i64 = 10;
const TICKED_WINDOW_MAX_NS: i64 = 60 * SECOND;

/** Rolling windows of one length. */
export class Table extends QuotaTable {
  /** Length of a slot in nanoseconds, and slots of a window; 0 slots = nothing is ever returned. */
  readonly slotNs: i64;
  readonly slotCount: i32;

  constructor(name: TableName, windowNs: i64, region: Region) {
    super(name, windowNs, region);
    if (windowNs <= TICKED_WINDOW_MAX_NS) {
      this.slotNs = TICK_NS;
      this.slotCount = <i32>(((windowNs + SECOND - 1) / SECOND) * TICKS_PER_SECOND);
    } else {
      this.slotNs = (windowNs + QUOTA_SLOT_COUNT_MAX - 1) / QUOTA_SLOT_COUNT_MAX;
      this.slotCount = QUOTA_SLOT_COUNT_MAX;
    }
  }

  /** The slot of a moment; 0 without slots. */
  tickAt(nowNs: u64): i64 {
    return this.slotCount == 0 ? 0 : <i64>(nowNs / <u64>this.slotNs);
  }
}
