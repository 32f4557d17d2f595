// Judges requests: AUDIT, then DENY, then ALLOW. Hot: allocates nothing managed.

import {
  Authorization,
  AuthorizationText,
  Code,
  Handler,
  Lifetime,
  MetricKind,
  Verdict,
  defineMetric,
  incrementMetric,
  sizeOf,
} from "../../assembly/sdk";
import { Fact, FactState, Question } from "./fact";
import { Policy, Rule } from "./rule";

/** Rules in the order in which they are asked, and what the index needs. */
export class RuleTable {
  constructor(
    /** AUDIT, then DENY, then ALLOW. */
    readonly rules: StaticArray<Rule>,
    readonly denyAt: i32,
    readonly allowAt: i32,
    /** Bits of rules that are always asked. */
    readonly always: usize,
    /** Room for the bits of one request. */
    readonly bits: usize,
  ) {}
}

/** Which ALLOW policies there are. */
export class AllowKinds {
  hasEnforced: bool = false;
  hasDryRun: bool = false;
}

/** The policies of one handler. */
export class RbacHandler extends Handler {
  private readonly question: Question = new Question();

  constructor(
    private readonly table: RuleTable,
    private readonly facts: StaticArray<Fact>,
    private readonly policies: StaticArray<Policy>,
    private readonly allows: AllowKinds,
    /** Addresses of cells by instance and slot. */
    private readonly cells: usize,
    private readonly slotCount: i32,
    private readonly lifetime: Lifetime,
    /** Counts requests that no policy allowed. */
    private readonly refused: Policy,
  ) {
    super();
  }

  onAuthorization(authorization: Authorization, verdict: Verdict): void {
    this.load(authorization);
    this.select();
    this.audit();
    const denied = this.firstDeny();
    if (denied != null) {
      denied.matches++;
      verdict.denyWith(Code.PermissionDenied, denied.message, this.lifetime);
    } else if (this.isAllowed()) {
      verdict.allow(this.lifetime);
    } else {
      this.refused.matches++;
      verdict.denyWith(Code.PermissionDenied, this.refused.message, this.lifetime);
    }
  }

  /** Hands the counts over. */
  onTick(nowNs: u64): void {
    flush(this.refused);
    for (let at = 0; at < this.policies.length; at++) flush(unchecked(this.policies[at]));
  }

  close(): void {
    this.onTick(0);
  }

  private load(authorization: Authorization): void {
    const question = this.question;
    question.authorization = authorization;
    question.cells = this.cells + ((<usize>(authorization.instance * this.slotCount)) << 2);
    const isHttp = sizeOf(authorization.text(AuthorizationText.Method)) > 0;
    for (let at = 0; at < this.facts.length; at++) {
      const fact = unchecked(this.facts[at]);
      fact.load(question);
      if (fact.isOfHttp && !isHttp) fact.state = FactState.Unknown;
    }
  }

  // The rules that can match: those that are always asked, and those that wait for what is there.
  private select(): void {
    const bits = this.table.bits;
    const size = this.wordsSize;
    memory.copy(bits, this.table.always, size);
    for (let at = 0; at < this.facts.length; at++) {
      const fact = unchecked(this.facts[at]);
      const index = fact.index;
      if (index == null || fact.state == FactState.Absent) continue;
      if (fact.state == FactState.Known) {
        fact.visitAny(index, bits);
        continue;
      }
      for (let word: usize = 0; word < size; word += 8) {
        store<u64>(bits + word, load<u64>(bits + word) | load<u64>(fact.waiting + word));
      }
    }
  }

  private get wordsSize(): usize {
    return (<usize>((this.table.rules.length + 63) >> 6)) << 3;
  }

  // The number of the next selected rule in [from, until) that matches; `until` without one.
  private next(from: i32, until: i32, isDeny: bool): i32 {
    const bits = this.table.bits;
    while (from < until) {
      const word = load<u64>(bits + ((<usize>(from >> 6)) << 3)) >>> (<u64>(from & 63));
      if (word == 0) {
        from = (from | 63) + 1;
        continue;
      }
      from += <i32>ctz(word);
      if (from >= until) return until;
      if (unchecked(this.table.rules[from]).matches(isDeny)) return from;
      from++;
    }
    return until;
  }

  private audit(): void {
    const end = this.table.denyAt;
    for (let at = this.next(0, end, false); at < end; at = this.next(at + 1, end, false)) {
      const policy = unchecked(this.table.rules[at]).policy;
      policy.matches++;
      at = this.lastOf(at, policy);
    }
  }

  private firstDeny(): Policy | null {
    const end = this.table.allowAt;
    let at = this.next(this.table.denyAt, end, true);
    for (; at < end; at = this.next(at + 1, end, true)) {
      const policy = unchecked(this.table.rules[at]).policy;
      if (!policy.isDryRun) return policy;
      policy.matches++;
      at = this.lastOf(at, policy);
    }
    return null;
  }

  private isAllowed(): bool {
    const kinds = this.allows;
    let isAllowed = !kinds.hasEnforced;
    let needsDryRun = kinds.hasDryRun;
    const end = this.table.rules.length;
    let at = this.table.allowAt;
    if (isAllowed && !needsDryRun) return true;
    for (at = this.next(at, end, false); at < end; at = this.next(at + 1, end, false)) {
      const policy = unchecked(this.table.rules[at]).policy;
      if (policy.isDryRun ? !needsDryRun : isAllowed) continue;
      policy.matches++;
      if (policy.isDryRun) needsDryRun = false;
      else isAllowed = true;
      if (isAllowed && !needsDryRun) return true;
    }
    return isAllowed;
  }

  // The rules of one policy stand side by side; a policy counts a request once.
  private lastOf(at: i32, policy: Policy): i32 {
    const rules = this.table.rules;
    while (at + 1 < rules.length && unchecked(rules[at + 1]).policy == policy) at++;
    return at;
  }
}

function flush(policy: Policy): void {
  if (policy.matches == 0) return;
  if (policy.metric == 0) policy.metric = defineMetric(MetricKind.Counter, policy.metricName);
  incrementMetric(policy.metric, policy.matches);
  policy.matches = 0;
}
