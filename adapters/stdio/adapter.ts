// The stdio adapter: names, standard instance, and how a handler is made of parameters.

import { Adapter, BuildContext, Handler, Params, Template } from "../../assembly/sdk";
import { buildHandler } from "./build";
import { StdioParams } from "./config";
import { standardInstancesText } from "./standard";

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

  build(params: Params, context: BuildContext): Handler | null {
    return buildHandler(params as StdioParams, context);
  }
}
