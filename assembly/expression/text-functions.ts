// Functions over texts that Op.Call runs: for rewriting paths and choosing shares of users. Hot:
// results stand in the arena.

import { FunctionId } from "../shared/functions";
import { ValueType } from "../shared/types";
import { EvaluationError, VALUE_SIZE_BYTES, setInt, setText, textAt } from "../attribute/value";
import { hash, startsWith } from "../memory/bytes";
import { FAILED, Slice, sizeOf, subSlice } from "../memory/slice";
import { removeParameter, setParameter } from "../text/query";
import { Outcome, fail } from "./failure";

const PERCENT: u64 = 100;

/** Runs a function on the texts from cell `first` on; the result replaces them. */
export function callText(callee: FunctionId, first: usize): Outcome {
  const text = textAt(first);
  if (callee == FunctionId.HashPercent) {
    setInt(first, ValueType.Int64, <i64>((hash(text, 0) >> 16) % PERCENT));
    return Outcome.True;
  }
  const second = textAt(first + VALUE_SIZE_BYTES);
  let result: Slice;
  if (callee == FunctionId.TrimPrefix) result = withoutPrefix(text, second);
  else if (callee == FunctionId.RemoveQueryParameter) result = removeParameter(text, second);
  else result = setParameter(text, second, textAt(first + 2 * VALUE_SIZE_BYTES));
  if (result == FAILED) return fail(EvaluationError.OutOfMemory, 0);
  setText(first, ValueType.String, result);
  return Outcome.True;
}

function withoutPrefix(text: Slice, prefix: Slice): Slice {
  return startsWith(text, prefix) ? subSlice(text, sizeOf(prefix), sizeOf(text)) : text;
}
