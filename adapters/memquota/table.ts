// The accounts of one quota with windows of one length: by which algorithm, in which unit of time.
// Both: made while a document is loaded, read per request.

import { QUOTA_SLOT_COUNT_MAX, QuotaTable, Region, TableName } from "../../assembly/sdk";
import { Account, Algorithm } from "./account";
import { FixedWindow } from "./fixed-window";
import { RollingWindow } from "./rolling-window";
import { TokenBucket } from "./token-bucket";

const TICK_NS: i64 = 100_000_000;
const SECOND: i64 = 1_000_000_000;
const TICKS_PER_SECOND: i64 = 10;
/** Rolling windows up to this one are rounded up to whole seconds, as Mixer's. */
export const TICKED_WINDOW_MAX_NS: i64 = 60 * SECOND;
const rollingWindow = new RollingWindow();
const fixedWindow = new FixedWindow();
const tokenBucket = new TokenBucket();

/** The working copy of an algorithm; windows are used one after another. */
export function accountOf(algorithm: Algorithm): Account {
  if (algorithm == Algorithm.FixedWindow) return fixedWindow;
  if (algorithm == Algorithm.TokenBucket) return tokenBucket;
  return rollingWindow;
}

/** Accounts with windows of one length. */
export class Table extends QuotaTable {
  /** Length of a tick in nanoseconds, and ticks of a window; 0 = nothing is ever returned. */
  readonly tickNs: i64;
  readonly windowTicks: i64;
  readonly account: Account;

  constructor(
    name: TableName,
    windowNs: i64,
    private readonly algorithm: Algorithm,
    region: Region,
  ) {
    super(name, windowNs, region);
    this.account = accountOf(algorithm);
    if (algorithm != Algorithm.RollingWindow) {
      this.tickNs = 1;
      this.windowTicks = windowNs;
    } else if (windowNs <= TICKED_WINDOW_MAX_NS) {
      this.tickNs = TICK_NS;
      this.windowTicks = ((windowNs + SECOND - 1) / SECOND) * TICKS_PER_SECOND;
    } else {
      this.tickNs = (windowNs + QUOTA_SLOT_COUNT_MAX - 1) / QUOTA_SLOT_COUNT_MAX;
      this.windowTicks = QUOTA_SLOT_COUNT_MAX;
    }
  }

  /** The tick of a moment; 0 where nothing is ever returned. */
  tickAt(nowNs: u64): i64 {
    return this.windowTicks == 0 ? 0 : <i64>(nowNs / <u64>this.tickNs);
  }

  /** Whether what is taken comes back all at once. */
  get isFixed(): bool {
    return this.algorithm == Algorithm.FixedWindow;
  }

  /**
   * Tells entries apart that keys without a place share. Tokens come back at the rate of their
   * limit, so that those of different limits cannot stand in one entry.
   */
  overflowGroup(limit: i64): i64 {
    return this.algorithm == Algorithm.TokenBucket ? limit : 0;
  }
}
