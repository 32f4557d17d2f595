// Builds the handler from its policies. Cold: runs while a document is loaded.

import { BuildContext, DiagnosticCode, Handler, Lifetime } from "../../assembly/sdk";
import { PolicyBuilder } from "./build-policies";
import { RoleBuilder, collectRoleFacts } from "./build-roles";
import { RbacParams } from "./config";
import { Fact } from "./fact";
import { FactTable } from "./fact-table";
import { AllowKinds, RbacHandler, RuleTable } from "./handler";
import { PolicyAction } from "./policy-action";
import { PolicyParams } from "./policy-config";
import { makeRefusal } from "./policy-labels";
import { Policy, Rule } from "./rule";
import { Draft, IndexBuilder } from "./rule-index";

const REFUSED = "no policy allows it";
/** Mixer's words. */
const NO_ROLE = "RBAC: permission denied.";

/** Rules in order, and where DENY and ALLOW begin. */
class Plan {
  constructor(
    readonly drafts: Draft[],
    readonly policies: Policy[],
    readonly denyAt: i32,
    readonly allowAt: i32,
  ) {}
}

/** The handler, or null after reporting what is wrong. */
export function buildHandler(params: RbacParams, context: BuildContext): Handler | null {
  const region = context.region;
  const facts = new FactTable();
  const plan = params.roles.isSet
    ? planRoles(params, facts, context)
    : planPolicies(params, facts, context);
  const cells = facts.cells(context);
  if (context.report.failed || cells == 0) return null;
  const always = new IndexBuilder(facts.facts, region).build(plan.drafts);
  const rules = rulesOf(plan.drafts);
  const bits = region.take(((<usize>rules.length + 63) >> 3) + 8);
  const kinds = kindsOf(plan.policies);
  // Without a role that anybody has, nobody may do anything.
  if (params.roles.isSet) kinds.hasEnforced = true;
  return new RbacHandler(
    new RuleTable(rules, plan.denyAt, plan.allowAt, always, bits),
    StaticArray.fromArray<Fact>(facts.facts),
    StaticArray.fromArray<Policy>(plan.policies),
    kinds,
    cells,
    facts.slotCount,
    new Lifetime(0, 0),
    makeRefusal(params.roles.isSet ? NO_ROLE : REFUSED, context),
  );
}

function planPolicies(params: RbacParams, facts: FactTable, context: BuildContext): Plan {
  const given = params.policies.value;
  reportDuplicates(given, context);
  const builder = new PolicyBuilder(context, facts);
  addAll(builder, given, PolicyAction.Audit);
  const denyAt = builder.drafts.length;
  addAll(builder, given, PolicyAction.Deny);
  const allowAt = builder.drafts.length;
  addAll(builder, given, PolicyAction.Allow);
  return new Plan(builder.drafts, builder.policies, denyAt, allowAt);
}

function planRoles(params: RbacParams, facts: FactTable, context: BuildContext): Plan {
  collectRoleFacts(params, facts);
  const builder = new RoleBuilder(context, facts);
  builder.build(params);
  return new Plan(builder.drafts, builder.policies, 0, 0);
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
