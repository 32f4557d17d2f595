// memquota: names, standard instances, and the handler with its definitions.

import {
  Adapter,
  BuildContext,
  Deduplication,
  Handler,
  Ledger,
  Params,
  QuotaTable,
  TableName,
  Template,
  exampleQuotaInstance,
  standardQuotaInstances,
} from "../../assembly/sdk";
import { Algorithm } from "./account";
import { MemquotaParams } from "./config";
import { DefinitionBuilder } from "./definitions";
import { MemquotaHandler } from "./handler";
import { accountOf } from "./table";

/** Limits rates by windows and token buckets that all workers of one Envoy share. */
export class Memquota extends Adapter {
  get name(): string {
    return "memquota";
  }

  get serves(): u32 {
    return Template.Quota;
  }

  params(): Params {
    return new MemquotaParams();
  }

  standardInstances(params: Params): string {
    const quotas = (params as MemquotaParams).quotas.value;
    const names: string[] = [];
    for (let index = 0; index < quotas.length; index++) names.push(quotas[index].name.value);
    return standardQuotaInstances(names);
  }

  exampleInstance(params: Params): string {
    return exampleQuotaInstance();
  }

  build(params: Params, context: BuildContext): Handler | null {
    const memquota = params as MemquotaParams;
    const definitions = new DefinitionBuilder(memquota, context).build();
    if (context.report.failed) return null;
    const seedName = new TableName("memquota", context.pluginName, "", "", "");
    const ledger = new Ledger(
      new QuotaTable(seedName, 0, context.region),
      accountOf(Algorithm.RollingWindow),
    );
    const deduplication = new Deduplication(memquota.minDeduplicationDuration.value);
    return new MemquotaHandler(definitions, ledger, deduplication);
  }
}
