// The stdio adapter: names, standard instance, and how a handler is made of parameters.

import {
  Adapter,
  BuildContext,
  Handler,
  Params,
  REPORT_EVENTS_ALL,
  Template,
} from "../../assembly/sdk";
import { buildHandler } from "./build";
import { StdioParams } from "./config";
import { standardEvents, standardInstancesText } from "./standard";

/** Writes log entries and metrics to Envoy's log, one line each, as JSON or as text. */
export class Stdio extends Adapter {
  get name(): string {
    return "stdio";
  }

  get serves(): u32 {
    return Template.LogEntry | Template.Metric;
  }

  params(): Params {
    return new StdioParams();
  }

  standardInstances(params: Params): string {
    return standardInstancesText();
  }

  /** An instance of the document's own is written for whatever its rule matches. */
  reportEvents(instance: string, isStandard: bool): u32 {
    return isStandard ? standardEvents(instance) : REPORT_EVENTS_ALL;
  }

  build(params: Params, context: BuildContext): Handler | null {
    return buildHandler(params as StdioParams, context);
  }
}
