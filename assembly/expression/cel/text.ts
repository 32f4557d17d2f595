// What CEL does with texts and bytes. Hot: results stand in the arena.

import { CelFunction } from "../../shared/cel-functions";
import { ValueType } from "../../shared/types";
import { EvaluationError, setBool, setInt, setText, textAt, typeAt } from "../../attribute/value";
import { takeArena } from "../../memory/arena";
import { endsWith, indexOf, startsWith } from "../../memory/bytes";
import { Slice, sizeOf, slice, startOf } from "../../memory/slice";
import { matchesGlob } from "../../text/glob";
import { runeCount } from "../../text/utf8";
import { lowerText } from "../builtins";
import { Outcome, fail, takeSteps } from "../failure";
import { matchesPatternText } from "../match-pattern";
import { countElements } from "./collection";
import { parseJson } from "./json";
import { isMap } from "./map";
import { isUntyped, openUntyped, settleUntyped } from "./untyped";

/** One step for so many bytes of text. */
const BYTES_PER_STEP_SHIFT: usize = 6;

/** Functions over one or two texts. True with the result in the first cell, or Failed. */
export function callText(callee: CelFunction, first: usize, second: usize): Outcome {
  settleUntyped(first, ValueType.String);
  if (typeAt(first) != ValueType.String) return fail(EvaluationError.NoSuchOverload, 0);
  const text = textAt(first);
  if (callee == CelFunction.ToLower) return lowerText(first);
  if (callee == CelFunction.Json) return parseJson(text, first);
  settleUntyped(second, ValueType.String);
  if (typeAt(second) != ValueType.String) return fail(EvaluationError.NoSuchOverload, 0);
  const outcome = testText(callee, text, textAt(second));
  if (outcome != Outcome.Failed) setBool(first, outcome == Outcome.True);
  return outcome == Outcome.Failed ? outcome : Outcome.True;
}

function testText(callee: CelFunction, text: Slice, part: Slice): Outcome {
  switch (callee) {
    case CelFunction.StartsWith:
      return <Outcome>startsWith(text, part);
    case CelFunction.EndsWith:
      return <Outcome>endsWith(text, part);
    case CelFunction.Contains: {
      // The search looks at the part again for each byte of the text.
      const cost = (sizeOf(text) * (1 + (sizeOf(part) >> 3))) >> BYTES_PER_STEP_SHIFT;
      if (!takeSteps(<i32>min<usize>(cost, i32.MAX_VALUE))) return Outcome.Failed;
      return <Outcome>(<bool>(indexOf(text, part) >= 0));
    }
    case CelFunction.Matches:
      return matchesPatternText(part, text);
    default:
      return <Outcome>matchesGlob(text, part);
  }
}

/** Joins two texts, or bytes, in the left cell. */
export function joinBytes(type: ValueType, left: usize, right: usize): Outcome {
  const first = textAt(left);
  const second = textAt(right);
  const size = sizeOf(first) + sizeOf(second);
  if (!takeSteps(<i32>(size >> BYTES_PER_STEP_SHIFT))) return Outcome.Failed;
  const start = takeArena(size);
  if (start == 0) return fail(EvaluationError.OutOfMemory, 0);
  memory.copy(start, startOf(first), sizeOf(first));
  memory.copy(start + sizeOf(first), startOf(second), sizeOf(second));
  setText(left, type, slice(start, size));
  return Outcome.True;
}

/** Writes the size of a text in code points, of bytes, or of what has elements. */
export function sizeOfValue(cell: usize): Outcome {
  if (isUntyped(cell)) openUntyped(cell);
  const type = typeAt(cell);
  if (type == ValueType.String) setInt(cell, ValueType.Int64, runeCount(textAt(cell)));
  else if (type == ValueType.Bytes) setInt(cell, ValueType.Int64, sizeOf(textAt(cell)));
  else if (isMap(type) || type == ValueType.List) return countElements(cell);
  else return fail(EvaluationError.NoSuchOverload, 0);
  return Outcome.True;
}
