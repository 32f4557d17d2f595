// redisquota: names, standard instances, and the handler with its definitions.

import {
  Adapter,
  BuildContext,
  Deduplication,
  DiagnosticCode,
  Handler,
  Ledger,
  Params,
  Protocol,
  QuotaTable,
  TableName,
  Template,
  exampleQuotaInstance,
  standardQuotaInstances,
} from "../../assembly/sdk";
import { Fallback, RedisquotaParams } from "./config";
import { DefinitionBuilder } from "./definitions";
import { FixedWindow } from "./fixed-window";
import { RedisquotaHandler } from "./handler";
import { Leases } from "./leases";
import { LocalEngine } from "./local-engine";
import { QuotaDefinition } from "./quota-definition";
import { RollingWindow } from "./rolling-window";

const WITHOUT_SERVICE = "a `connection` to a rate limit service; this Envoy counts alone";

/** Limits rates that all Envoys of a mesh share, by Envoy's rate limit service and Redis. */
export class Redisquota extends Adapter {
  get name(): string {
    return "redisquota";
  }

  get serves(): u32 {
    return Template.Quota;
  }

  get protocol(): Protocol {
    return Protocol.Grpc;
  }

  get isConnectionOptional(): bool {
    return true;
  }

  params(): Params {
    return new RedisquotaParams();
  }

  standardInstances(params: Params): string {
    const quotas = (params as RedisquotaParams).quotas.value;
    const names: string[] = [];
    for (let index = 0; index < quotas.length; index++) names.push(quotas[index].name.value);
    return standardQuotaInstances(names);
  }

  exampleInstance(params: Params): string {
    return exampleQuotaInstance();
  }

  build(params: Params, context: BuildContext): Handler | null {
    const given = params as RedisquotaParams;
    const definitions = new DefinitionBuilder(given, context).build();
    if (context.report.failed) return null;
    if (context.connection === null && given.redisServerUrl.isSet) {
      const place = given.redisServerUrl.place();
      context.report.warning(DiagnosticCode.NoEffect, place, "redisServerUrl", WITHOUT_SERVICE);
    }
    const handler = new RedisquotaHandler(definitions, given.fallback.value == Fallback.Local);
    const local = localEngine(handler, definitions, context);
    handler.local = local;
    if (given.prefetch.value && context.connection !== null) {
      const engine = handler.fallsBack ? local : null;
      handler.leases = new Leases(definitions, engine, handler.drops, handler.localFallback);
    }
    return handler;
  }
}

function localEngine(
  handler: Handler,
  definitions: StaticArray<QuotaDefinition>,
  context: BuildContext,
): LocalEngine {
  const seedName = new TableName("redisquota", context.pluginName, "", "", "");
  const seedTable = new QuotaTable(seedName, 0, context.region);
  const fixed = new FixedWindow();
  const rolling = new RollingWindow();
  let longestNs: i64 = 1;
  for (let index = 0; index < definitions.length; index++) {
    longestNs = max(longestNs, definitions[index].table.windowNs);
  }
  return new LocalEngine(
    handler.drops,
    fixed,
    new Ledger(seedTable, fixed),
    rolling,
    new Ledger(seedTable, rolling),
    new Deduplication(longestNs),
  );
}
