// Regular expressions in evaluations: those of the document, and those that come with the request.
// Time is linear in the text and is taken from the request's steps. Hot.

import { EvaluationError, intAt } from "../attribute/value";
import { Slice, sizeOf } from "../memory/slice";
import { matchesText } from "../text/regexp/dynamic";
import { matchesPattern } from "../text/regexp/match";
import { Pattern } from "../text/regexp/pattern";
import { Outcome, fail, takeSteps } from "./failure";

/** One step for so many bytes of text. */
const BYTES_PER_STEP_SHIFT: usize = 4;

/** Whether the pattern in a constant's cell matches somewhere in the text. */
export function matchesPatternAt(cell: usize, text: Slice): Outcome {
  if (!takeSteps(<i32>(sizeOf(text) >> BYTES_PER_STEP_SHIFT))) return Outcome.Failed;
  return <Outcome>matchesPattern(changetype<Pattern>(<usize>intAt(cell)), text);
}

/** Whether a pattern that is compiled for this one text matches somewhere in it. */
export function matchesPatternText(pattern: Slice, text: Slice): Outcome {
  // Compiling takes time for each byte of the pattern, and may blow it up by its repetitions.
  if (!takeSteps(<i32>(sizeOf(text) + (sizeOf(pattern) << 5)))) return Outcome.Failed;
  const answer = matchesText(pattern, text);
  return answer < 0 ? fail(EvaluationError.BadPattern, pattern) : <Outcome>answer;
}
