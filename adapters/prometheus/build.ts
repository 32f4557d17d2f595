// Builds the handler from definitions: metrics with the same labels over the same dimensions share
// one label set. Cold: runs while a document is loaded.

import {
  BuildContext,
  DimensionSet,
  LABEL_VALUE_SIZE_MAX_BYTES,
  MetricKind,
  Region,
  Slice,
  randomSeed,
  sizeOf,
} from "../../assembly/sdk";
import { Kind } from "./config";
import { Definition } from "./definitions";
import { PrometheusHandler } from "./handler";
import { LabelNames, LabelSet, SLOT_COUNT, SLOT_SIZE_BYTES } from "./label-set";
import { Registry } from "./registry";
import { SeriesMetric } from "./series";
import { UNKNOWN } from "./standard";

// Definitions that share labels, before their set is made.
class Group {
  readonly members: Definition[] = [];

  constructor(
    readonly dimensions: DimensionSet,
    readonly labels: string[],
  ) {}

  isFor(definition: Definition): bool {
    const labels = definition.labels;
    if (definition.instance.dimensions !== this.dimensions) return false;
    if (labels.length != this.labels.length) return false;
    for (let index = 0; index < labels.length; index++) {
      if (labels[index] != this.labels[index]) return false;
    }
    return true;
  }
}

/** The handler for these definitions, which have no errors. */
export function buildHandler(definitions: Definition[], context: BuildContext): PrometheusHandler {
  const metrics = new StaticArray<SeriesMetric | null>(context.instances.length);
  const groups = groupsOf(definitions);
  const sets: LabelSet[] = [];
  // From the last one on, as each goes in front of those of its instance.
  for (let at = groups.length - 1; at >= 0; at--) {
    const group = groups[at];
    const set = makeLabelSet(group, context.region);
    sets.push(set);
    for (let column = group.members.length - 1; column >= 0; column--) {
      const definition = group.members[column];
      const metric = makeMetric(definition, set, column, context.region);
      metric.next = metrics[definition.instance.number];
      metrics[definition.instance.number] = metric;
    }
  }
  return new PrometheusHandler(metrics, StaticArray.fromArray(sets));
}

function groupsOf(definitions: Definition[]): Group[] {
  const groups: Group[] = [];
  for (let index = 0; index < definitions.length; index++) {
    const definition = definitions[index];
    const dimensions = definition.instance.dimensions;
    if (dimensions === null) continue;
    let at = 0;
    while (at < groups.length && !groups[at].isFor(definition)) at++;
    if (at == groups.length) groups.push(new Group(dimensions, definition.labels));
    groups[at].members.push(definition);
  }
  return groups;
}

function makeLabelSet(group: Group, region: Region): LabelSet {
  const count = group.labels.length;
  const prefixes = new StaticArray<Slice>(count);
  const positions = new StaticArray<i32>(count);
  const keys: i32[] = [];
  for (let index = 0; index < count; index++) {
    const position = group.dimensions.find(group.labels[index]);
    prefixes[index] = region.text(group.labels[index] + "=");
    positions[index] = position;
    if (position >= 0) keys.push(position);
  }
  const keyPositions = StaticArray.fromArray(keys);
  const names = new LabelNames(prefixes, positions, region.text(UNKNOWN), keyPositions);
  const slots = region.take(<usize>SLOT_COUNT * SLOT_SIZE_BYTES);
  return new LabelSet(group.dimensions, names, slots, group.members.length, randomSeed());
}

function makeMetric(
  definition: Definition,
  set: LabelSet,
  column: i32,
  region: Region,
): SeriesMetric {
  const name = region.text(definition.name);
  let sizeMax = sizeOf(name) + 1;
  const prefixes = set.names.prefixes;
  for (let index = 0; index < prefixes.length; index++) {
    sizeMax += sizeOf(prefixes[index]) + LABEL_VALUE_SIZE_MAX_BYTES + 1;
  }
  const kind = metricKind(definition.kind);
  return new SeriesMetric(kind, name, set, column, sizeMax, new Registry(name, region));
}

function metricKind(kind: Kind): MetricKind {
  if (kind == Kind.Counter) return MetricKind.Counter;
  return kind == Kind.Gauge ? MetricKind.Gauge : MetricKind.Histogram;
}
