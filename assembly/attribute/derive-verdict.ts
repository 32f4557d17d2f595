// Attributes of the verdict, from the stream's record. Hot.

import { Derivation } from "../shared/attributes";
import { ValueType } from "../shared/types";
import { literal } from "../memory/literal";
import { ABSENT, Slice } from "../memory/slice";
import { Bag } from "./bag";
import {
  RecordFlag,
  hasRemaining,
  recordFlags,
  recordRemaining,
  recordRetryAfter,
  recordRule,
  recordShadowRule,
} from "./record";
import { CellState, setInt, setState, setText } from "./value";

const DENIED = literal("denied");
const SHADOW_DENIED = literal("shadow_denied");
const ALLOWED = literal("allowed");

/** Fills the cell of an attribute of the verdict. */
export function deriveFromVerdict(bag: Bag, derivation: u32, cell: usize): void {
  const record = bag.record;
  setState(cell, CellState.Absent);
  if (record == 0 || (recordFlags(record) & RecordFlag.RequestSeen) == 0) return;
  if (derivation == Derivation.QuotaRemaining) {
    if (hasRemaining(record)) setInt(cell, ValueType.Int64, recordRemaining(record));
  } else if (derivation == Derivation.QuotaRetryAfter) {
    const seconds = recordRetryAfter(record);
    if (seconds > 0) setInt(cell, ValueType.Int64, seconds);
  } else {
    const text = textOfVerdict(bag, derivation);
    if (text != ABSENT) setText(cell, ValueType.String, text);
  }
}

function textOfVerdict(bag: Bag, derivation: u32): Slice {
  const record = bag.record;
  if (derivation == Derivation.CheckRule) return nameOf(bag, recordRule(record));
  if (derivation == Derivation.CheckShadowRule) return nameOf(bag, recordShadowRule(record));
  if ((recordFlags(record) & RecordFlag.Denied) != 0) return DENIED;
  return recordShadowRule(record) >= 0 ? SHADOW_DENIED : ALLOWED;
}

function nameOf(bag: Bag, rule: i32): Slice {
  return rule < 0 ? ABSENT : load<u64>(bag.layout.ruleNames + ((<usize>rule) << 3));
}
