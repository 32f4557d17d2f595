// The callbacks of a stream. Every export of the module is one line that ends here or in
// lifecycle-root.ts. Hot.

import { Action } from "../shared/abi";
import { Phase } from "../shared/phases";
import { resetArena } from "../memory/arena";
import { Stage, enterStage } from "../abi/stage";
import { RecordFlag, recordFlags } from "../attribute/record";
import { ConnectionEvent } from "../attribute/traffic";
import { resetSteps } from "../expression/failure";
import { nextCallback } from "../rule/callback";
import { openConnection, receive, refuseConnection, report, send } from "./connection";
import { decideRequest, refuseUnchecked } from "./request";
import { changeResponse } from "./response";
import { adopt } from "./owners";
import { Root } from "./root";
import { forget } from "./stream-end";
import { findStream, streamRecord, streamRoot } from "./streams";
import { LINKS_REPORTS } from "../template/linked";

/** First thing in every callback of a stream. */
// @ts-ignore: decorator
@inline
export function begin(stage: Stage): void {
  resetArena();
  enterStage(stage);
  nextCallback();
}

// The entry of a stream, which may be seen for the first time; 0 where nobody owns it.
// @ts-ignore: decorator
@inline
function stream(context: u32): usize {
  const entry = findStream(context);
  return entry == 0 ? adopt(context) : entry;
}

/** Request headers have come. */
export function onRequestHeaders(context: u32): Action {
  begin(Stage.RequestHeaders);
  const entry = stream(context);
  // Whose stream this is could not be remembered, or nobody said: it cannot be checked.
  if (entry == 0) return refuseUnchecked();
  const root = changetype<Root>(streamRoot(entry));
  if (root.table === null || root.table!.isIdle) return Action.Continue;
  return decideRequest(root, context, entry);
}

/** Response headers have come, from upstream or from a local reply. */
export function onResponseHeaders(context: u32): Action {
  begin(Stage.ResponseHeaders);
  const entry = stream(context);
  if (entry == 0) return Action.Continue;
  const root = changetype<Root>(streamRoot(entry));
  const table = root.table;
  if (table === null || !table.readsResponses) return Action.Continue;
  const isReplaced = changeResponse(root, streamRecord(entry));
  return isReplaced ? Action.StopIteration : Action.Continue;
}

/** A TCP connection is new; its TLS handshake has not happened yet. */
export function onNewConnection(context: u32): Action {
  begin(Stage.Connection);
  const entry = findStream(context);
  // As a request that could not be remembered: what nobody can check must not pass.
  if (entry == 0) return refuseConnection();
  const root = changetype<Root>(streamRoot(entry));
  return root.table === null ? Action.Continue : openConnection(root, context, entry);
}

/** Bytes of a TCP connection have come from the client, or its end. */
export function onDownstreamData(context: u32, size: u32): Action {
  begin(Stage.Connection);
  const entry = findStream(context);
  const record = entry == 0 ? 0 : streamRecord(entry);
  if (record == 0) return Action.Continue;
  return receive(changetype<Root>(streamRoot(entry)), record, size);
}

/** Bytes of a TCP connection have come from the upstream, or its end. */
export function onUpstreamData(context: u32, size: u32): Action {
  begin(Stage.Connection);
  const entry = findStream(context);
  const record = entry == 0 ? 0 : streamRecord(entry);
  if (record == 0) return Action.Continue;
  return send(changetype<Root>(streamRoot(entry)), record, size);
}

/** The stream is over: its reports. Nothing of it comes after this, so its memory goes, too. */
// @ts-ignore: decorator
@inline
export function onLog(context: u32): void {
  begin(Stage.Log);
  const entry = stream(context);
  if (entry == 0) return;
  const root = changetype<Root>(streamRoot(entry));
  const record = streamRecord(entry);
  if (LINKS_REPORTS) reportEnd(root, record);
  forget(entry, record);
}

// @ts-ignore: decorator
@inline
function reportEnd(root: Root, record: usize): void {
  const table = root.table;
  if (table === null || !table.hasReports) return;
  if (record != 0 && (recordFlags(record) & RecordFlag.Connection) != 0) {
    report(root, record, ConnectionEvent.Close, 0);
    return;
  }
  table.bag.begin(Phase.Log, record);
  resetSteps();
  root.reporter!.run(record);
}
