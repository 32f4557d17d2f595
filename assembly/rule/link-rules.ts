// The last step of building a table: actions find their handlers, and rules and table learn what
// kinds of work they have. Cold.

import { Action } from "./action";
import { orderOf } from "./known-inputs";
import { Rule } from "./rule";
import { RuleTable } from "./table";

/** Links all rules of a table whose handlers are built. */
export function linkRules(table: RuleTable): void {
  for (let at = 0; at < table.rules.length; at++) {
    const rule = table.rules[at];
    linkActions(table, rule.checks);
    linkActions(table, rule.quotas);
    linkActions(table, rule.reports);
    if (rule.checks.length > 0) table.hasChecks = true;
    if (rule.quotas.length > 0) table.hasQuotas = true;
    if (rule.changesRequest && !rule.isShadow) table.hasRequestOperations = true;
    noteKinds(table, rule);
  }
  const isTold = table.writesAllVerdicts || table.peers !== null || table.explainer !== null;
  table.actsOnPass = isTold || table.hasRequestOperations || table.hasShadow;
}

function linkActions(table: RuleTable, actions: StaticArray<Action>): void {
  for (let at = 0; at < actions.length; at++) {
    actions[at].handler = table.handlers[actions[at].handlerNumber];
  }
}

function noteKinds(table: RuleTable, rule: Rule): void {
  for (let at = 0; at < rule.checks.length; at++) {
    rule.checks[at].order = orderOf(rule.number, at);
    if (rule.checks[at].isShadow) rule.hasFixedShadow = true;
    else if (rule.checks[at].handler!.isRemote) table.hasRemoteChecks = true;
  }
  for (let at = 0; at < rule.quotas.length; at++) {
    if (rule.quotas[at].isShadow) rule.hasFixedShadow = true;
    else if (rule.quotas[at].handler!.isRemote) table.hasRemoteQuotas = true;
  }
  rule.hasShadow = rule.hasFixedShadow;
  rule.hasSides = rule.rollout !== null || rule.actionRollouts.length > 0;
  if (rule.hasSides) table.hasRollouts = true;
  if (rule.hasShadow || rule.hasSides) table.hasShadow = true;
}
