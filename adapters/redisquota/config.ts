// Parameters of redisquota, with Mixer's names, and what single fields cannot say. What they mean
// together with instances and a connection is checked where definitions are built. Cold.

import {
  BoolField,
  ChoiceField,
  DiagnosticCode,
  DurationField,
  IntField,
  ObjectListField,
  Params,
  QUOTA_PART_COUNT_MAX,
  QUOTA_WINDOW_MAX_HOURS,
  Report,
  TextField,
  TextMapField,
} from "../../assembly/sdk";

const SECOND: i64 = 1_000_000_000;
const WINDOW_MAX_NS: i64 = <i64>QUOTA_WINDOW_MAX_HOURS * 3600 * SECOND;

/** How a window moves. */
export const enum Algorithm {
  FixedWindow = 0,
  RollingWindow = 1,
}

/** What counts while the service cannot be reached. */
export const enum Fallback {
  Local = 0,
  None = 1,
}

/** A limit for some values of the dimensions. */
export class OverrideParams extends Params {
  /** Values by dimension; all of them must be equal. */
  readonly dimensions: TextMapField = this.required(this.textMapField("dimensions"));

  /** How much may be taken in a window. */
  readonly maxAmount: IntField = this.required(this.intField("maxAmount", 0, 1, i64.MAX_VALUE));

  verify(report: Report): void {
    if (!this.dimensions.isSet || this.dimensions.value.size > 0) return;
    const expected = "at least one dimension";
    report.error(DiagnosticCode.OutOfRange, this.dimensions.place(), "dimensions", expected);
  }
}

/** One quota. */
export class QuotaParams extends Params {
  /** Name of the quota: that of its instance. */
  readonly name: TextField = this.required(this.textField("name", ""));

  /** How much may be taken in a window, for each set of dimensions. 0 = nothing is ever granted. */
  readonly maxAmount: IntField = this.required(this.intField("maxAmount", 0, 0, i64.MAX_VALUE));

  /** Length of the window. With a rate limit service one of `1s`, `1m`, `1h` and `24h`. */
  readonly validDuration: DurationField = this.required(
    this.durationField("validDuration", 0, 1, WINDOW_MAX_NS),
  );

  /** With `ROLLING_WINDOW`: what is taken comes back in parts of this length. */
  readonly bucketDuration: DurationField = this.durationField(
    "bucketDuration",
    0,
    0,
    i64.MAX_VALUE,
  );

  /**
   * `FIXED_WINDOW`: the window begins with its first request, and all comes back when it ends.
   * `ROLLING_WINDOW`: it moves on with time; not with a rate limit service, which has none.
   */
  readonly rateLimitAlgorithm: ChoiceField = this.choiceField(
    "rateLimitAlgorithm",
    Algorithm.FixedWindow,
    ["FIXED_WINDOW", "ROLLING_WINDOW"],
    [Algorithm.FixedWindow, Algorithm.RollingWindow],
  );

  /** Other limits for some values of the dimensions; the first that applies counts. */
  readonly overrides: ObjectListField<OverrideParams> = this.objectListField<OverrideParams>(
    "overrides",
    (): OverrideParams => new OverrideParams(),
  );

  /** Whether the window rolls. */
  get isRolling(): bool {
    return this.rateLimitAlgorithm.value == Algorithm.RollingWindow;
  }

  verify(report: Report): void {
    if (this.name.isSet && this.name.value.length == 0) {
      report.error(DiagnosticCode.OutOfRange, this.name.place(), "name", "a name");
    }
    if (!this.isRolling || !this.validDuration.isSet) return;
    const bucket = this.bucketDuration;
    const code = DiagnosticCode.OutOfRange;
    if (bucket.value <= 0) {
      report.error(code, bucket.place(), "bucketDuration", "more than 0s with ROLLING_WINDOW");
    } else if (bucket.value >= this.validDuration.value) {
      const expected = "more than `bucketDuration`";
      report.error(code, this.validDuration.place(), "validDuration", expected);
    } else if (this.validDuration.value / bucket.value > QUOTA_PART_COUNT_MAX) {
      const expected = "at least `validDuration` / " + QUOTA_PART_COUNT_MAX.toString();
      report.error(code, bucket.place(), "bucketDuration", expected);
    }
  }
}

/** Parameters of the adapter `redisquota`. */
export class RedisquotaParams extends Params {
  /** The quotas; at least one. */
  readonly quotas: ObjectListField<QuotaParams> = this.objectListField<QuotaParams>(
    "quotas",
    (): QuotaParams => new QuotaParams(),
  );

  /** Where the rate limit service finds Redis: `mixer render --part ratelimit` writes it. */
  readonly redisServerUrl: TextField = this.textField("redisServerUrl", "localhost:6379");

  /** Connections of the rate limit service to Redis, written there as well; 0 = its own default. */
  readonly connectionPoolSize: IntField = this.intField("connectionPoolSize", 10, 0, 10_000);

  /** The service's domain: handlers of the same domain and names share their limits. */
  readonly domain: TextField = this.textField("domain", "mixer");

  /**
   * What counts while the service cannot be reached: `LOCAL` the same limits within this Envoy,
   * `NONE` the action's `onError`.
   */
  readonly fallback: ChoiceField = this.choiceField(
    "fallback",
    Fallback.Local,
    ["LOCAL", "NONE"],
    [Fallback.Local, Fallback.None],
  );

  /**
   * Whether each worker takes amounts ahead, as Mixer's client did: no request waits, and limits
   * are kept less exactly.
   */
  readonly prefetch: BoolField = this.boolField("prefetch", false);

  verify(report: Report): void {
    const code = DiagnosticCode.OutOfRange;
    if (this.quotas.value.length == 0) {
      report.error(code, this.quotas.place(), "quotas", "at least one quota");
    }
    if (this.redisServerUrl.value.length == 0) {
      report.error(code, this.redisServerUrl.place(), "redisServerUrl", "`host:port`");
    }
    if (this.domain.value.length == 0) {
      report.error(code, this.domain.place(), "domain", "a name");
    }
  }
}
