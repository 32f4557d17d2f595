// Parameters of the test's adapter. Cold.

import { BoolField, DurationField, IntField, Params } from "../../../assembly/sdk";

/** Parameters of the adapter `later`. */
export class LaterParams extends Params {
  /** How long a cache may keep a verdict. */
  readonly validDuration: DurationField = this.durationField("validDuration", 0, 0, i64.MAX_VALUE);
  /** How often a cache may reuse it. */
  readonly validUseCount: IntField = this.intField("validUseCount", 0, 0, i32.MAX_VALUE);
  /** Whether it answers itself: its output is the value asked about; it denies the value `no`. */
  readonly local: BoolField = this.boolField("local", false);
}
