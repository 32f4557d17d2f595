// What checks and charges that ask a backend have in common: when a waiting question is asked
// again, and when its time is over. Hot.

import { Outcome } from "../template/verdict";
import { takeRetry, waitAt, waitCount, waitDeadline, waitOutcome, waitRetryAt } from "./wait";

/** Questions of one kind. */
export abstract class RemoteQuestions {
  /** Asks again where a retry is due, gives up where the time is over. */
  wake(record: usize, nowNs: u64): void {
    const count = waitCount(record);
    for (let at: u32 = 0; at < count; at++) {
      const wait = waitAt(record, at);
      if (waitOutcome(wait) != Outcome.Waiting) continue;
      const retryAt = waitRetryAt(wait);
      if (retryAt != 0 && retryAt <= nowNs) {
        takeRetry(wait);
        this.ask(record, wait);
      } else if (waitDeadline(wait) <= nowNs) {
        this.giveUp(record, wait);
      }
    }
  }

  /** Asks a question, for the first time or again. */
  abstract ask(record: usize, wait: usize): void;

  /** The time of a question is over. */
  abstract giveUp(record: usize, wait: usize): void;
}
