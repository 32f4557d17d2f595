// Builds the quotas of a handler from its parameters and the instances that rules route to it, or
// reports everything that does not fit together, and what a rate limit service cannot express.
// Cold: runs while a document is loaded.

import {
  BuildContext,
  DiagnosticCode,
  OverrideBuilder,
  QUOTA_COUNT_MAX,
  QUOTA_OVERRIDE_COUNT_MAX,
  QuotaTable,
  RoutedInstance,
  TableName,
  UnknownDimension,
  describeDimensions,
} from "../../assembly/sdk";
import { QuotaParams, RedisquotaParams } from "./config";
import { QuotaDefinition } from "./quota-definition";
import { checkExpressible, remoteNameOf } from "./remote-name";

const NAMES_SHOWN_MAX: i32 = 30;

/** Builds the definitions of one handler. */
export class DefinitionBuilder {
  constructor(
    private readonly params: RedisquotaParams,
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
    const known = names.slice(0, NAMES_SHOWN_MAX).join("`, `");
    const expected = "a name in `quotas`: " + (names.length == 0 ? "none" : "`" + known + "`");
    const code = DiagnosticCode.InstanceWithoutQuota;
    this.context.report.error(code, instance.place, instance.name, expected);
    return null;
  }

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
      if (this.context.connection !== null) checkExpressible(quotas[index], report);
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
    const count = this.overrideCount(quota);
    const amounts = new StaticArray<i64>(count);
    for (let index = 0; index < count; index++) {
      const given = quota.overrides.value[index];
      amounts[index] = given.maxAmount.value;
      overrides.add(given.dimensions);
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

  private overrideCount(quota: QuotaParams): i32 {
    const count = quota.overrides.value.length;
    if (count <= QUOTA_OVERRIDE_COUNT_MAX) return count;
    const expected = "at most " + QUOTA_OVERRIDE_COUNT_MAX.toString();
    const place = quota.overrides.place();
    this.context.report.error(DiagnosticCode.TooManyEntries, place, count.toString(), expected);
    return 0;
  }
}
