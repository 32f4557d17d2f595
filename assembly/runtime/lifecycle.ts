// The order of callbacks. Every export of the module is one line that ends here. Hot: what only
// root contexts do is in lifecycle-root.ts.

import { Action } from "../shared/abi";
import { Phase } from "../shared/phases";
import { resetArena } from "../memory/arena";
import { Stage, enterStage } from "../abi/stage";
import { RecordFlag, giveRecord, recordFlags } from "../attribute/record";
import { resetSteps } from "../expression/failure";
import { nextCallback } from "../rule/callback";
import { dropWaits, findWait } from "../rule/wait";
import { Answer } from "../template/instances";
import { createRoot, endRoot, lastRootAddress } from "./lifecycle-root";
import { decideRequest, resumeRequest, unlinkPaused } from "./request";
import { changeResponse } from "./response";
import { Root } from "./root";
import { addStream, findStream, removeStream, streamRecord, streamRoot } from "./streams";

const answer = new Answer();

// @ts-ignore: decorator
@inline
function begin(stage: Stage): void {
  resetArena();
  enterStage(stage);
  nextCallback();
}

/** A root context (parent 0) or a stream of one has been created. */
export function onContextCreate(context: u32, parent: u32): void {
  if (parent == 0) createRoot(context);
  else addStream(context, <u32>lastRootAddress(parent));
}

/** Request headers have come. */
export function onRequestHeaders(context: u32): Action {
  begin(Stage.RequestHeaders);
  const entry = findStream(context);
  if (entry == 0) return Action.Continue;
  const root = changetype<Root>(streamRoot(entry));
  if (root.table === null || root.table!.isIdle) return Action.Continue;
  return decideRequest(root, context, entry);
}

/** Response headers have come, from upstream or from a local reply. */
export function onResponseHeaders(context: u32): Action {
  begin(Stage.ResponseHeaders);
  const entry = findStream(context);
  if (entry == 0) return Action.Continue;
  const root = changetype<Root>(streamRoot(entry));
  if (root.table !== null) changeResponse(root, streamRecord(entry));
  return Action.Continue;
}

/** The stream is over: reports, then its memory. */
export function onLog(context: u32): void {
  begin(Stage.Log);
  const entry = findStream(context);
  if (entry == 0) return;
  const root = changetype<Root>(streamRoot(entry));
  const record = streamRecord(entry);
  const table = root.table;
  if (table !== null && table.hasReports) {
    table.bag.begin(Phase.Log, record);
    resetSteps();
    root.reporter!.run(record);
  }
  forget(root, entry, record);
}

/** A context ends: a stream that had no on_log (an upstream filter's), or a root. */
export function onDelete(context: u32): void {
  const entry = findStream(context);
  if (entry != 0) forget(changetype<Root>(streamRoot(entry)), entry, streamRecord(entry));
  else endRoot(context);
}

/** A callout has answered, on the root context that made it. */
export function onCalloutAnswer(rootId: u32, token: u32, headerCount: u32, bodySize: u32): void {
  begin(Stage.Answer);
  const root = changetype<Root>(lastRootAddress(rootId));
  if (changetype<usize>(root) == 0) return;
  answer.token = token;
  answer.isAnswered = headerCount > 0;
  answer.headerCount = headerCount;
  answer.bodySize = bodySize;
  for (let record = root.paused; record != 0; record = <usize>load<u32>(record, 88)) {
    if (findWait(record, token) == 0) continue;
    resumeRequest(root, record, answer);
    return;
  }
}

function forget(root: Root, entry: usize, record: usize): void {
  removeStream(entry);
  if (record == 0) return;
  if ((recordFlags(record) & RecordFlag.Paused) != 0) unlinkPaused(root, record);
  dropWaits(record);
  giveRecord(record);
}
