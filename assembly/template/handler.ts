// The contract of a handler: one method for each template, all with a harmless default. Hot: none
// of these methods may allocate managed memory; a build step proves it.

import { Slice, emptySlice } from "../memory/slice";
import { Answer } from "./answer";
import { Connection } from "./connection";
import { DropCounter } from "./drop-counter";
import { FieldValues } from "./field-values";
import { ApiKey, Authorization, Grant, ListEntry, LogEntry, Metric, Quota } from "./instances";
import { Verdict } from "./verdict";

const NOTHING: Slice = emptySlice();

/** What a failed check means. */
export const enum FailureMode {
  /** What the rule or action says in `onError`. */
  ByRule = 0,
  Allow = 1,
  Deny = 2,
}

/** One configured adapter. Lives as long as its root context. */
export abstract class Handler {
  /** Counts what the handler drops, by reason; the engine reports it. */
  readonly drops: DropCounter = new DropCounter();

  /** The way to the backend, as `BuildContext.connection` had it; the engine sets it. */
  connection: Connection | null = null;

  /** What its failures mean where its own parameters say so. */
  failureMode: FailureMode = FailureMode.ByRule;

  /** Whether caches may keep its verdicts at all; false spares the look-up. */
  mayKeep: bool = true;

  /** Whether its checks ask somebody else: they start after all local checks have passed. */
  get isRemote(): bool {
    return this.connection != null;
  }

  /** Check without fields. */
  onCheckNothing(verdict: Verdict): void {}

  /** Check of one value. */
  onListEntry(entry: ListEntry, verdict: Verdict): void {}

  /** Check of who does what. */
  onAuthorization(authorization: Authorization, verdict: Verdict): void {}

  /** Check of an API key. */
  onApiKey(apiKey: ApiKey, verdict: Verdict): void {}

  /** Check by the adapter's own template. */
  onOwnCheck(fields: FieldValues, verdict: Verdict): void {}

  /**
   * The answer of a callout that the handler's verdict waits for. Where nobody answered
   * (`answer.isAnswered` is false) the engine has retried as often as the connection allows.
   */
  onAnswer(answer: Answer, verdict: Verdict): void {
    verdict.fail(answer.failureCode, NOTHING);
  }

  /** The answer to a call that was not made for a check: of a report, or on the tick. */
  onDelivery(answer: Answer): void {}

  /** Charge of a quota. */
  onQuota(quota: Quota, grant: Grant): void {
    grant.fail();
  }

  /**
   * The answer of a callout that the handler's grant waits for; `quota` is what was charged. Where
   * nobody answered (`answer.isAnswered` is false) the engine has retried as often as the
   * connection allows.
   */
  onQuotaAnswer(answer: Answer, quota: Quota, grant: Grant): void {
    grant.failWith(answer.failureCode, NOTHING);
  }

  /** Report of a sample. */
  onMetric(metric: Metric): void {}

  /** Report of a log entry. */
  onLogEntry(entry: LogEntry): void {}

  /** Report without fields. */
  onReportNothing(): void {}

  /** Report by the adapter's own template. */
  onOwnReport(fields: FieldValues): void {}

  /** Called about twice a second; `nowNs` is the wall clock. */
  onTick(nowNs: u64): void {}

  /**
   * The configuration ends, or was refused after all: hand over what is still held. Without a
   * connection the last configuration of a VM ends unseen, so that up to a tick's worth is lost.
   */
  close(): void {}
}
