// The bypass adapter: lets an out-of-process adapter that was made for Mixer decide and report.

import {
  Adapter,
  BuildContext,
  Handler,
  Params,
  Protocol,
  Region,
  Slice,
  Template,
  Writer,
  decodeBase64,
  emptySlice,
  literal,
  randomSeed,
  sizeOf,
  startOf,
  writeBytesField,
  writeTextField,
} from "../../assembly/sdk";
import { BypassParams, textBytes } from "./config";
import { BypassHandler } from "./handler";
import { ReportBatch } from "./report-batch";
import { RequestTail } from "./request-tail";
import { Session } from "./session";
import { writeSessionRequest } from "./session-request";

const METRIC = literal("metric.HandleMetricService");
const HANDLE_METRIC = literal("HandleMetric");
const LOG_ENTRY = literal("logentry.HandleLogEntryService");
const HANDLE_LOG_ENTRY = literal("HandleLogEntry");
const REPORT_NOTHING = literal("reportnothing.HandleReportNothingService");
const HANDLE_REPORT_NOTHING = literal("HandleReportNothing");
const STANDARD = '[{"name":"check","template":"checknothing"}]';
const ANY_HEAD_SIZE_BYTES: usize = 32;

/** Lets an out-of-process adapter decide. */
export class Bypass extends Adapter {
  get name(): string {
    return "bypass";
  }

  get serves(): u32 {
    const checks =
      Template.CheckNothing | Template.ListEntry | Template.Authorization | Template.ApiKey;
    return checks | Template.Quota | Template.Metric | Template.LogEntry | Template.ReportNothing;
  }

  get protocol(): Protocol {
    return Protocol.Grpc;
  }

  params(): Params {
    return new BypassParams();
  }

  standardInstances(params: Params): string {
    return STANDARD;
  }

  build(params: Params, context: BuildContext): Handler | null {
    const region = context.region;
    const bypass = params as BypassParams;
    const config = configOf(bypass, region);
    const tail = new RequestTail(config, randomSeed());
    return new BypassHandler(
      tail,
      new ReportBatch(METRIC, HANDLE_METRIC, tail, region),
      new ReportBatch(LOG_ENTRY, HANDLE_LOG_ENTRY, tail, region),
      new ReportBatch(REPORT_NOTHING, HANDLE_REPORT_NOTHING, tail, region),
      bypass.sessionBased.value ? sessionOf(config, tail, context) : null,
    );
  }
}

function sessionOf(config: Slice, tail: RequestTail, context: BuildContext): Session {
  const region = context.region;
  const request = writeSessionRequest(config, context.instances, region);
  const name = region.text(context.handlerName);
  return new Session(name, context.connection!.cluster, tail, request, region);
}

// The serialized Any in the configuration's memory; empty when none is given.
function configOf(params: BypassParams, region: Region): Slice {
  const any = params.params.value;
  if (any.typeUrl.value.length == 0 && any.value.value.length == 0) return emptySlice();
  const type = region.text(any.typeUrl.value);
  const decoded = decodeBase64(textBytes(any.value.value));
  const value = region.copy(startOf(decoded), sizeOf(decoded));
  const size = sizeOf(type) + sizeOf(value) + ANY_HEAD_SIZE_BYTES;
  const out = new Writer();
  out.open(region.take(size), size);
  writeTextField(out, 1, type);
  if (sizeOf(value) > 0) writeBytesField(out, 2, value);
  return out.written;
}
