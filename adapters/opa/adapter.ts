// The OPA adapter: asks an Open Policy Agent over its REST API whether a request may pass.

import {
  Adapter,
  BuildContext,
  DiagnosticCode,
  DimensionSet,
  FailureMode,
  Handler,
  Lifetime,
  Params,
  Protocol,
  Template,
  ValueType,
  replaced,
} from "../../assembly/sdk";
import { OpaParams } from "./config";
import { OpaHandler } from "./handler";

const STANDARD =
  '[{"name":"authorization","template":"authorization","params":{' +
  '"subject":{"user":"request.auth.principal | source.principal | source.user | \\"\\""},' +
  '"action":{"namespace":"destination.namespace | \\"\\"",' +
  '"service":"destination.service.host | request.host | \\"\\"",' +
  '"method":"request.method | \\"\\"","path":"request.path | \\"\\""}}}]';

/** Lets an Open Policy Agent decide. */
export class Opa extends Adapter {
  get name(): string {
    return "opa";
  }

  get serves(): u32 {
    return Template.Authorization;
  }

  get protocol(): Protocol {
    return Protocol.Http;
  }

  params(): Params {
    return new OpaParams();
  }

  standardInstances(params: Params): string {
    return STANDARD;
  }

  build(params: Params, context: BuildContext): Handler | null {
    const opa = params as OpaParams;
    if (!haveJsonTypes(context)) return null;
    const path = "/v1/data" + replaced(opa.checkMethod.value.substring(4), ".", "/");
    const lifetime = new Lifetime(opa.validDuration.value, <i32>opa.validUseCount.value);
    const handler = new OpaHandler(context.region.text(path), lifetime);
    handler.mayKeep = lifetime.durationNs > 0 && lifetime.useCount != 0;
    if (opa.failClose.isSet) {
      handler.failureMode = opa.failClose.value ? FailureMode.Deny : FailureMode.Allow;
    }
    return handler;
  }
}

// A map would be sent whole, with every header and cookie: single values are named instead.
function haveJsonTypes(context: BuildContext): bool {
  for (let at = 0; at < context.instances.length; at++) {
    const instance = context.instances[at];
    for (let set = 0; set < instance.properties.length; set++) {
      if (!hasMap(instance.properties[set])) continue;
      const expected = 'single values, such as `request.headers["x-tenant"]`';
      context.report.error(DiagnosticCode.TypeMismatch, instance.place, "STRING_MAP", expected);
      return false;
    }
  }
  return true;
}

function hasMap(set: DimensionSet): bool {
  for (let position = 0; position < set.count; position++) {
    if (set.type(position) == ValueType.StringMap) return true;
  }
  return false;
}
