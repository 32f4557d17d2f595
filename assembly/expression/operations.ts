// Instructions that compute a value from values on the evaluation stack. Hot: texts go into the
// arena.

import { FunctionId } from "../shared/functions";
import { NO_CONSTANT, Op } from "../shared/opcodes";
import { ValueType } from "../shared/types";
import {
  VALUE_SIZE_BYTES,
  boolAt,
  copyValue,
  doubleAt,
  intAt,
  setDouble,
  setInt,
  textAt,
} from "../attribute/value";
import { sizeOf } from "../memory/slice";
import { joinTexts, lowerText, reverseText } from "./builtins";
import { convertText } from "./convert";
import { callText, replaceText } from "./text-functions";
import { Outcome } from "./failure";
import { aOf, bOf, opOf } from "./program";

/**
 * Runs the instruction on the stack whose first free cell is `top`; the new first free cell, or 0
 * after setting FAILURE.
 */
export function operate(word: u64, top: usize, constants: usize): usize {
  switch (opOf(word)) {
    case Op.Join: {
      const last = top - <usize>(aOf(word) - 1) * VALUE_SIZE_BYTES;
      return answer(joinTexts(last - VALUE_SIZE_BYTES, aOf(word)), last);
    }
    case Op.AddInt:
    case Op.AddDouble:
      return add(word, top, constants);
    case Op.Size: {
      const cell = top - VALUE_SIZE_BYTES;
      setInt(cell, ValueType.Int64, sizeOf(textAt(cell)));
      return top;
    }
    case Op.ToLower:
      return answer(lowerText(top - VALUE_SIZE_BYTES), top);
    case Op.Call: {
      const first = top - <usize>bOf(word) * VALUE_SIZE_BYTES;
      return answer(callText(<FunctionId>aOf(word), first), first + VALUE_SIZE_BYTES);
    }
    case Op.Replace: {
      const text = top - 2 * VALUE_SIZE_BYTES;
      const pattern = constants + <usize>bOf(word) * VALUE_SIZE_BYTES;
      return answer(replaceText(pattern, text), text + VALUE_SIZE_BYTES);
    }
    case Op.Convert: {
      const cell = top - VALUE_SIZE_BYTES;
      return answer(convertText(<ValueType>aOf(word), textAt(cell), cell), top);
    }
    case Op.Select: {
      const chosen = top - 2 * VALUE_SIZE_BYTES;
      const condition = chosen - VALUE_SIZE_BYTES;
      copyValue(condition, boolAt(condition) ? chosen : chosen + VALUE_SIZE_BYTES);
      return chosen;
    }
    default:
      return answer(reverseText(top - VALUE_SIZE_BYTES), top);
  }
}

function add(word: u64, top: usize, constants: usize): usize {
  let end = top;
  let right = constants + <usize>bOf(word) * VALUE_SIZE_BYTES;
  if (bOf(word) == NO_CONSTANT) right = end -= VALUE_SIZE_BYTES;
  const left = end - VALUE_SIZE_BYTES;
  if (opOf(word) == Op.AddInt) setInt(left, ValueType.Int64, intAt(left) + intAt(right));
  else setDouble(left, doubleAt(left) + doubleAt(right));
  return end;
}

// @ts-ignore: decorator
@inline
function answer(outcome: Outcome, top: usize): usize {
  return outcome == Outcome.Failed ? 0 : top;
}
