// Which rules can match at all: each rule waits for the patterns of one fact, chosen so that the
// fewest rules wait for the same pattern. Rules that have no such fact are always asked. Cold.

import { Region } from "../../assembly/sdk";
import { Fact } from "./fact";
import { Pattern, PatternBuilder } from "./pattern-builder";
import { setBit } from "./pattern-set";
import { Rule } from "./rule";

/** A condition that a rule cannot match without. */
export class DraftCondition {
  constructor(
    readonly fact: Fact,
    readonly patterns: Pattern[],
  ) {}
}

/** A rule with the conditions that must match. */
export class Draft {
  rule: Rule | null = null;
  readonly sources: DraftCondition[][] = [];
  readonly operations: DraftCondition[][] = [];
  readonly when: DraftCondition[] = [];

  /** Conditions of one more source. */
  addSource(): DraftCondition[] {
    const conditions: DraftCondition[] = [];
    this.sources.push(conditions);
    return conditions;
  }

  /** Conditions of one more operation. */
  addOperation(): DraftCondition[] {
    const conditions: DraftCondition[] = [];
    this.operations.push(conditions);
    return conditions;
  }
}

/** Where a rule may wait: one fact with all patterns of which one must match. */
class Anchor {
  constructor(
    readonly fact: Fact,
    readonly patterns: Pattern[],
  ) {}
}

/** Builds the indexes of facts. */
export class IndexBuilder {
  private readonly counts: Map<string, i32> = new Map<string, i32>();
  private readonly builders: PatternBuilder[] = [];

  constructor(
    private readonly facts: Fact[],
    private readonly region: Region,
  ) {
    for (let at = 0; at < facts.length; at++) this.builders.push(new PatternBuilder());
  }

  /** Gives each rule its anchor; the bits of those that are always asked. */
  build(drafts: Draft[]): usize {
    const size = (<usize>((drafts.length + 63) >> 6)) << 3;
    const always = this.region.take(size + 8);
    const anchors: Anchor[][] = [];
    for (let at = 0; at < drafts.length; at++) {
      anchors.push(anchorsOf(drafts[at]));
      for (let index = 0; index < anchors[at].length; index++) this.count(anchors[at][index]);
    }
    for (let at = 0; at < drafts.length; at++) {
      const best = this.choose(anchors[at]);
      if (best === null) setBit(always, at);
      else this.wait(best, at, size);
    }
    for (let at = 0; at < this.facts.length; at++) {
      if (this.builders[at].count == 0) continue;
      this.facts[at].index = this.builders[at].finish(this.region);
    }
    return always;
  }

  private count(anchor: Anchor): void {
    const fact = this.facts.indexOf(anchor.fact).toString();
    for (let at = 0; at < anchor.patterns.length; at++) {
      const key = fact + anchor.patterns[at].key;
      this.counts.set(key, (this.counts.has(key) ? this.counts.get(key) : 0) + 1);
    }
  }

  // The one whose most shared pattern is shared by the fewest.
  private choose(anchors: Anchor[]): Anchor | null {
    let best: Anchor | null = null;
    let least = i32.MAX_VALUE;
    for (let at = 0; at < anchors.length; at++) {
      const anchor = anchors[at];
      const fact = this.facts.indexOf(anchor.fact).toString();
      let most = 0;
      for (let index = 0; index < anchor.patterns.length; index++) {
        most = max(most, this.counts.get(fact + anchor.patterns[index].key));
      }
      if (most >= least) continue;
      least = most;
      best = anchor;
    }
    return best;
  }

  private wait(anchor: Anchor, rule: i32, size: usize): void {
    const number = this.facts.indexOf(anchor.fact);
    for (let at = 0; at < anchor.patterns.length; at++) {
      this.builders[number].add(anchor.patterns[at], rule);
    }
    const fact = anchor.fact;
    if (fact.waiting == 0) fact.waiting = this.region.take(size + 8);
    setBit(fact.waiting, rule);
  }
}

// One for each further condition, and one for each fact that all sources, or all operations, name.
function anchorsOf(draft: Draft): Anchor[] {
  const anchors: Anchor[] = [];
  for (let at = 0; at < draft.when.length; at++) {
    anchors.push(new Anchor(draft.when[at].fact, draft.when[at].patterns));
  }
  addCommon(draft.sources, anchors);
  addCommon(draft.operations, anchors);
  return anchors;
}

function addCommon(alternatives: DraftCondition[][], anchors: Anchor[]): void {
  if (alternatives.length == 0) return;
  const first = alternatives[0];
  for (let at = 0; at < first.length; at++) {
    const patterns = inAll(alternatives, first[at].fact);
    if (patterns.length > 0) anchors.push(new Anchor(first[at].fact, patterns));
  }
}

// The patterns of all alternatives; none unless each of them names the fact.
function inAll(alternatives: DraftCondition[][], fact: Fact): Pattern[] {
  let all: Pattern[] = [];
  for (let at = 0; at < alternatives.length; at++) {
    const found = find(alternatives[at], fact);
    if (found === null) return [];
    all = all.concat(found);
  }
  return all;
}

function find(conditions: DraftCondition[], fact: Fact): Pattern[] | null {
  for (let at = 0; at < conditions.length; at++) {
    if (conditions[at].fact == fact) return conditions[at].patterns;
  }
  return null;
}
