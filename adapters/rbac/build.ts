// Builds the handler from its policies. Cold: runs while a document is loaded.

import { BuildContext, DiagnosticCode, Handler, Lifetime } from "../../assembly/sdk";
import { PolicyBuilder, collectFacts } from "./build-policies";
import { RbacParams } from "./config";
import { Fact } from "./fact";
import { FactTable } from "./fact-table";
import { AllowKinds, RbacHandler, RuleTable } from "./handler";
import { PolicyAction } from "./policy-action";
import { PolicyParams } from "./policy-config";
import { Policy, Rule } from "./rule";
import { Draft, IndexBuilder } from "./rule-index";

const REFUSED = "no policy allows it";

/** The handler, or null after reporting what is wrong. */
export function buildHandler(params: RbacParams, context: BuildContext): Handler | null {
  const report = context.report;
  const given = params.policies.value;
  reportDuplicates(given, context);
  const facts = new FactTable();
  collectFacts(given, facts);
  const builder = new PolicyBuilder(context, facts);
  const order: PolicyAction[] = [PolicyAction.Audit, PolicyAction.Deny, PolicyAction.Allow];
  const starts: i32[] = [];
  for (let at = 0; at < order.length; at++) {
    starts.push(builder.drafts.length);
    addAll(builder, given, order[at]);
  }
  const cells = facts.cells(context);
  if (report.failed || cells == 0) return null;
  const always = new IndexBuilder(facts.facts, context.region).build(builder.drafts);
  const rules = rulesOf(builder.drafts);
  const bits = context.region.take(((<usize>rules.length + 63) >> 3) + 8);
  const table = new RuleTable(rules, starts[1], starts[2], always, bits);
  return new RbacHandler(
    table,
    StaticArray.fromArray<Fact>(facts.facts),
    StaticArray.fromArray<Policy>(builder.policies),
    kindsOf(builder.policies),
    cells,
    facts.slotCount,
    new Lifetime(0, 0),
    refusal(context),
  );
}

function addAll(builder: PolicyBuilder, given: PolicyParams[], action: PolicyAction): void {
  for (let at = 0; at < given.length; at++) {
    if (given[at].action.value == action) builder.add(given[at]);
  }
}

function rulesOf(drafts: Draft[]): StaticArray<Rule> {
  const rules: Rule[] = [];
  for (let at = 0; at < drafts.length; at++) rules.push(drafts[at].rule!);
  return StaticArray.fromArray<Rule>(rules);
}

function kindsOf(policies: Policy[]): AllowKinds {
  const kinds = new AllowKinds();
  for (let at = 0; at < policies.length; at++) {
    if (policies[at].action != PolicyAction.Allow) continue;
    if (policies[at].isDryRun) kinds.hasDryRun = true;
    else kinds.hasEnforced = true;
  }
  return kinds;
}

function refusal(context: BuildContext): Policy {
  const name = "rbac_policy_total.handler=" + context.handlerName;
  const region = context.region;
  return new Policy(
    region.text(""),
    PolicyAction.Deny,
    false,
    region.text(REFUSED),
    region.text(name + ";policy=none;result=denied;"),
  );
}

function reportDuplicates(given: PolicyParams[], context: BuildContext): void {
  const known = new Map<string, PolicyParams>();
  for (let at = 0; at < given.length; at++) {
    const name = given[at].namespace.value + " " + given[at].name.value;
    if (!known.has(name)) {
      known.set(name, given[at]);
      continue;
    }
    const first = known.get(name).name.place();
    const place = given[at].name.place();
    const code = DiagnosticCode.DuplicateEntry;
    context.report.conflict(code, place, given[at].name.value, "a name of its own", first);
  }
}
