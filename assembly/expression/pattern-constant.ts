// Literal regular expressions, compiled while the document is. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { VALUE_SIZE_BYTES, setInt, textAt } from "../attribute/value";
import { ValueType } from "../shared/types";
import { Region } from "../memory/region";
import { Slice, sizeOf } from "../memory/slice";
import { compileCapturing } from "../text/regexp/capture-pattern";
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
  report(source, literal, problems);
  return 0;
}

/** The same of the pattern of a replacement, its second operand; groups keep what they match. */
export function capturingCell(node: ExpressionNode, region: Region, problems: Problems): usize {
  const literal = node.operands[1];
  if (!literal.isConstant) {
    const found = "known only at run time";
    const problem = problems.add(DiagnosticCode.BadPattern, literal.start, literal.end, found);
    problem.expected = "a pattern in quotes";
    return 0;
  }
  const source = textAt(literal.value);
  const pattern = compileCapturing(source, region);
  if (pattern == null) {
    report(source, literal, problems);
    return 0;
  }
  const cell = region.take(VALUE_SIZE_BYTES);
  setInt(cell, ValueType.Dynamic, changetype<usize>(pattern));
  return cell;
}

function report(source: Slice, literal: ExpressionNode, problems: Problems): void {
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
}
