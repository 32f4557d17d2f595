// A stream's memory is given back: after its log, or when Envoy knows the stream no more. Hot.

import {
  RecordFlag,
  giveRecord,
  giveRecordAlone,
  ownsMore,
  recordFlags,
  recordTrials,
} from "../attribute/record";
import { dropTraffic, unlinkConnection } from "../attribute/traffic";
import { dropWaits } from "../rule/wait";
import { unlinkPaused } from "./pauses";
import { Root } from "./root";
import { findStream, removeStream, streamRecord, streamRoot } from "./streams";
import { LINKS_BACKENDS } from "../template/linked";

/** Gives a stream's memory back; false: the context is no stream, or none that is known. */
export function forgetStream(context: u32): bool {
  const entry = findStream(context);
  if (entry == 0) return false;
  forget(entry, streamRecord(entry));
  return true;
}

/** Gives the memory of the stream with this entry and record back. */
export function forget(entry: usize, record: usize): void {
  const root = changetype<Root>(streamRoot(entry));
  removeStream(entry);
  if (record == 0) return;
  const flags = recordFlags(record);
  if ((flags & (RecordFlag.Paused | RecordFlag.Connection)) == 0 && !ownsMore(record)) {
    giveRecordAlone(record);
  } else {
    release(root, record, flags);
  }
}

function release(root: Root, record: usize, flags: u32): void {
  if (LINKS_BACKENDS && (flags & RecordFlag.Paused) != 0) unlinkPaused(root, record);
  if ((flags & RecordFlag.Connection) != 0) {
    root.connections = unlinkConnection(root.connections, record);
    dropTraffic(record);
  }
  if (recordTrials(record) != 0) root.check!.shadow.trials.abandon(record);
  dropWaits(record);
  giveRecord(record);
}
