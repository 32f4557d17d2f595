// The attributes of a TCP connection's traffic, from the counters in its record. Absent for
// requests. Hot.

import { Derivation } from "../shared/attributes";
import { ValueType } from "../shared/types";
import { literal } from "../memory/literal";
import { monotonicNanos } from "../abi/clock";
import { recordStart } from "./record";
import {
  ConnectionEvent,
  connectionEvent,
  receivedBytes,
  reportedReceivedBytes,
  reportedSentBytes,
  sentBytes,
} from "./traffic";
import { CellState, setInt, setState, setText } from "./value";

const OPEN = literal("open");
const CONTINUE = literal("continue");
const CLOSE = literal("close");

/** Fills the cell; `record` is 0 for a stream that is no TCP connection. */
export function deriveFromTraffic(record: usize, derivation: u32, cell: usize): void {
  const event = record == 0 ? ConnectionEvent.None : connectionEvent(record);
  if (event == ConnectionEvent.None) {
    setState(cell, CellState.Absent);
    return;
  }
  switch (derivation) {
    case Derivation.ConnectionEvent:
      setText(cell, ValueType.String, nameOf(event));
      return;
    case Derivation.ConnectionDuration:
      if (event != ConnectionEvent.Close) setState(cell, CellState.Absent);
      else setInt(cell, ValueType.Duration, <i64>(monotonicNanos() - recordStart(record)));
      return;
    case Derivation.ReceivedBytes:
      setCount(cell, receivedBytes(record) - reportedReceivedBytes(record));
      return;
    case Derivation.ReceivedBytesTotal:
      setCount(cell, receivedBytes(record));
      return;
    case Derivation.SentBytes:
      setCount(cell, sentBytes(record) - reportedSentBytes(record));
      return;
    default:
      setCount(cell, sentBytes(record));
  }
}

function setCount(cell: usize, count: u64): void {
  setInt(cell, ValueType.Int64, <i64>count);
}

function nameOf(event: ConnectionEvent): u64 {
  if (event == ConnectionEvent.Open) return OPEN;
  return event == ConnectionEvent.Close ? CLOSE : CONTINUE;
}
