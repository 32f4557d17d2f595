// The status of a response, from its header where there is one, which costs the host less than the
// property; and its duration. Hot.

import { ValueType } from "../shared/types";
import { ABSENT, FAILED, Slice, isPresent, sizeOf, startOf } from "../memory/slice";
import { monotonicNanos } from "../abi/clock";
import { readProperty } from "../abi/properties";
import { Bag } from "./bag";
import { decodeProperty } from "./decode";
import { ENTRY_ARG, ENTRY_PATH } from "./entry";
import { recordStart } from "./record";
import { CellState, EvaluationError, setError, setInt, setState } from "./value";

const ZERO: u32 = 48;

/** Fills the cell; a stream that ended without a response has what Envoy says of it. */
export function deriveResponseCode(bag: Bag, entry: usize, cell: usize, index: u32): void {
  const code = statusCode(bag.layout.responseHeaders.single(load<u32>(entry, ENTRY_ARG)));
  if (code > 0) {
    setInt(cell, ValueType.Int64, code);
    return;
  }
  const bytes = readProperty(load<u64>(entry, ENTRY_PATH));
  if (bytes == FAILED) setError(cell, EvaluationError.HostFailed, 0);
  else if (bytes == ABSENT) setState(cell, CellState.Absent);
  else decodeProperty(cell, entry, bytes, index);
}

/**
 * Fills the cell, unless we never saw the beginning of the stream: Envoy has its duration then. The
 * two clock readings cost a tenth of that.
 */
export function deriveDuration(bag: Bag, cell: usize): bool {
  const start = bag.record == 0 ? 0 : recordStart(bag.record);
  if (start == 0) return false;
  setInt(cell, ValueType.Duration, <i64>(monotonicNanos() - start));
  return true;
}

/** Three digits as a number; 0 for anything else. */
function statusCode(text: Slice): i32 {
  if (!isPresent(text) || sizeOf(text) != 3) return 0;
  let code: u32 = 0;
  for (let at: usize = 0; at < 3; at++) {
    const digit = <u32>load<u8>(startOf(text) + at) - ZERO;
    if (digit > 9) return 0;
    code = code * 10 + digit;
  }
  return <i32>code;
}
