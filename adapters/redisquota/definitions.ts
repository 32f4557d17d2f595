// Builds the quotas of a handler from its parameters and the instances that rules route to it, or
// reports everything that does not fit together, and what a rate limit service cannot express.
// Cold: runs while a document is loaded.

import {
  BuildContext,
  OverrideBuilder,
  QUOTA_COUNT_MAX,
  QuotaNames,
  QuotaTable,
  RoutedInstance,
  TableName,
  TextField,
  UnknownDimension,
  describeDimensions,
  overrideCountOf,
} from "../../assembly/sdk";
import { QuotaParams, RedisquotaParams } from "./config";
import { QuotaDefinition } from "./quota-definition";
import { checkExpressible, remoteNameOf } from "./remote-name";

/** Builds the definitions of one handler. */
export class DefinitionBuilder {
  constructor(
    private readonly params: RedisquotaParams,
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
    this.checkExpressible();
    const instances = this.context.instances;
    for (let index = 0; index < instances.length; index++) {
      const number = names.find(instances[index]);
      if (number >= 0) definitions.push(this.define(quotas[number], instances[index]));
    }
    return StaticArray.fromArray(definitions);
  }

  // Without a connection this Envoy counts, which has no such bounds.
  private checkExpressible(): void {
    const quotas = this.params.quotas.value;
    if (this.context.connection === null) return;
    for (let at = 0; at < min(quotas.length, QUOTA_COUNT_MAX); at++) {
      checkExpressible(quotas[at], this.context.report);
    }
  }

  private define(quota: QuotaParams, instance: RoutedInstance): QuotaDefinition {
    const context = this.context;
    const set = instance.dimensions;
    const bucketNs = quota.isRolling ? quota.bucketDuration.value : 0;
    const name = new TableName(
      "redisquota",
      context.pluginName,
      context.handlerName,
      quota.name.value,
      bucketNs.toString() + ";" + describeDimensions(set),
    );
    const overrides = new OverrideBuilder(context, set, UnknownDimension.NeverApplies);
    const given = quota.overrides;
    const count = overrideCountOf(given.value.length, given.place(), context.report);
    const amounts = new StaticArray<i64>(count);
    for (let index = 0; index < count; index++) {
      const each = given.value[index];
      amounts[index] = each.maxAmount.value;
      overrides.add(each.dimensions);
    }
    return new QuotaDefinition(
      quota.maxAmount.value,
      amounts,
      overrides.finish(),
      new QuotaTable(name, quota.validDuration.value, context.region),
      bucketNs,
      remoteNameOf(quota, this.params.domain.value, context),
    );
  }
}
