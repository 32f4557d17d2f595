// One metric: finds or makes the series of the current label values and bumps it. Hot: a series
// that this VM knows costs one host call, the bump itself.

import {
  MetricKind,
  Slice,
  Writer,
  defineMetric,
  emptySlice,
  incrementMetric,
  recordMetric,
  sizeOf,
  subSlice,
  takeArena,
} from "../../assembly/sdk";
import { LabelSet } from "./label-set";
import { Claim, Registry } from "./registry";
import { OTHER_VALUE } from "./stat-name";

/** Stands in a row for a series that has no place in the budget. */
const OTHER: u32 = u32.MAX_VALUE;
const DOT: u8 = 46;
const name = new Writer();

/** Whether the labels of all further series of a metric are replaced by `__other__`. */
const enum OtherState {
  Unclaimed = 0,
  Claimed = 1,
  /** Even that series has no place: an earlier document used the budget up. */
  Refused = 2,
}

/** What became of a sample. */
export const enum Recorded {
  Yes = 0,
  /**
   * The budget is used up: counted under `__other__`, or not at all where even that has no place.
   */
  BeyondBudget = 1,
}

/** One metric. */
export class SeriesMetric {
  /** The next one of the same instance. */
  next: SeriesMetric | null = null;
  private otherState: OtherState = OtherState.Unclaimed;
  private otherId: u32 = 0;

  constructor(
    readonly kind: MetricKind,
    private readonly metricName: Slice,
    private readonly labels: LabelSet,
    private readonly column: i32,
    /** Longest stat name in bytes. */
    private readonly nameSizeMax: usize,
    private readonly registry: Registry,
  ) {}

  /** Counts a value, which is not negative, for the label values that are set now. */
  // @ts-ignore: decorator
  @inline
  record(value: i64): Recorded {
    const row = this.labels.find();
    let id = row == 0 ? 0 : load<u32>(this.labels.idAt(row, this.column));
    if (id == 0) id = this.resolve(row);
    if (id != OTHER) {
      this.bump(id, value);
      return Recorded.Yes;
    }
    this.bump(this.other(), value);
    return Recorded.BeyondBudget;
  }

  /** Looks at the budget again. */
  refresh(): void {
    this.registry.lookAgain();
  }

  // @ts-ignore: decorator
  @inline
  private bump(id: u32, value: i64): void {
    if (this.kind == MetricKind.Counter) incrementMetric(id, value);
    else recordMetric(id, <u64>value);
  }

  // The id of the current series, which has none in this VM yet; OTHER when it gets none.
  private resolve(row: usize): u32 {
    const labels = this.labels;
    if ((row == 0 && labels.isFull) || !this.claimOther()) return OTHER;
    const made = row == 0 ? labels.makeRow() : row;
    if (made == 0) return OTHER;
    const entry = this.writeEntry(emptySlice());
    const claim = sizeOf(entry) == 0 ? Claim.Failed : this.registry.claim(entry);
    const id = claim == Claim.Granted ? defineMetric(this.kind, statName(entry)) : 0;
    if (id == 0) {
      if (row == 0) labels.dropRow(made);
      else if (claim == Claim.Full) store<u32>(labels.idAt(row, this.column), OTHER);
      return OTHER;
    }
    if (row == 0) labels.addRow(made);
    store<u32>(labels.idAt(made, this.column), id);
    return id;
  }

  // Before any other series, so that what comes beyond the budget has a place.
  private claimOther(): bool {
    if (this.otherState == OtherState.Claimed) return true;
    if (this.otherState == OtherState.Refused) return false;
    const entry = this.writeEntry(OTHER_VALUE);
    if (sizeOf(entry) == 0) return false;
    const claim = this.registry.claim(entry);
    if (claim == Claim.Granted) this.otherState = OtherState.Claimed;
    if (claim == Claim.Full) this.otherState = OtherState.Refused;
    return claim == Claim.Granted;
  }

  private other(): u32 {
    if (this.otherId != 0 || !this.claimOther()) return this.otherId;
    this.otherId = defineMetric(this.kind, statName(this.writeEntry(OTHER_VALUE)));
    return this.otherId;
  }

  // The kind as one byte, then the stat name; empty when there is no memory for it.
  private writeEntry(other: Slice): Slice {
    const room = takeArena(this.nameSizeMax + 1);
    if (room == 0) return emptySlice();
    name.open(room, this.nameSizeMax + 1);
    name.byte(<u8>this.kind);
    name.bytes(this.metricName);
    if (this.labels.names.prefixes.length > 0) name.byte(DOT);
    this.labels.writeLabels(name, other);
    return name.isTruncated ? emptySlice() : name.written;
  }
}

// @ts-ignore: decorator
@inline
function statName(entry: Slice): Slice {
  return subSlice(entry, 1, sizeOf(entry));
}
