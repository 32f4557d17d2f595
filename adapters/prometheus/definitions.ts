// Brings metrics and instances together: which metric counts which instance, under what name and
// with which labels. Reports everything that does not fit. Cold: runs while a document is loaded.

import {
  DiagnosticCode,
  DimensionSet,
  Place,
  Report,
  RoutedInstance,
  VALUE_TYPE_NAMES,
  ValueType,
  nearest,
  nearestReference,
  textOf,
} from "../../assembly/sdk";
import { boundsOf } from "./bounds";
import { Kind, MetricParams, PrometheusParams } from "./config";
import { StandardMetric, labelsOf, standardMetric } from "./standard";
import { isLabelName, isMetricName, metricName } from "./names";

/** One metric of one instance. */
export class Definition {
  constructor(
    readonly instance: RoutedInstance,
    /** Without Envoy's prefix. */
    readonly name: string,
    readonly kind: Kind,
    /** In the order of the stat name. */
    readonly labels: string[],
    /** Whether labels without a dimension are `unknown`. */
    readonly isStandard: bool,
    /** Bounds of the buckets; empty = Envoy's own. */
    readonly bounds: f64[],
    /** Where the document gives it. */
    readonly place: Place,
  ) {}
}

/** Makes the definitions of one handler. */
export class DefinitionList {
  readonly all: Definition[] = [];

  constructor(
    private readonly params: PrometheusParams,
    private readonly instances: RoutedInstance[],
    private readonly report: Report,
  ) {}

  /** Given metrics first, then the standard ones whose names are still free. */
  build(): Definition[] {
    const metrics = this.params.metrics.value;
    for (let index = 0; index < metrics.length; index++) this.addGiven(metrics[index]);
    for (let index = 0; index < this.instances.length; index++) {
      this.addStandard(this.instances[index]);
    }
    return this.all;
  }

  private addGiven(metric: MetricParams): void {
    const isNamed = metric.instanceName.value.length > 0;
    const field = isNamed ? metric.instanceName : metric.name;
    const instance = this.find(field.value);
    if (instance === null) {
      this.failInstance(field.value, field.place());
      return;
    }
    const given = metric.name.value.length > 0 ? metric.name.value : instance.name;
    const name = metricName(metric.namespace.value, given);
    const place = metric.name.isSet ? metric.name.place() : metric.place();
    if (!isMetricName(name)) {
      const expected = "letters, digits and `_`, no digit, `mixer_` or `envoy_` first";
      this.fail(DiagnosticCode.BadMetricName, place, name, expected);
      return;
    }
    const kind = <Kind>metric.kind.value;
    const labels = this.labelsOf(metric, instance);
    const bounds = boundsOf(metric.buckets.value);
    this.add(new Definition(instance, name, kind, labels, false, bounds, place));
  }

  private addStandard(instance: RoutedInstance): void {
    const standard = standardMetric(instance.name);
    if (standard === null) {
      if (!this.has(instance, "")) this.failUncounted(instance);
      return;
    }
    // A given metric of the same name on the same instance is the standard one, changed.
    if (this.has(instance, standard.metric)) return;
    const labels = this.standardLabels(standard, instance);
    const place = this.params.place();
    const kind = standard.kind;
    const bounds = standard.bounds;
    this.add(new Definition(instance, standard.metric, kind, labels, true, bounds, place));
  }

  private add(definition: Definition): void {
    for (let index = 0; index < this.all.length; index++) {
      const other = this.all[index];
      if (!haveSameSeries(definition, other)) continue;
      const expected = "a name of its own for each metric, `_bucket`, `_count` and `_sum` included";
      const code = DiagnosticCode.DuplicateEntry;
      this.report.conflict(code, definition.place, definition.name, expected, other.place);
      return;
    }
    if (isCountable(definition.instance.valueType)) {
      this.all.push(definition);
      return;
    }
    const found = VALUE_TYPE_NAMES[definition.instance.valueType];
    const place = definition.instance.place;
    const expected = "INT64, DOUBLE, DURATION or STRING as the value of a metric";
    this.fail(DiagnosticCode.TypeMismatch, place, found, expected);
  }

  private labelsOf(metric: MetricParams, instance: RoutedInstance): string[] {
    const dimensions = namesOf(instance.dimensions);
    const field = metric.labelNames;
    const names = field.isSet ? field.value : dimensions;
    const labels: string[] = [];
    for (let index = 0; index < names.length; index++) {
      const name = names[index];
      const node = field.nodeAt(index);
      const place = node !== null ? node.place() : metric.place();
      if (!isLabelName(name, <Kind>metric.kind.value)) {
        this.failLabel(name, place);
      } else if (labels.includes(name)) {
        this.fail(DiagnosticCode.DuplicateEntry, place, name, "each label once");
      } else if (!dimensions.includes(name)) {
        const expected = "a dimension of instance " + instance.name;
        const code = DiagnosticCode.LabelWithoutDimension;
        this.report.error(code, place, name, expected, nearest(name, dimensions));
      } else if (isMap(instance.dimensions, name)) {
        const expected = "a dimension that is no map, such as one of its keys";
        this.fail(DiagnosticCode.TypeMismatch, place, "STRING_MAP", expected);
      }
      labels.push(name);
    }
    return labels;
  }

  // Istio's labels in Istio's order, then what else the instance has.
  private standardLabels(metric: StandardMetric, instance: RoutedInstance): string[] {
    const labels = labelsOf(metric);
    const names = namesOf(instance.dimensions);
    for (let index = 0; index < names.length; index++) {
      const name = names[index];
      if (labels.includes(name) || isMap(instance.dimensions, name)) continue;
      if (!isLabelName(name, metric.kind)) this.failLabel(name, instance.place);
      labels.push(name);
    }
    return labels;
  }

  private failLabel(name: string, place: Place): void {
    const expected = "letters, digits and `_`, no digit or `__` first; no `le` in a DISTRIBUTION";
    this.fail(DiagnosticCode.BadLabelName, place, name, expected);
  }

  private fail(code: DiagnosticCode, place: Place, found: string, expected: string): void {
    this.report.error(code, place, found, expected);
  }

  private find(name: string): RoutedInstance | null {
    for (let index = 0; index < this.instances.length; index++) {
      if (this.instances[index].isCalled(name)) return this.instances[index];
    }
    return null;
  }

  // Whether a metric of this name counts the instance; "" for any name.
  private has(instance: RoutedInstance, name: string): bool {
    for (let index = 0; index < this.all.length; index++) {
      const other = this.all[index];
      if (other.instance === instance && (name.length == 0 || other.name == name)) return true;
    }
    return false;
  }

  // A handler that no action uses has a warning of its own.
  private failInstance(name: string, place: Place): void {
    if (this.instances.length == 0) return;
    const names: string[] = [];
    for (let index = 0; index < this.instances.length; index++) {
      names.push(this.instances[index].name);
    }
    const expected = "an instance that an action of this handler names: " + names.join(", ");
    const code = DiagnosticCode.MetricWithoutInstance;
    this.report.error(code, place, name, expected, nearestReference(name, names));
  }

  private failUncounted(instance: RoutedInstance): void {
    if (this.report.failed) return;
    const expected =
      'an entry of `params.metrics`, such as {"instanceName":"' +
      instance.name +
      '","kind":"COUNTER"}';
    const code = DiagnosticCode.InstanceWithoutMetric;
    this.fail(code, this.params.place(), instance.name, expected);
  }
}

/** Names of the dimensions, ascending. */
export function namesOf(dimensions: DimensionSet | null): string[] {
  const names: string[] = [];
  if (dimensions === null) return names;
  for (let position = 0; position < dimensions.count; position++) {
    names.push(textOf(dimensions.name(position)));
  }
  return names;
}

// A map has as many values as its keys together: never a label. The instance has the dimension.
function isMap(dimensions: DimensionSet | null, name: string): bool {
  return dimensions !== null && dimensions.type(dimensions.find(name)) == ValueType.StringMap;
}

function haveSameSeries(one: Definition, other: Definition): bool {
  return one.name == other.name || isPartOf(one, other) || isPartOf(other, one);
}

// Envoy writes three kinds of series for a distribution.
function isPartOf(part: Definition, whole: Definition): bool {
  if (whole.kind != Kind.Distribution || !part.name.startsWith(whole.name)) return false;
  return " _bucket _count _sum ".includes(" " + part.name.substring(whole.name.length) + " ");
}

function isCountable(type: ValueType): bool {
  const COUNTABLE: u32 =
    (1 << ValueType.Int64) |
    (1 << ValueType.Double) |
    (1 << ValueType.Duration) |
    (1 << ValueType.String);
  return ((COUNTABLE >>> type) & 1) != 0;
}
