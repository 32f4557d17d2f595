// Parameters of the prometheus adapter, with Mixer's names. What they mean together with instances
// is checked where metrics are defined. Cold: read while a document is loaded.

import {
  ChoiceField,
  DiagnosticCode,
  DoubleField,
  DoubleListField,
  DurationField,
  IntField,
  ObjectField,
  ObjectListField,
  OneOf,
  Params,
  Report,
  TextField,
  TextListField,
  doubleText,
  BUCKET_BOUND_COUNT_MAX,
} from "../../assembly/sdk";

const BOUND_COUNT_MAX: i64 = BUCKET_BOUND_COUNT_MAX;

/** What a metric does with its values; Mixer's numbers. Unspecified: the document is wrong. */
export const enum Kind {
  Unspecified = 0,
  Gauge = 1,
  Counter = 2,
  Distribution = 3,
}

function needAbove(field: DoubleField, least: f64, report: Report): void {
  if (field.value > least) return;
  const expected = "above " + doubleText(least);
  report.error(DiagnosticCode.OutOfRange, field.place(), doubleText(field.value), expected);
}

/** Buckets of one width. */
export class LinearBuckets extends Params {
  /** How many buckets there are between the lowest and the highest bound. */
  readonly numFiniteBuckets: IntField = this.required(
    this.intField("numFiniteBuckets", 1, 1, BOUND_COUNT_MAX),
  );

  /** The width of a bucket, above 0. */
  readonly width: DoubleField = this.required(
    this.doubleField("width", 1, -f64.MAX_VALUE, f64.MAX_VALUE),
  );

  /** The lowest bound. */
  readonly offset: DoubleField = this.doubleField("offset", 0, -f64.MAX_VALUE, f64.MAX_VALUE);

  verify(report: Report): void {
    needAbove(this.width, 0, report);
  }
}

/** Buckets whose width grows by a factor. */
export class ExponentialBuckets extends Params {
  /** How many buckets there are between the lowest and the highest bound. */
  readonly numFiniteBuckets: IntField = this.required(
    this.intField("numFiniteBuckets", 1, 1, BOUND_COUNT_MAX),
  );

  /** How many times a bound is the one below it, above 1. */
  readonly growthFactor: DoubleField = this.required(
    this.doubleField("growthFactor", 2, -f64.MAX_VALUE, f64.MAX_VALUE),
  );

  /** The lowest bound, above 0. */
  readonly scale: DoubleField = this.required(
    this.doubleField("scale", 1, -f64.MAX_VALUE, f64.MAX_VALUE),
  );

  verify(report: Report): void {
    needAbove(this.growthFactor, 1, report);
    needAbove(this.scale, 0, report);
  }
}

/** Buckets with given bounds. */
export class ExplicitBuckets extends Params {
  /** The bounds, each above the one before it. */
  readonly bounds: DoubleListField = this.required(
    this.doubleListField("bounds", -f64.MAX_VALUE, f64.MAX_VALUE),
  );

  verify(report: Report): void {
    const bounds = this.bounds.value;
    report.exceeds(this.bounds.place(), bounds.length, BUCKET_BOUND_COUNT_MAX);
    for (let index = 1; index < bounds.length; index++) {
      if (bounds[index] > bounds[index - 1]) continue;
      const found = doubleText(bounds[index - 1]) + ", " + doubleText(bounds[index]);
      report.error(DiagnosticCode.BadBuckets, this.bounds.place(), found, "growing bounds");
      return;
    }
  }
}

/** Bounds of a distribution's buckets, in one of three forms. */
export class Buckets extends Params {
  /** Buckets of one width. */
  readonly linearBuckets: ObjectField<LinearBuckets> = this.objectField<LinearBuckets>(
    "linearBuckets",
    new LinearBuckets(),
  );

  /** Buckets whose width grows by a factor. */
  readonly exponentialBuckets: ObjectField<ExponentialBuckets> =
    this.objectField<ExponentialBuckets>("exponentialBuckets", new ExponentialBuckets());

  /** Buckets with given bounds. */
  readonly explicitBuckets: ObjectField<ExplicitBuckets> = this.objectField<ExplicitBuckets>(
    "explicitBuckets",
    new ExplicitBuckets(),
  );

  /** Which of the three is given. */
  readonly form: OneOf = this.oneOf([
    this.linearBuckets,
    this.exponentialBuckets,
    this.explicitBuckets,
  ]);
}

/** One metric. */
export class MetricParams extends Params {
  /** Stands before the name, with an underscore between them. Empty = the name alone. */
  readonly namespace: TextField = this.textField("namespace", "istio");

  /** The name; left out = the instance's. `/`, `.`, `:`, blanks become `_`, `-` is left out. */
  readonly name: TextField = this.textField("name", "");

  /** The instance whose values are counted; left out = the one with this metric's `name`. */
  readonly instanceName: TextField = this.textField("instanceName", "");

  /** For readers of the document: Envoy's metrics have no description. */
  readonly description: TextField = this.textField("description", "");

  /**
   * `COUNTER` adds the value, `GAUGE` sets it, `DISTRIBUTION` counts it in a histogram.
   */
  readonly kind: ChoiceField = this.required(
    this.choiceField(
      "kind",
      Kind.Unspecified,
      ["GAUGE", "COUNTER", "DISTRIBUTION"],
      [Kind.Gauge, Kind.Counter, Kind.Distribution],
    ),
  );

  /** Bounds of a distribution; Envoy takes them from its bootstrap, where `render` writes them. */
  readonly buckets: ObjectField<Buckets> = this.objectField<Buckets>("buckets", new Buckets());

  /** Dimensions that become labels, in this order; left out = all of them, by name. */
  readonly labelNames: TextListField = this.textListField("labelNames");

  verify(report: Report): void {
    const kind = this.kind.value;
    if (this.buckets.isSet && (kind == Kind.Gauge || kind == Kind.Counter)) {
      const expected = "buckets with `kind: DISTRIBUTION`";
      report.warning(DiagnosticCode.NoEffect, this.buckets.place(), "buckets", expected);
    }
    if (this.name.value.length == 0 && this.instanceName.value.length == 0) {
      const expected = "`instanceName`, `name`, or both";
      report.error(DiagnosticCode.MissingField, this.place(), "instanceName", expected);
    }
  }
}

/** When series that no longer change would be forgotten. */
export class ExpirationPolicy extends Params {
  /** How long a series may stay unchanged. */
  readonly metricsExpiryDuration: DurationField = this.durationField(
    "metricsExpiryDuration",
    0,
    0,
    i64.MAX_VALUE,
  );

  /** How often to look for such series. */
  readonly expiryCheckIntervalDuration: DurationField = this.durationField(
    "expiryCheckIntervalDuration",
    0,
    0,
    i64.MAX_VALUE,
  );
}

/** Parameters of the adapter `prometheus`. */
export class PrometheusParams extends Params {
  /** Metrics beside the standard ones. */
  readonly metrics: ObjectListField<MetricParams> = this.objectListField<MetricParams>(
    "metrics",
    (): MetricParams => new MetricParams(),
  );

  /** Accepted and without effect: Envoy never forgets a series. */
  readonly metricsExpirationPolicy: ObjectField<ExpirationPolicy> =
    this.objectField<ExpirationPolicy>("metricsExpirationPolicy", new ExpirationPolicy());

  verify(report: Report): void {
    if (!this.metricsExpirationPolicy.isSet) return;
    const expected = "nothing: Envoy keeps every series until it ends";
    const place = this.metricsExpirationPolicy.place();
    report.warning(DiagnosticCode.NoEffect, place, "metricsExpirationPolicy", expected);
  }
}
