// Which part of an expression of another language failed: the smallest one that also fails alone.
// Each part is compiled from its own text; one that cannot stand alone, since it sees the variable
// of a macro, counts as a whole with what is around it. For people who ask why. Cold.

import { Phase } from "../shared/phases";
import { ValueType } from "../shared/types";
import { Bag } from "../attribute/bag";
import { CellState, boolAt, typeAt } from "../attribute/value";
import { Slice, subSlice } from "../memory/slice";
import { ExpressionContext, compileSource } from "./compile";
import { evaluate } from "./evaluator";
import { resetSteps } from "./failure";
import { ForeignPart } from "./foreign-part";
import { Problems } from "./problem";
import { Program } from "./program";

/** Looks for failed parts of one expression. */
export class FailureSearch {
  private readonly programs: Map<i64, Program | null> = new Map<i64, Program | null>();

  constructor(
    private readonly context: ExpressionContext,
    private readonly text: Slice,
  ) {}

  /** Compiles every part, before the bag is laid out. */
  prepare(part: ForeignPart): void {
    const text = subSlice(this.text, <usize>part.start, <usize>part.end);
    const program = compileSource(this.context, text, <Phase>0, ValueType.Dynamic, new Problems());
    this.programs.set(numberOf(part), program);
    for (let at = 0; at < part.operands.length; at++) this.prepare(part.operands[at]);
  }

  /** The smallest part of one that failed. */
  find(part: ForeignPart, bag: Bag): ForeignPart {
    const operands = part.operands;
    for (let at = 0; at < operands.length; at++) {
      const cell = this.evaluateAlone(operands[at], bag);
      if (cell == 0) continue;
      if (typeAt(cell) == CellState.Error) return this.find(operands[at], bag);
      if (!part.isChoice || at > 0) continue;
      const chosen = boolAt(cell) ? 1 : 2;
      const value = this.evaluateAlone(operands[chosen], bag);
      const hasFailed = value != 0 && typeAt(value) == CellState.Error;
      return hasFailed ? this.find(operands[chosen], bag) : part;
    }
    return part;
  }

  private evaluateAlone(part: ForeignPart, bag: Bag): usize {
    const number = numberOf(part);
    const program = this.programs.has(number) ? this.programs.get(number) : null;
    if (program == null) return 0;
    resetSteps();
    return evaluate(program, bag);
  }
}

function numberOf(part: ForeignPart): i64 {
  return ((<i64>part.start) << 32) | part.end;
}
