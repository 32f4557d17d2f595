// The denier: names, standard instance, and how a handler is made of parameters.

import {
  Adapter,
  BuildContext,
  Handler,
  Lifetime,
  Params,
  Status,
  Template,
} from "../../assembly/sdk";
import { DenierParams } from "./config";
import { DenierHandler } from "./handler";

/** Denies every request that reaches it, with one configured status. */
export class Denier extends Adapter {
  get name(): string {
    return "denier";
  }

  get serves(): u32 {
    return Template.CheckNothing | Template.ListEntry | Template.Quota;
  }

  params(): Params {
    return new DenierParams();
  }

  standardInstances(params: Params): string {
    return '[{"name":"checknothing","template":"checknothing"}]';
  }

  build(params: Params, context: BuildContext): Handler | null {
    const denier = params as DenierParams;
    const message = context.region.text(denier.status.message);
    const lifetime = new Lifetime(denier.validDuration.value, <i32>denier.validUseCount.value);
    return new DenierHandler(new Status(denier.status.value, message), lifetime);
  }
}
