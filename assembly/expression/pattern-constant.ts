// Literal regular expressions, compiled while the document is. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { VALUE_SIZE_BYTES, setInt } from "../attribute/value";
import { ValueType } from "../shared/types";
import { Region } from "../memory/region";
import { Slice, sizeOf } from "../memory/slice";
import { compilePattern, patternError, patternErrorAt } from "../text/regexp/compile";
import { lastProblem, Problem as PatternProblem } from "../text/regexp/problem";
import { ExpressionNode } from "./node";
import { Problems } from "./problem";

/** The cell of a compiled pattern, or 0 after reporting what is wrong with its literal. */
export function patternCell(
  source: Slice,
  literal: ExpressionNode,
  region: Region,
  problems: Problems,
): usize {
  const pattern = compilePattern(source, region);
  if (pattern != null) {
    const cell = region.take(VALUE_SIZE_BYTES);
    setInt(cell, ValueType.Dynamic, changetype<usize>(pattern));
    return cell;
  }
  const isTooLarge = lastProblem() >= PatternProblem.TooDeep;
  const code = isTooLarge ? DiagnosticCode.PatternTooLarge : DiagnosticCode.BadPattern;
  let start = literal.start;
  let end = literal.end;
  // Without escapes, an offset in the pattern is one in its literal.
  const at = patternErrorAt();
  if (at >= 0 && <usize>(end - start) == sizeOf(source) + 2 && start + 1 + at < end) {
    start += 1 + at;
    end = start + 1;
  }
  const problem = problems.add(code, start, end, patternError());
  problem.text = "error parsing regexp: " + patternError();
  return 0;
}
