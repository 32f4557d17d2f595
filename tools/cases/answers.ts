// The answers of one backend in a case, given out one by one; the last goes on for ever. Without any, nobody listens.

import { durationMs } from './durations.ts';
import type { Callout, CalloutAnswer } from './types.ts';

export class Answers {
  readonly #answers: readonly CalloutAnswer[];
  #next = 0;

  constructor({ answers = [{}] }: Pick<Callout, 'answers'>) {
    this.#answers = answers;
  }

  /** The answer to the next call. */
  take(): CalloutAnswer & { readonly afterMs: number } {
    const answer = this.#answers[Math.min(this.#next++, this.#answers.length - 1)] ?? {};
    return { ...answer, afterMs: durationMs(answer.after) };
  }
}
