// A test's adapter: its checks wait for a callout that nobody makes; the test answers it. Shows
// that a paused request goes on. Not shipped.

import { Adapter, BuildContext, Handler, Params, Template } from "../../../assembly/sdk";
import { LaterHandler } from "./handler";

/** Waits for an answer, then allows or denies by its body's size. */
export class Later extends Adapter {
  get name(): string {
    return "later";
  }

  get serves(): u32 {
    return Template.CheckNothing;
  }

  params(): Params {
    return new Params();
  }

  standardInstances(params: Params): string {
    return '[{"name":"later","template":"checknothing"}]';
  }

  build(params: Params, context: BuildContext): Handler | null {
    return new LaterHandler();
  }
}
