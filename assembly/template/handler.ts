// The contract of a handler: one method for each template, all with a harmless default. Hot: none
// of these methods may allocate managed memory; a build step proves it.

import { DropCounter } from "./drop-counter";
import { Answer, Grant, ListEntry, LogEntry, Metric, Quota } from "./instances";
import { Verdict } from "./verdict";

/** One configured adapter. Lives as long as its root context. */
export abstract class Handler {
  /** Counts what the handler drops, by reason; the engine reports it. */
  readonly drops: DropCounter = new DropCounter();

  /** Whether its checks ask somebody else: they start after all local checks have passed. */
  get isRemote(): bool {
    return false;
  }

  /** Check without fields. */
  onCheckNothing(verdict: Verdict): void {}

  /** Check of one value. */
  onListEntry(entry: ListEntry, verdict: Verdict): void {}

  /** The answer of a callout that the handler's verdict waits for. */
  onAnswer(answer: Answer, verdict: Verdict): void {}

  /** Charge of a quota. */
  onQuota(quota: Quota, grant: Grant): void {
    grant.fail();
  }

  /** Report of a sample. */
  onMetric(metric: Metric): void {}

  /** Report of a log entry. */
  onLogEntry(entry: LogEntry): void {}

  /** Report without fields. */
  onReportNothing(): void {}

  /** Called about twice a second; `nowNs` is the wall clock. */
  onTick(nowNs: u64): void {}

  /** The configuration ends: hand over what is still held. */
  close(): void {}
}
