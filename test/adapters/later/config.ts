// Parameters of the test's adapter. Cold.

import { DurationField, IntField, Params } from "../../../assembly/sdk";

/** Parameters of the adapter `later`. */
export class LaterParams extends Params {
  /** How long a cache may keep a verdict. */
  readonly validDuration: DurationField = this.durationField("validDuration", 0, 0, i64.MAX_VALUE);
  /** How often a cache may reuse it. */
  readonly validUseCount: IntField = this.intField("validUseCount", 0, 0, i32.MAX_VALUE);
}
