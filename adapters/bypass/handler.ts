// Asks an out-of-process adapter and does as it says; reports are sent in batches. Hot: allocates
// nothing managed.

import {
  Answer,
  ApiKey,
  Authorization,
  BYPASS_MESSAGE_SIZE_MAX_BYTES,
  Code,
  Grant,
  Handler,
  Lifetime,
  ListEntry,
  LogEntry,
  Metric,
  Quota,
  Slice,
  Verdict,
  Writer,
  beginMessage,
  endMessage,
  literal,
  sizeOf,
  takeArena,
  writeTextField,
  writeVarintField,
} from "../../assembly/sdk";
import {
  beginInstance,
  writeApiKey,
  writeAuthorization,
  writeLogEntry,
  writeMetric,
} from "./instance-message";
import { ReportBatch } from "./report-batch";
import { RequestTail } from "./request-tail";
import { CheckResult, QuotaResult } from "./results";
import { Session } from "./session";
import { writeMapField, writeValueField } from "./value-message";

const CHECK_NOTHING = literal("checknothing.HandleCheckNothingService");
const HANDLE_CHECK_NOTHING = literal("HandleCheckNothing");
const LIST_ENTRY = literal("listentry.HandleListEntryService");
const HANDLE_LIST_ENTRY = literal("HandleListEntry");
const AUTHORIZATION = literal("authorization.HandleAuthorizationService");
const HANDLE_AUTHORIZATION = literal("HandleAuthorization");
const API_KEY = literal("apikey.HandleApiKeyService");
const HANDLE_API_KEY = literal("HandleApiKey");
const QUOTA = literal("quota.HandleQuotaService");
const HANDLE_QUOTA = literal("HandleQuota");
const UNANSWERED = literal("the adapter did not answer");
const REFUSED = literal("the adapter refused the call");
const NOT_UNDERSTOOD = literal("the adapter's answer is not understood");
const TOO_LARGE = literal("the instance is too large for the adapter");
const NO_SESSION = literal("the adapter has no session");
const SHADOW = literal(".shadow");
const NAME_SIZE_MAX_BYTES: usize = 128;
const QUOTA_REQUEST: u32 = 4;
const VALUE: u32 = 1;
const DIMENSIONS: u32 = 1;

const out = new Writer();
const name = new Writer();
const checked = new CheckResult();
const granted = new QuotaResult();
const NOT_KEPT = new Lifetime(0, 0);

/** One out-of-process adapter. */
export class BypassHandler extends Handler {
  /** A report had no room: the batch before was still on its way. */
  private readonly full: i32;
  /** A report of a batch that was given up after its last repetition. */
  private readonly unsent: i32;

  constructor(
    private readonly tail: RequestTail,
    private readonly metrics: ReportBatch,
    private readonly entries: ReportBatch,
    private readonly nothings: ReportBatch,
    /** Null where the configuration goes with each call. */
    private readonly session: Session | null,
  ) {
    super();
    this.full = this.drops.declareReason("batch_full");
    this.unsent = this.drops.declareReason("not_delivered");
  }

  onCheckNothing(verdict: Verdict): void {
    this.ask(verdict, CHECK_NOTHING, HANDLE_CHECK_NOTHING, begin(verdict.instanceName));
  }

  onListEntry(entry: ListEntry, verdict: Verdict): void {
    const instance = begin(verdict.instanceName);
    writeValueField(out, VALUE, entry.cell);
    this.ask(verdict, LIST_ENTRY, HANDLE_LIST_ENTRY, instance);
  }

  onAuthorization(authorization: Authorization, verdict: Verdict): void {
    const instance = begin(verdict.instanceName);
    writeAuthorization(out, authorization);
    this.ask(verdict, AUTHORIZATION, HANDLE_AUTHORIZATION, instance);
  }

  onApiKey(apiKey: ApiKey, verdict: Verdict): void {
    const instance = begin(verdict.instanceName);
    writeApiKey(out, apiKey);
    this.ask(verdict, API_KEY, HANDLE_API_KEY, instance);
  }

  onAnswer(answer: Answer, verdict: Verdict): void {
    this.note(answer);
    if (!answer.isAnswered) {
      verdict.fail(answer.failureCode, UNANSWERED);
      return;
    }
    checked.read(answer.body());
    if (answer.grpcStatus != Code.Ok) verdict.fail(Code.Internal, REFUSED);
    else if (answer.isTooLarge || !checked.isGood) verdict.fail(Code.Internal, NOT_UNDERSTOOD);
    else {
      verdict.denyWith(checked.code, checked.reason, NOT_KEPT);
      verdict.durationNs = checked.durationNs;
      verdict.useCount = checked.useCount;
    }
  }

  onQuota(quota: Quota, grant: Grant): void {
    if (!this.tail.isReady) {
      grant.failWith(Code.Unavailable, NO_SESSION);
      return;
    }
    const quotaName = nameOf(quota);
    const instance = begin(quotaName);
    writeMapField(out, DIMENSIONS, quota.dimensions);
    endMessage(out, instance);
    if (sizeOf(quota.deduplicationId) > 0) this.tail.writeWith(out, quota.deduplicationId);
    else this.tail.write(out, this.connection!.questionId);
    const request = beginMessage(out, QUOTA_REQUEST);
    const entry = beginMessage(out, 1);
    writeTextField(out, 1, quotaName);
    const params = beginMessage(out, 2);
    writeVarintField(out, 1, <u64>quota.amount);
    if (quota.isBestEffort) writeVarintField(out, 2, 1);
    endMessage(out, params);
    endMessage(out, entry);
    endMessage(out, request);
    if (out.isTruncated) grant.failWith(Code.Internal, TOO_LARGE);
    else grant.wait(this.connection!.grpc(QUOTA, HANDLE_QUOTA, out.written));
  }

  onQuotaAnswer(answer: Answer, quota: Quota, grant: Grant): void {
    this.note(answer);
    if (!answer.isAnswered) {
      grant.failWith(answer.failureCode, UNANSWERED);
      return;
    }
    granted.read(answer.body(), nameOf(quota));
    if (answer.grpcStatus != Code.Ok) grant.failWith(Code.Internal, REFUSED);
    else if (answer.isTooLarge || !granted.isGood) grant.failWith(Code.Internal, NOT_UNDERSTOOD);
    else grant.give(max<i64>(granted.amount, 0), granted.durationNs);
  }

  onMetric(metric: Metric): void {
    const batch = this.metrics;
    for (let attempt = 0; attempt < 2; attempt++) {
      const to = batch.open();
      const instance = beginInstance(to, metric.name);
      writeMetric(to, metric);
      endMessage(to, instance);
      if (batch.close()) return;
      if (!batch.send(this.connection!)) break;
    }
    this.drops.add(this.full);
  }

  onLogEntry(entry: LogEntry): void {
    const batch = this.entries;
    for (let attempt = 0; attempt < 2; attempt++) {
      const to = batch.open();
      const instance = beginInstance(to, entry.name);
      writeLogEntry(to, entry);
      endMessage(to, instance);
      if (batch.close()) return;
      if (!batch.send(this.connection!)) break;
    }
    this.drops.add(this.full);
  }

  onReportNothing(): void {
    const batch = this.nothings;
    for (let attempt = 0; attempt < 2; attempt++) {
      const to = batch.open();
      endMessage(to, beginMessage(to, 1));
      if (batch.close()) return;
      if (!batch.send(this.connection!)) break;
    }
    this.drops.add(this.full);
  }

  onTick(nowNs: u64): void {
    const connection = this.connection!;
    const session = this.session;
    if (session != null) session.tick(connection, nowNs);
    this.lose(this.metrics.tick(connection));
    this.lose(this.entries.tick(connection));
    this.lose(this.nothings.tick(connection));
  }

  onDelivery(answer: Answer): void {
    const session = this.session;
    if (session != null && session.take(answer, this.connection!)) return;
    const isReport = this.metrics.take(answer) || this.entries.take(answer);
    if (isReport || this.nothings.take(answer)) this.note(answer);
  }

  close(): void {
    const session = this.session;
    if (session != null) session.end();
    this.lose(this.metrics.end() + this.entries.end() + this.nothings.end());
  }

  private ask(verdict: Verdict, service: Slice, method: Slice, instance: usize): void {
    if (!this.tail.isReady) {
      verdict.fail(Code.Unavailable, NO_SESSION);
      return;
    }
    endMessage(out, instance);
    this.tail.write(out, this.connection!.questionId);
    if (out.isTruncated) verdict.fail(Code.Internal, TOO_LARGE);
    else verdict.wait(this.connection!.grpc(service, method, out.written));
  }

  // What an answer to a call of the session says of the session itself.
  private note(answer: Answer): void {
    const session = this.session;
    if (session == null || !answer.isAnswered) return;
    if (answer.grpcStatus == Code.Ok) session.served();
    else session.refused(answer.grpcStatus);
  }

  private lose(count: u32): void {
    for (let lost: u32 = 0; lost < count; lost++) this.drops.add(this.unsent);
  }
}

// A quota in SHADOW mode has a name of its own, and so counters of its own.
function nameOf(quota: Quota): Slice {
  if (!quota.isShadow) return quota.name;
  const at = takeArena(NAME_SIZE_MAX_BYTES);
  name.open(at, at == 0 ? 0 : NAME_SIZE_MAX_BYTES);
  name.bytes(quota.name);
  name.bytes(SHADOW);
  return name.written;
}

// Begins a request with its instance, in the arena; without memory it is truncated.
function begin(name: Slice): usize {
  const at = takeArena(BYPASS_MESSAGE_SIZE_MAX_BYTES);
  out.open(at, at == 0 ? 0 : BYPASS_MESSAGE_SIZE_MAX_BYTES);
  return beginInstance(out, name);
}
