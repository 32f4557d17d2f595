// A test's adapter: its checks and quotas ask a backend over HTTP. Shows what the engine does with
// calls and answers. Not shipped.

import {
  Adapter,
  BuildContext,
  Handler,
  Lifetime,
  Params,
  Protocol,
  Template,
} from "../../../assembly/sdk";
import { LaterParams } from "./config";
import { LaterHandler } from "./handler";

/** Asks a backend, and does as its status says. */
export class Later extends Adapter {
  get name(): string {
    return "later";
  }

  get serves(): u32 {
    return Template.CheckNothing | Template.ListEntry | Template.ApiKey | Template.Quota;
  }

  get protocol(): Protocol {
    return Protocol.Http;
  }

  get outputs(): string[] {
    return ["user"];
  }

  params(): Params {
    return new LaterParams();
  }

  standardInstances(params: Params): string {
    return '[{"name":"later","template":"checknothing"}]';
  }

  build(params: Params, context: BuildContext): Handler | null {
    const later = params as LaterParams;
    const lifetime = new Lifetime(later.validDuration.value, <i32>later.validUseCount.value);
    const handler = new LaterHandler(lifetime, later.local.value);
    handler.mayKeep = lifetime.durationNs > 0;
    return handler;
  }
}
