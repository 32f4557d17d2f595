// The rbac adapter: decides by policies that stand in the document.

import { Adapter, BuildContext, Handler, Params, Template } from "../../assembly/sdk";
import { buildHandler } from "./build";
import { collectFacts } from "./build-policies";
import { collectRoleFacts } from "./build-roles";
import { RbacParams } from "./config";
import { FactTable } from "./fact-table";

const ROLE_SUBJECT = '"user":"source.principal | \\"\\"","groups":"\\"\\""';
const ROLE_ACTION =
  '"namespace":"destination.namespace | \\"\\"",' +
  '"service":"destination.service.host | \\"\\"",' +
  '"method":"request.method | \\"\\"","path":"request.url_path | \\"\\""';
const EXAMPLE =
  '{"template":"authorization","params":{"subject":{"user":"source.principal | \\"\\"",' +
  '"properties":{"tier":"request.headers[\\"x-tier\\"]"}},"action":{' +
  ROLE_ACTION +
  "}}}";

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
    const given = params as RbacParams;
    const facts = new FactTable();
    if (given.roles.isSet) collectRoleFacts(given, facts);
    else collectFacts(given.policies.value, facts);
    if (!facts.isComplete) return "";
    if (given.roles.isSet) return roleInstance(facts);
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

  exampleInstance(params: Params): string {
    return EXAMPLE;
  }

  labels(params: Params, context: BuildContext): string[] {
    return ["handler", "policy", "result"];
  }

  build(params: Params, context: BuildContext): Handler | null {
    return buildHandler(params as RbacParams, context);
  }
}

// What Mixer's own example of an instance gives, and the properties that bindings need.
function roleInstance(facts: FactTable): string {
  const subject = facts.properties(true);
  const action = facts.properties(false);
  return (
    '[{"name":"authorization","template":"authorization","params":{"subject":{' +
    ROLE_SUBJECT +
    (subject.length == 0 ? "" : "," + subject) +
    '},"action":{' +
    ROLE_ACTION +
    (action.length == 0 ? "" : "," + action) +
    "}}}]"
  );
}
