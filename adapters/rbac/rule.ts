// Compiled rules: alternatives of conditions. Hot.

import { Slice } from "../../assembly/sdk";
import { Fact, FactState } from "./fact";
import { PolicyAction } from "./policy-action";
import { PatternSet } from "./pattern-set";

/** One fact must match, or must not match, one of some patterns. */
export class Condition {
  constructor(
    readonly fact: Fact,
    readonly set: PatternSet,
    readonly isNegated: bool,
  ) {}

  /** Whether it holds; what is not known counts as `isDeny`. */
  // @ts-ignore: decorator
  @inline
  holds(isDeny: bool): bool {
    const fact = this.fact;
    if (fact.state == FactState.Unknown) return isDeny;
    if (fact.state != FactState.Known) return this.isNegated;
    // A match refuses: it lets a DENY hold, or keeps an ALLOW from holding.
    const refuses = isDeny != this.isNegated;
    return (refuses ? fact.visitAny(this.set, 0) : fact.visit(this.set, 0)) != this.isNegated;
  }
}

/** Conditions that must all hold. */
export class Conjunction {
  constructor(readonly conditions: StaticArray<Condition>) {}

  /** Whether all hold. */
  holds(isDeny: bool): bool {
    const conditions = this.conditions;
    for (let at = 0; at < conditions.length; at++) {
      if (!unchecked(conditions[at]).holds(isDeny)) return false;
    }
    return true;
  }
}

/** A policy as the handler knows it. */
export class Policy {
  /** Requests that it decided, or would have, since the last tick. */
  matches: u32 = 0;
  /** Its counter in Envoy; 0 until it counts. */
  metric: u32 = 0;

  constructor(
    readonly action: PolicyAction,
    readonly isDryRun: bool,
    /** What a caller is told whom it denies. */
    readonly message: Slice,
    /** Name of its counter. */
    readonly metricName: Slice,
  ) {}
}

/** One rule of a policy. */
export class Rule {
  constructor(
    readonly policy: Policy,
    readonly sources: StaticArray<Conjunction>,
    readonly operations: StaticArray<Conjunction>,
    readonly when: Conjunction,
  ) {}

  /** Whether one source, one operation and all further conditions match. */
  matches(isDeny: bool): bool {
    return (
      anyHolds(this.operations, isDeny) && anyHolds(this.sources, isDeny) && this.when.holds(isDeny)
    );
  }
}

function anyHolds(alternatives: StaticArray<Conjunction>, isDeny: bool): bool {
  for (let at = 0; at < alternatives.length; at++) {
    if (unchecked(alternatives[at]).holds(isDeny)) return true;
  }
  return false;
}
