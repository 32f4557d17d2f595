// Parameters of memquota, with Mixer's names. What they mean together with instances is checked
// where definitions are built. Cold: read while a document is loaded.

import {
  ChoiceField,
  DiagnosticCode,
  DurationField,
  Field,
  IntField,
  ObjectListField,
  Params,
  QUOTA_LEASE_SIZE_MAX,
  QUOTA_WINDOW_MAX_HOURS,
  Report,
  TextField,
  TextMapField,
} from "../../assembly/sdk";
import { Algorithm } from "./account";
import { TICKED_WINDOW_MAX_NS } from "./table";

const SECOND: i64 = 1_000_000_000;
const WINDOW_MAX_NS: i64 = <i64>QUOTA_WINDOW_MAX_HOURS * 3600 * SECOND;

/** A limit for some values of the dimensions. */
export class OverrideParams extends Params {
  /** Values by dimension; all of them must be equal. Without any, the override always applies. */
  readonly dimensions: TextMapField = this.textMapField("dimensions");

  /** How much may be in use. */
  readonly maxAmount: IntField = this.required(this.intField("maxAmount", 0, 0, i64.MAX_VALUE));

  /** The window, rounded up as the quota's; left out = the quota's. */
  readonly validDuration: DurationField = this.durationField("validDuration", 0, 0, WINDOW_MAX_NS);
}

/** One quota. */
export class QuotaParams extends Params {
  /** Name of the quota: that of its instance. */
  readonly name: TextField = this.required(this.textField("name", ""));

  /** How much may be in use for each set of dimensions. 0 = nothing is ever granted. */
  readonly maxAmount: IntField = this.required(this.intField("maxAmount", 0, 0, i64.MAX_VALUE));

  /**
   * The window after which an amount has come back; a ROLLING_WINDOW below a minute is rounded up
   * to whole seconds. 0 = it comes back only when it is given back.
   */
  readonly validDuration: DurationField = this.durationField("validDuration", 0, 0, WINDOW_MAX_NS);

  /**
   * How an amount comes back: ROLLING_WINDOW in slots of 100 ms, each a window after it began;
   * FIXED_WINDOW all at once, when the window ends that the first charge opened; TOKEN_BUCKET
   * evenly, `maxAmount` in each window.
   */
  readonly algorithm: ChoiceField = this.choiceField(
    "algorithm",
    Algorithm.RollingWindow,
    ["ROLLING_WINDOW", "FIXED_WINDOW", "TOKEN_BUCKET"],
    [Algorithm.RollingWindow, Algorithm.FixedWindow, Algorithm.TokenBucket],
  );

  /**
   * How much a worker takes at a time once a key is charged again and again: fewer writes to shared
   * data, never over the limit. A lease is at most a tenth of the limit. 1 = what is asked for.
   */
  readonly leaseSize: IntField = this.intField("leaseSize", 1, 1, QUOTA_LEASE_SIZE_MAX);

  /** Other limits for some values of the dimensions; the first that applies counts. */
  readonly overrides: ObjectListField<OverrideParams> = this.objectListField<OverrideParams>(
    "overrides",
    (): OverrideParams => new OverrideParams(),
  );

  verify(report: Report): void {
    this.verifyWindow(this.validDuration, report);
    const overrides = this.overrides.value;
    for (let index = 0; index < overrides.length; index++) {
      const duration = overrides[index].validDuration;
      if (duration.isSet) this.verifyWindow(duration, report);
    }
  }

  private verifyWindow(duration: DurationField, report: Report): void {
    const windowNs = duration.value;
    const isRolling = this.algorithm.value == Algorithm.RollingWindow;
    if (isRolling && windowNs < TICKED_WINDOW_MAX_NS && windowNs % SECOND != 0) {
      report.warning(DiagnosticCode.WindowRoundedUp, duration.place(), "");
    }
    if (windowNs > 0 || (isRolling && this.leaseSize.value <= 1)) return;
    const expected = "more than `0s`: only a ROLLING_WINDOW without leases needs no window";
    const field: Field = this.algorithm.isSet ? this.algorithm : this.leaseSize;
    const place = duration.isSet ? duration.place() : field.place();
    report.error(DiagnosticCode.OutOfRange, place, "validDuration", expected);
  }
}

/** Parameters of the adapter `memquota`. */
export class MemquotaParams extends Params {
  /** The quotas. */
  readonly quotas: ObjectListField<QuotaParams> = this.objectListField<QuotaParams>(
    "quotas",
    (): QuotaParams => new QuotaParams(),
  );

  /** How long a deduplication id is remembered at least; twice as long at most. */
  readonly minDeduplicationDuration: DurationField = this.durationField(
    "minDeduplicationDuration",
    SECOND,
    1,
    i64.MAX_VALUE,
  );
}
