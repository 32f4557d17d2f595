// The adapter that does nothing: names and standard instance.

import { Adapter, BuildContext, Handler, Params, Template } from "../../assembly/sdk";
import { NoopHandler } from "./handler";

/** Accepts and drops everything: allows checks, grants quotas, forgets reports. */
export class Noop extends Adapter {
  get name(): string {
    return "noop";
  }

  get serves(): u32 {
    return (
      Template.CheckNothing |
      Template.ListEntry |
      Template.Quota |
      Template.Metric |
      Template.LogEntry |
      Template.ReportNothing
    );
  }

  params(): Params {
    return new Params();
  }

  standardInstances(params: Params): string {
    return '[{"name":"checknothing","template":"checknothing"}]';
  }

  build(params: Params, context: BuildContext): Handler | null {
    return new NoopHandler();
  }
}
