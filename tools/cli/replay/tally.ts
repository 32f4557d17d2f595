// Counts what a replay finds: which verdicts change into which, by which rules, with the first requests of each.
// Memory is bounded by the document's rules, not by the log.

import type { LoggedRequest } from './lines.ts';
import { isSame, verdictText, type Verdict } from './verdict.ts';

/** A request whose verdict changes, with the sides of rollouts that it was on afterwards. */
export interface Example {
  readonly line: number;
  readonly name: string;
  readonly reason: string;
  readonly sides?: readonly string[];
}

/** One way in which verdicts change. */
export interface Change {
  readonly before: string;
  readonly after: string;
  count: number;
  readonly examples: Example[];
}

export class Tally {
  requests = 0;
  changed = 0;
  /** Requests whose line has no verdict to compare with. */
  unjudged = 0;
  /** Requests for which a backend would be asked, which a replay does not do. */
  waiting = 0;
  /** Denials by rule. */
  readonly rules = new Map<string, { before: number; after: number }>();
  readonly #changes = new Map<string, Change>();
  readonly #examplesMax: number;

  constructor(examplesMax: number) {
    this.#examplesMax = examplesMax;
  }

  add(request: LoggedRequest, before: Verdict | null, after: Verdict): void {
    this.requests++;
    if (before !== null) this.#count(before, 'before');
    this.#count(after, 'after');
    if (after.kind === 'waits' || before?.kind === 'waits') this.waiting++;
    else if (before === null) this.unjudged++;
    else if (!isSame(before, after)) this.#note(request, before, after);
  }

  /** The most frequent first. */
  changes(): Change[] {
    return [...this.#changes.values()].sort((left, right) => right.count - left.count);
  }

  #count({ kind, rule }: Verdict, side: 'before' | 'after'): void {
    if (kind !== 'denied' || rule === '') return;
    const counts = this.rules.get(rule) ?? { before: 0, after: 0 };
    counts[side]++;
    this.rules.set(rule, counts);
  }

  #note({ line, name }: LoggedRequest, before: Verdict, after: Verdict): void {
    this.changed++;
    const texts = { before: verdictText(before), after: verdictText(after) };
    const key = `${texts.before}\n${texts.after}`;
    const change = this.#changes.get(key) ?? { ...texts, count: 0, examples: [] };
    this.#changes.set(key, change);
    change.count++;
    if (change.examples.length >= this.#examplesMax) return;
    const sides = after.sides ?? [];
    const example = { line, name, reason: after.reason || before.reason };
    change.examples.push(sides.length === 0 ? example : { ...example, sides });
  }
}
