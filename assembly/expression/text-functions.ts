// Functions that Op.Call runs: for rewriting paths, choosing shares of users, taking texts apart
// and checking signatures. Hot: results stand in the arena.

import { FunctionId } from "../shared/functions";
import { ValueType } from "../shared/types";
import {
  EvaluationError,
  VALUE_SIZE_BYTES,
  intAt,
  setInt,
  setText,
  textAt,
} from "../attribute/value";
import { randomSeed } from "../abi/random";
import { hash, startsWith } from "../memory/bytes";
import { ABSENT, FAILED, Slice, sizeOf, subSlice } from "../memory/slice";
import { decodeBase64 } from "../text/base64";
import { removeParameter, setParameter } from "../text/query";
import { partOf, separatorCount } from "../text/split";
import { CapturePattern } from "../text/regexp/capture-pattern";
import { replaceFirst } from "../text/regexp/replace";
import { Outcome, fail, failConversion, takeSteps } from "./failure";
import { hexOfHash, hexOfHmac } from "./hex-text";

const PERCENT: u64 = 100;
/** One step for 8 instructions on a code point. */
const WORK_SHIFT: usize = 3;

/** Runs a function on the operands from cell `first` on; the result replaces them. */
export function callText(callee: FunctionId, first: usize): Outcome {
  if (callee == FunctionId.Random) {
    setInt(first, ValueType.Int64, <i64>(randomSeed() >>> 1));
    return Outcome.True;
  }
  const text = textAt(first);
  switch (<i32>callee) {
    case FunctionId.HashPercent:
      setInt(first, ValueType.Int64, <i64>((hash(text, 0) >> 16) % PERCENT));
      return Outcome.True;
    case FunctionId.DecodeBase64: {
      const bytes = decodeBase64(text);
      return bytes == ABSENT ? failConversion(ValueType.String, text) : give(first, bytes);
    }
    case FunctionId.Sha256:
      return give(first, hexOfHash(text));
    default:
      return give(first, ofTwo(callee, text, first + VALUE_SIZE_BYTES));
  }
}

function ofTwo(callee: FunctionId, text: Slice, cell: usize): Slice {
  const second = textAt(cell);
  const third = cell + VALUE_SIZE_BYTES;
  switch (<i32>callee) {
    case FunctionId.TrimPrefix:
      return withoutPrefix(text, second);
    case FunctionId.RemoveQueryParameter:
      return removeParameter(text, second);
    case FunctionId.SplitPart:
      return partOf(text, second, intAt(third));
    case FunctionId.SplitPartFromEnd:
      return partOf(text, second, separatorCount(text, second) - intAt(third));
    case FunctionId.HmacSha256:
      return hexOfHmac(text, second);
    default:
      return setParameter(text, second, textAt(third));
  }
}

/**
 * Replaces the first match of the pattern in a constant's cell in the text of a cell, by the text
 * of the cell behind it. The work counts against the budget of steps.
 */
export function replaceText(constant: usize, cell: usize): Outcome {
  const pattern = changetype<CapturePattern>(<usize>intAt(constant));
  const text = textAt(cell);
  const work = (sizeOf(text) * <usize>pattern.codeCount) >>> WORK_SHIFT;
  if (!takeSteps(<i32>work)) return Outcome.Failed;
  return give(cell, replaceFirst(pattern, text, textAt(cell + VALUE_SIZE_BYTES)));
}

function give(cell: usize, text: Slice): Outcome {
  if (text == FAILED) return fail(EvaluationError.OutOfMemory, 0);
  setText(cell, ValueType.String, text);
  return Outcome.True;
}

function withoutPrefix(text: Slice, prefix: Slice): Slice {
  return startsWith(text, prefix) ? subSlice(text, sizeOf(prefix), sizeOf(text)) : text;
}
