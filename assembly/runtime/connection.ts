// One TCP connection: the check when it opens (or at its first bytes, where the peer's identity is
// asked for), byte counts, and reports at open, every interval and close. Hot.

import { Action } from "../shared/abi";
import { Phase } from "../shared/phases";
import { resetArena } from "../memory/arena";
import { monotonicNanos } from "../abi/clock";
import { actOn, closeConnection, continueConnection } from "../abi/streams";
import {
  RecordFlag,
  addRecordFlag,
  giveRecord,
  openText,
  recordFlags,
  takeRecord,
} from "../attribute/record";
import {
  ConnectionEvent,
  ConnectionState,
  addReceived,
  addSent,
  beginReport,
  connectionState,
  endReport,
  linkConnection,
  nextConnection,
  nextReport,
  openTraffic,
  passReceived,
  setConnectionState,
} from "../attribute/traffic";
import { resetSteps } from "../expression/failure";
import { nextCallback } from "../rule/callback";
import { Progress } from "../rule/progress";
import { keepRuleBits } from "../rule/rule-bits";
import { RuleTable } from "../rule/table";
import { dropWaits } from "../rule/wait";
import { Answer } from "../template/answer";
import { pause, quickenTick, unlinkPaused } from "./pauses";
import { capture, noteDenial, noteVerdict, resumeRequest } from "./request";
import { Root } from "./root";
import { setStreamRecord } from "./streams";
import { LINKS_BACKENDS, LINKS_REPORTS } from "../template/linked";

/** Begins a connection. `entry` is the stream's place in the table. */
export function openConnection(root: Root, context: u32, entry: usize): Action {
  const table = root.table!;
  if (!table.needsRecord) return Action.Continue;
  const record = recordOf(root, context);
  if (record == 0) {
    // Without memory for the connection nothing can be checked.
    return table.hasRequestRules ? refuseConnection() : Action.Continue;
  }
  setStreamRecord(entry, record);
  root.connections = linkConnection(root.connections, record);
  store<u64>(record, monotonicNanos(), 8);
  return table.needsPeer ? Action.Continue : decide(root, record);
}

/** Closes a connection that there is no memory to check. */
export function refuseConnection(): Action {
  closeConnection();
  return Action.StopIteration;
}

function recordOf(root: Root, context: u32): usize {
  const layout = root.table!.bag.layout;
  const owner = changetype<u32>(root);
  const record = takeRecord(layout.recordSize, layout.captureOffset, context, owner);
  if (record == 0) return 0;
  openText(record, layout.textOffset);
  if (openTraffic(record)) return record;
  giveRecord(record);
  return 0;
}

/** Bytes have come from the client, or its end. */
export function receive(root: Root, record: usize, size: u32): Action {
  addReceived(record, size);
  const isNew = connectionState(record) == ConnectionState.New;
  const action = isNew ? decide(root, record) : held(record);
  if (action == Action.Continue) passReceived(record);
  return action;
}

/** Bytes have come from the upstream, or its end. */
export function send(root: Root, record: usize, size: u32): Action {
  addSent(record, size);
  if (connectionState(record) == ConnectionState.New) decide(root, record);
  return connectionState(record) == ConnectionState.Denied ? Action.StopIteration : Action.Continue;
}

function held(record: usize): Action {
  return connectionState(record) == ConnectionState.Passed ? Action.Continue : Action.StopIteration;
}

function decide(root: Root, record: usize): Action {
  const table = root.table!;
  table.bag.begin(Phase.Request, record);
  addRecordFlag(record, RecordFlag.RequestSeen);
  resetSteps();
  if (!table.hasRequestRules) {
    capture(root, record);
    pass(root, record);
    return Action.Continue;
  }
  root.statistics!.checks++;
  settle(root, record, root.check!.run(record));
  return held(record);
}

/** Goes on with a stream that waited: `answer` is what came, null that its time is over. */
export function resume(root: Root, record: usize, answer: Answer | null): void {
  const isConnection = (recordFlags(record) & RecordFlag.Connection) != 0;
  if (isConnection) resumeConnection(root, record, answer);
  else resumeRequest(root, record, answer);
}

function resumeConnection(root: Root, record: usize, answer: Answer | null): void {
  if (!actOn(load<u32>(record))) return;
  root.bag!.begin(Phase.Request, record);
  resetSteps();
  const progress = root.check!.resume(record, answer);
  if (progress == Progress.Waiting) {
    quickenTick(root, record);
    return;
  }
  unlinkPaused(root, record);
  settle(root, record, progress);
  if (progress != Progress.Passed) return;
  // Where the new connection itself was held, the next filter has yet to begin: Envoy then shows us
  // the same bytes once more.
  if (root.table!.needsPeer) passReceived(record);
  continueConnection();
}

function settle(root: Root, record: usize, progress: Progress): void {
  const table = root.table!;
  if (LINKS_BACKENDS && progress == Progress.Waiting) {
    capture(root, record);
    pause(root, record);
    quickenTick(root, record);
    setConnectionState(record, ConnectionState.Waiting);
    return;
  }
  keepRuleBits(record, table);
  if (progress == Progress.Denied) {
    noteDenial(root, record);
    dropWaits(record);
    setConnectionState(record, ConnectionState.Denied);
    closeConnection();
    return;
  }
  capture(root, record);
  dropWaits(record);
  noteVerdict(root, record);
  pass(root, record);
}

function pass(root: Root, record: usize): void {
  setConnectionState(record, ConnectionState.Passed);
  report(root, record, ConnectionEvent.Open, monotonicNanos());
}

/** Makes the reports of a connection. */
export function report(root: Root, record: usize, event: ConnectionEvent, now: u64): void {
  const table: RuleTable = root.table!;
  if (!LINKS_REPORTS || !table.hasReports) return;
  beginReport(record, event);
  table.bag.begin(Phase.Log, record);
  resetSteps();
  root.reporter!.run(record);
  endReport(record, now + table.reportIntervalNs);
}

/** Reports the connections that live longer than the interval. */
export function reportLiving(root: Root): void {
  const now = monotonicNanos();
  for (let record = root.connections; record != 0; record = nextConnection(record)) {
    if (connectionState(record) != ConnectionState.Passed || nextReport(record) > now) continue;
    if (!actOn(load<u32>(record))) continue;
    resetArena();
    nextCallback();
    report(root, record, ConnectionEvent.Continue, now);
  }
}
