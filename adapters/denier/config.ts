// Parameters of the denier: what a denied caller is told, and how long a cache may repeat it.
// Cold: read while a document is loaded.

import { Code, DurationField, IntField, Params, StatusField } from "../../assembly/sdk";

const SECOND: i64 = 1_000_000_000;

/** Parameters of the adapter `denier`. */
export class DenierParams extends Params {
  /**
   * The status of every denial, a google.rpc.Status. `code` is the name or number of a status code;
   * any 32-bit number is legal, and OK never denies. `message` is what the caller is told.
   */
  readonly status: StatusField = this.statusField("status", Code.FailedPrecondition);

  /** How long a cache may keep the verdict. */
  readonly validDuration: DurationField = this.durationField(
    "validDuration",
    5 * SECOND,
    0,
    i64.MAX_VALUE,
  );

  /** How often a cache may reuse the verdict. */
  readonly validUseCount: IntField = this.intField("validUseCount", 1000, 0, i32.MAX_VALUE);
}
