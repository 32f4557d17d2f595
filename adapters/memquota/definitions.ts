// Builds the quotas of a handler from its parameters and the instances that rules route to it, or
// reports everything that does not fit together. Cold: runs while a document is loaded.

import {
  BuildContext,
  DIMENSION_SIZE_BYTES,
  DiagnosticCode,
  DimensionSet,
  GroupBuilder,
  Overrides,
  QUOTA_COUNT_MAX,
  QUOTA_OVERRIDE_COUNT_MAX,
  RoutedInstance,
  Slice,
  TableName,
  VALUE_TYPE_NAMES,
  constantOf,
  isPresent,
  textOf,
} from "../../assembly/sdk";
import { Algorithm } from "./account";
import { MemquotaParams, OverrideParams, QuotaParams } from "./config";
import { Limit, QuotaDefinition } from "./quota-definition";
import { Table } from "./table";

/** Builds the definitions of one handler. */
export class DefinitionBuilder {
  constructor(
    private readonly params: MemquotaParams,
    private readonly context: BuildContext,
  ) {}

  /** Definitions by instance number; meaningless when the report has failed. */
  build(): StaticArray<QuotaDefinition> {
    const definitions: QuotaDefinition[] = [];
    this.checkQuotas();
    const instances = this.context.instances;
    for (let index = 0; index < instances.length; index++) {
      const quota = this.quotaOf(instances[index]);
      if (quota !== null) definitions.push(this.define(quota, instances[index]));
    }
    return StaticArray.fromArray(definitions);
  }

  private quotaOf(instance: RoutedInstance): QuotaParams | null {
    const quotas = this.params.quotas.value;
    const names: string[] = [];
    for (let index = 0; index < quotas.length; index++) {
      if (quotas[index].name.value == instance.name) return quotas[index];
      names.push(quotas[index].name.value);
    }
    const code = DiagnosticCode.InstanceWithoutQuota;
    this.context.report.error(code, instance.place, instance.name, oneOf("a quota among ", names));
    return null;
  }

  // A handler that no rule uses has no instances; that is a warning of its own.
  private checkQuotas(): void {
    const quotas = this.params.quotas.value;
    const report = this.context.report;
    if (quotas.length > QUOTA_COUNT_MAX) {
      const expected = "at most " + QUOTA_COUNT_MAX.toString();
      const place = this.params.quotas.place();
      report.error(DiagnosticCode.TooManyEntries, place, quotas.length.toString(), expected);
      return;
    }
    const seen = new Map<string, i32>();
    for (let index = 0; index < quotas.length; index++) {
      const name = quotas[index].name;
      if (seen.has(name.value)) {
        const first = quotas[seen.get(name.value)].name.place();
        report.conflict(DiagnosticCode.DuplicateEntry, name.place(), name.value, "", first);
      } else if (this.context.instances.length > 0 && !this.hasInstance(name.value)) {
        const expected = "an instance of template `quota` with this name in an action";
        report.error(DiagnosticCode.QuotaWithoutInstance, name.place(), name.value, expected);
      }
      seen.set(name.value, index);
    }
  }

  private hasInstance(name: string): bool {
    const instances = this.context.instances;
    for (let index = 0; index < instances.length; index++) {
      if (instances[index].name == name) return true;
    }
    return false;
  }

  private define(quota: QuotaParams, instance: RoutedInstance): QuotaDefinition {
    const set = instance.dimensions;
    const count = set === null ? 0 : set.count;
    const algorithm = <Algorithm>quota.algorithm.value;
    const name = new TableName(
      "memquota",
      this.context.pluginName,
      this.context.handlerName,
      quota.name.value,
      (<i32>algorithm).toString() + ";" + describe(set),
    );
    const tables = new TableSet(name, algorithm, this.context);
    const leaseSize = quota.leaseSize.value;
    const own = new Limit(
      quota.maxAmount.value,
      tables.table(quota.validDuration.value),
      leaseSize,
    );
    const groups = new GroupBuilder(this.context.region);
    const limits: Limit[] = [];
    const overrides = quota.overrides.value;
    for (let index = 0; index < this.overrideCount(quota); index++) {
      const given = overrides[index];
      const duration = given.validDuration.isSet ? given.validDuration : quota.validDuration;
      const table = tables.table(duration.value);
      limits.push(new Limit(given.maxAmount.value, table, leaseSize));
      this.addOverride(groups, given, set);
    }
    const values = this.context.region.take(<usize>count * DIMENSION_SIZE_BYTES);
    return new QuotaDefinition(
      own,
      StaticArray.fromArray(limits),
      new Overrides(groups.finish(), values),
    );
  }

  private overrideCount(quota: QuotaParams): i32 {
    const count = quota.overrides.value.length;
    if (count <= QUOTA_OVERRIDE_COUNT_MAX) return count;
    const expected = "at most " + QUOTA_OVERRIDE_COUNT_MAX.toString();
    const place = quota.overrides.place();
    this.context.report.error(DiagnosticCode.TooManyEntries, place, count.toString(), expected);
    return 0;
  }

  // One row of constants, in the order of the set, so that equal sets of names make one group.
  private addOverride(groups: GroupBuilder, given: OverrideParams, set: DimensionSet | null): void {
    const texts = given.dimensions.value;
    const positions: i32[] = [];
    const constants: Slice[] = [];
    for (let index = 0; index < texts.size; index++) {
      if (set === null || set.find(texts.keys[index]) < 0) {
        this.reportUnknown(given, index, set);
      }
    }
    const count = set === null ? 0 : set.count;
    for (let position = 0; position < count; position++) {
      const index = texts.keys.indexOf(textOf(set!.name(position)));
      if (index < 0) continue;
      positions.push(position);
      constants.push(this.constant(given, index, set!, position));
    }
    groups.add(positions, constants);
  }

  private constant(given: OverrideParams, index: i32, set: DimensionSet, position: i32): Slice {
    const texts = given.dimensions.value;
    const type = set.type(position);
    const constant = constantOf(type, texts.values[index], this.context.region);
    if (isPresent(constant)) return constant;
    const expected = "a value of type " + VALUE_TYPE_NAMES[type];
    const place = texts.nodes[index].place();
    this.context.report.error(DiagnosticCode.WrongType, place, texts.values[index], expected);
    return 0;
  }

  private reportUnknown(given: OverrideParams, index: i32, set: DimensionSet | null): void {
    const names: string[] = [];
    for (let position = 0; set !== null && position < set.count; position++) {
      names.push(textOf(set.name(position)));
    }
    const node = given.dimensions.node!;
    const key = given.dimensions.value.keys[index];
    const code = DiagnosticCode.UnknownDimension;
    const expected = oneOf("a dimension among ", names);
    this.context.report.error(code, node.keyPlace(node.keys.indexOf(key)), key, expected);
  }
}

// Tables of one quota by window length: few, so a list is searched.
class TableSet {
  private readonly tables: Table[] = [];

  constructor(
    private readonly name: TableName,
    private readonly algorithm: Algorithm,
    private readonly context: BuildContext,
  ) {}

  table(windowNs: i64): Table {
    for (let index = 0; index < this.tables.length; index++) {
      if (this.tables[index].windowNs == windowNs) return this.tables[index];
    }
    const table = new Table(this.name, windowNs, this.algorithm, this.context.region);
    this.tables.push(table);
    return table;
  }
}

function describe(set: DimensionSet | null): string {
  let text = "";
  for (let position = 0; set !== null && position < set.count; position++) {
    const name = textOf(set.name(position));
    text += name.length.toString() + ":" + name + ":" + (<i32>set.type(position)).toString() + ";";
  }
  return text;
}

function oneOf(what: string, names: string[]): string {
  if (names.length == 0) return "none is defined";
  return what + "`" + names.slice(0, 30).join("`, `") + "`";
}
