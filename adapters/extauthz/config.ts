// Parameters of the extauthz adapter. Cold.

import { BoolField, DurationField, IntField, Params } from "../../assembly/sdk";

const SECOND: i64 = 1_000_000_000;

/** Parameters of the adapter `extauthz`. */
export class ExtAuthzParams extends Params {
  /**
   * What a server means that does not answer or answers nonsense: true allows, false denies; left
   * out, the action's `onError` decides.
   */
  readonly failureModeAllow: BoolField = this.boolField("failureModeAllow", false);

  /** How long a cache may keep a decision without headers; `0s`: every request is asked. */
  readonly validDuration: DurationField = this.durationField(
    "validDuration",
    SECOND,
    0,
    i64.MAX_VALUE,
  );

  /** How often a cache may reuse a decision. */
  readonly validUseCount: IntField = this.intField("validUseCount", 10_000, 0, i32.MAX_VALUE);
}
