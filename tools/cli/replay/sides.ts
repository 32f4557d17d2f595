// On which side of rollouts a replayed request was, from what the filter counted for it: of a rule or action that was
// not judged, since something else denied before, nothing is said.

import type { Host } from '../../host/host.ts';

/** The name of a counter, by `rule`, perhaps `action`, side and verdict. */
const COUNTER = /^mixer_rollout_total\.rule=([^;]*);(?:action=([^;]*);)?side=(\w+);/;

/** The filter's counters of both sides, request by request. */
export class Sides {
  readonly #counted = new Map<string, number>();
  readonly #host: Host;
  readonly #hasRollouts: boolean;

  /** `document` is what the host was given: without a rollout in it there is nothing to look for. */
  constructor(host: Host, document: string) {
    this.#host = host;
    this.#hasRollouts = document.includes('"rollout"');
  }

  /** The sides of the last request, such as `api: enforced`, in the order in which they were first met. */
  last(): string[] {
    if (!this.#hasRollouts) return [];
    this.#host.tick();
    const found: string[] = [];
    for (const [name, value] of this.#host.metrics()) {
      const [, rule, action, side] = COUNTER.exec(name) ?? [];
      if (rule === undefined || typeof value !== 'number') continue;
      if (value === (this.#counted.get(name) ?? 0)) continue;
      this.#counted.set(name, value);
      found.push(`${rule}${action === undefined ? '' : `/${action}`}: ${side}`);
    }
    return found;
  }
}
