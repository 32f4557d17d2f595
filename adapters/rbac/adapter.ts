// The rbac adapter: decides by policies that stand in the document.

import { Adapter, BuildContext, Handler, Params, Template } from "../../assembly/sdk";
import { buildHandler } from "./build";
import { collectFacts } from "./build-policies";
import { RbacParams } from "./config";
import { FactTable } from "./fact-table";

/** Allows or denies by policies in the terms of Istio's AuthorizationPolicy. */
export class Rbac extends Adapter {
  get name(): string {
    return "rbac";
  }

  get serves(): u32 {
    return Template.Authorization;
  }

  get takesAbsent(): bool {
    return true;
  }

  params(): Params {
    return new RbacParams();
  }

  standardInstances(params: Params): string {
    const facts = new FactTable();
    collectFacts((params as RbacParams).policies.value, facts);
    const subject = facts.properties(true);
    const action = facts.properties(false);
    return (
      '[{"name":"authorization","template":"authorization","params":{' +
      (subject.length == 0 ? "" : '"subject":{' + subject + "},") +
      '"action":{"method":"request.method | \\"\\"","path":"request.url_path | \\"\\""' +
      (action.length == 0 ? "" : "," + action) +
      "}}}]"
    );
  }

  labels(params: Params, context: BuildContext): string[] {
    return ["handler", "policy", "result"];
  }

  build(params: Params, context: BuildContext): Handler | null {
    return buildHandler(params as RbacParams, context);
  }
}
