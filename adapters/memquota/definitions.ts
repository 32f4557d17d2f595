// Builds the quotas of a handler from its parameters and the instances that rules route to it, or
// reports everything that does not fit together. Cold: runs while a document is loaded.

import {
  BuildContext,
  DiagnosticCode,
  OverrideBuilder,
  QUOTA_COUNT_MAX,
  QUOTA_OVERRIDE_COUNT_MAX,
  RoutedInstance,
  TableName,
  UnknownDimension,
  describeDimensions,
} from "../../assembly/sdk";
import { Algorithm } from "./account";
import { MemquotaParams, QuotaParams } from "./config";
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
    const algorithm = <Algorithm>quota.algorithm.value;
    const name = new TableName(
      "memquota",
      this.context.pluginName,
      this.context.handlerName,
      quota.name.value,
      (<i32>algorithm).toString() + ";" + describeDimensions(set),
    );
    const tables = new TableSet(name, algorithm, this.context);
    const leaseSize = quota.leaseSize.value;
    const own = new Limit(
      quota.maxAmount.value,
      tables.table(quota.validDuration.value),
      leaseSize,
    );
    const builder = new OverrideBuilder(this.context, set, UnknownDimension.Refused);
    const limits: Limit[] = [];
    const overrides = quota.overrides.value;
    for (let index = 0; index < this.overrideCount(quota); index++) {
      const given = overrides[index];
      const duration = given.validDuration.isSet ? given.validDuration : quota.validDuration;
      const table = tables.table(duration.value);
      limits.push(new Limit(given.maxAmount.value, table, leaseSize));
      builder.add(given.dimensions);
    }
    return new QuotaDefinition(own, StaticArray.fromArray(limits), builder.finish());
  }

  private overrideCount(quota: QuotaParams): i32 {
    const count = quota.overrides.value.length;
    if (count <= QUOTA_OVERRIDE_COUNT_MAX) return count;
    const expected = "at most " + QUOTA_OVERRIDE_COUNT_MAX.toString();
    const place = quota.overrides.place();
    this.context.report.error(DiagnosticCode.TooManyEntries, place, count.toString(), expected);
    return 0;
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

function oneOf(what: string, names: string[]): string {
  if (names.length == 0) return "none is defined";
  return what + "`" + names.slice(0, 30).join("`, `") + "`";
}
