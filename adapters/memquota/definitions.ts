// Builds the quotas of a handler from its parameters and the instances that rules route to it, or
// reports everything that does not fit together. Cold: runs while a document is loaded.

import {
  BuildContext,
  OverrideBuilder,
  QuotaNames,
  RoutedInstance,
  TableName,
  TextField,
  UnknownDimension,
  describeDimensions,
  overrideCountOf,
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
    const quotas = this.params.quotas.value;
    const fields: TextField[] = [];
    for (let at = 0; at < quotas.length; at++) fields.push(quotas[at].name);
    const names = new QuotaNames(fields, this.context);
    names.check(this.params.quotas.place());
    const instances = this.context.instances;
    for (let index = 0; index < instances.length; index++) {
      const number = names.find(instances[index]);
      if (number >= 0) definitions.push(this.define(quotas[number], instances[index]));
    }
    return StaticArray.fromArray(definitions);
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
    const report = this.context.report;
    const count = overrideCountOf(overrides.length, quota.overrides.place(), report);
    for (let index = 0; index < count; index++) {
      const given = overrides[index];
      const duration = given.validDuration.isSet ? given.validDuration : quota.validDuration;
      const table = tables.table(duration.value);
      limits.push(new Limit(given.maxAmount.value, table, leaseSize));
      builder.add(given.dimensions);
    }
    return new QuotaDefinition(own, StaticArray.fromArray(limits), builder.finish());
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
