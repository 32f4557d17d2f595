// The extauthz adapter: asks a server of Envoy's external authorization protocol, version 3.

import {
  Adapter,
  BuildContext,
  FailureMode,
  Handler,
  Lifetime,
  Params,
  Protocol,
  Template,
} from "../../assembly/sdk";
import { ExtAuthzParams } from "./config";
import { ExtAuthzHandler } from "./handler";

const STANDARD =
  '[{"name":"authorization","template":"authorization","params":{' +
  '"subject":{"user":"source.principal | source.user | \\"\\""},' +
  '"action":{"service":"destination.service.host | \\"\\"",' +
  '"method":"request.method | \\"\\"","path":"request.path | \\"\\"","properties":{' +
  '"host":"request.host | \\"\\"","scheme":"request.scheme | \\"\\"",' +
  '"header.authorization":"request.headers[\\"authorization\\"] | \\"\\"",' +
  '"header.cookie":"request.headers[\\"cookie\\"] | \\"\\""}}}}]';

/** Lets a server of the external authorization protocol decide. */
export class ExtAuthz extends Adapter {
  get name(): string {
    return "extauthz";
  }

  get serves(): u32 {
    return Template.Authorization;
  }

  get protocol(): Protocol {
    return Protocol.Grpc;
  }

  params(): Params {
    return new ExtAuthzParams();
  }

  standardInstances(params: Params): string {
    return STANDARD;
  }

  build(params: Params, context: BuildContext): Handler | null {
    const given = params as ExtAuthzParams;
    const lifetime = new Lifetime(given.validDuration.value, <i32>given.validUseCount.value);
    const handler = new ExtAuthzHandler(lifetime);
    handler.mayKeep = lifetime.durationNs > 0 && lifetime.useCount != 0;
    if (given.failureModeAllow.isSet) {
      handler.failureMode = given.failureModeAllow.value ? FailureMode.Allow : FailureMode.Deny;
    }
    return handler;
  }
}
