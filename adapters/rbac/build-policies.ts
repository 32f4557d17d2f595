// Policies become rules: conditions over facts, in alternatives. Cold: runs while a document is
// loaded.

import {
  BuildContext,
  DiagnosticCode,
  RBAC_PATTERN_COUNT_MAX,
  Report,
  nearest,
} from "../../assembly/sdk";
import { GivenCondition, ofOperation, ofSource, ofWhen } from "./condition-list";
import { Fact } from "./fact";
import { FactTable } from "./fact-table";
import { WHEN_KEYS, isWhenKey } from "./keys";
import { Pattern, PatternBuilder } from "./pattern-builder";
import { PolicyAction } from "./policy-action";
import { PolicyParams, RuleParams, WhenParams } from "./policy-config";
import { makePolicy } from "./policy-labels";
import { Condition, Conjunction, Policy, Rule } from "./rule";
import { Draft, DraftCondition } from "./rule-index";
import { ValueReader } from "./values";

/** Makes every fact that the policies need; reports keys that there are none of. */
export function collectFacts(policies: PolicyParams[], facts: FactTable): void {
  for (let at = 0; at < policies.length; at++) {
    const rules = policies[at].rules.value;
    for (let index = 0; index < rules.length; index++) collectOfRule(rules[index], facts);
  }
}

function collectOfRule(rule: RuleParams, facts: FactTable): void {
  for (let at = 0; at < rule.sources.value.length; at++) {
    takeAll(ofSource(rule.sources.value[at].source.value), facts);
  }
  for (let at = 0; at < rule.operations.value.length; at++) {
    takeAll(ofOperation(rule.operations.value[at].operation.value), facts);
  }
  takeAll(ofWhen(rule.when.value), facts);
}

function takeAll(conditions: GivenCondition[], facts: FactTable): void {
  for (let at = 0; at < conditions.length; at++) facts.take(conditions[at].key);
}

/** Builds the rules of policies. */
export class PolicyBuilder {
  /** The rules with what an index may be made of. */
  readonly drafts: Draft[] = [];
  readonly policies: Policy[] = [];
  private readonly values: ValueReader;
  private patternCount: i32 = 0;
  private namespace: string = "";
  private draft: Draft = new Draft();
  /** A fact of HTTP that the rule has a condition about. */
  private httpFact: Fact | null = null;

  constructor(
    private readonly context: BuildContext,
    private readonly facts: FactTable,
  ) {
    this.values = new ValueReader(context.region, context.report);
  }

  /** Builds one policy. */
  add(params: PolicyParams): void {
    const action = <PolicyAction>params.action.value;
    const policy = makePolicy(params.name.value, action, params.dryRun.value, this.context);
    this.policies.push(policy);
    this.namespace = params.namespace.value;
    const rules = params.rules.value;
    for (let at = 0; at < rules.length; at++) this.addRule(policy, rules[at]);
    this.context.report.exceeds(params.place(), this.patternCount, RBAC_PATTERN_COUNT_MAX);
  }

  private addRule(policy: Policy, params: RuleParams): void {
    const draft = new Draft();
    this.draft = draft;
    this.checkKeys(params.when.value);
    this.httpFact = null;
    const sources: Conjunction[] = [];
    for (let at = 0; at < params.sources.value.length; at++) {
      const given = ofSource(params.sources.value[at].source.value);
      sources.push(this.conjunction(given, draft.addSource()));
    }
    const operations: Conjunction[] = [];
    for (let at = 0; at < params.operations.value.length; at++) {
      const given = ofOperation(params.operations.value[at].operation.value);
      operations.push(this.conjunction(given, draft.addOperation()));
    }
    // As in Istio a field of HTTP in one alternative of an ALLOW keeps all of it from connections.
    const hasMore = sources.length > 1 || operations.length > 1;
    if (!hasMore || policy.action != PolicyAction.Allow) this.httpFact = null;
    const when = this.conjunction(ofWhen(params.when.value), draft.when, this.httpFact);
    draft.rule = new Rule(policy, orAlways(sources), orAlways(operations), when);
    this.drafts.push(draft);
  }

  private checkKeys(when: WhenParams[]): void {
    const report: Report = this.context.report;
    for (let at = 0; at < when.length; at++) {
      const key = when[at].key.value;
      if (isWhenKey(key) || !when[at].key.isSet) continue;
      const expected =
        "one of " +
        WHEN_KEYS.join(", ") +
        ", request.headers[NAME], request.auth.claims[NAME] or experimental.envoy.filters.FILTER[KEY]";
      const place = when[at].key.place();
      const code = DiagnosticCode.UnknownConditionKey;
      report.error(code, place, key, expected, nearest(key, WHEN_KEYS));
    }
  }

  // With a `known` fact, which must be one that can be told.
  private conjunction(
    given: GivenCondition[],
    kept: DraftCondition[],
    known: Fact | null = null,
  ): Conjunction {
    const conditions: Condition[] = [];
    if (known !== null) {
      const nothing = new PatternBuilder().finish(this.context.region);
      conditions.push(new Condition(known, nothing, true));
    }
    for (let at = 0; at < given.length; at++) {
      conditions.push(this.condition(given[at], kept));
    }
    return new Conjunction(StaticArray.fromArray(conditions));
  }

  private condition(given: GivenCondition, kept: DraftCondition[]): Condition {
    const nodes = given.nodes;
    const fact = this.facts.take(given.key);
    if (fact.isOfHttp) this.httpFact = fact;
    const builder = new PatternBuilder();
    const all: Pattern[] = [];
    for (let at = 0; at < nodes.length; at++) {
      if (!nodes[at].isText) continue;
      fact.notePattern(nodes[at].string());
      this.values.read(given.key, nodes[at], this.namespace);
      const patterns = this.values.patterns;
      for (let index = 0; index < patterns.length; index++) {
        builder.add(patterns[index]);
        all.push(patterns[index]);
      }
    }
    this.patternCount += all.length;
    if (!given.isNegated) kept.push(new DraftCondition(fact, all));
    return new Condition(fact, builder.finish(this.context.region), given.isNegated);
  }
}

// Nothing given: anybody, or anything.
function orAlways(alternatives: Conjunction[]): StaticArray<Conjunction> {
  if (alternatives.length == 0) alternatives.push(new Conjunction(new StaticArray<Condition>(0)));
  return StaticArray.fromArray(alternatives);
}
