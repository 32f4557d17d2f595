// Which comparison decided a condition: operands of `&&` and `||` with a program each, evaluated in
// the order and with the short cuts of the condition itself. Made only for documents with `debug`.
// Hot: allocates nothing.

import { Slice } from "../memory/slice";
import { Bag } from "../attribute/bag";
import { EvaluationError, boolAt, errorAt, hasValue } from "../attribute/value";
import { evaluate } from "./evaluator";
import { Program } from "./program";

/** How the operands of a part combine. */
export const enum DecisionKind {
  /** No operands: a comparison with a program of its own. */
  Comparison = 0,
  /** All must be true. */
  And = 1,
  /** One must be true. */
  Or = 2,
  /** The same in CEL, where one that is false hides those that fail. */
  AbsorbingAnd = 3,
  /** One that is true hides those that fail. */
  AbsorbingOr = 4,
}

/** What a condition or a part of it came to. */
export const enum Truth {
  Failed = -1,
  False = 0,
  True = 1,
}

/** A condition or a part of it. */
export class Decision {
  constructor(
    readonly kind: DecisionKind,
    readonly operands: StaticArray<Decision>,
    readonly program: Program | null,
    /** As it stands in the document; for a comparison with a secret, what it reads. */
    readonly text: Slice,
  ) {}
}

/** The comparison that decided last. Read it before the next call of `decide`. */
export let decisive: Decision | null = null;

// Whether the comparison that failed last used up steps or memory.
let hasRunOut: bool = false;

/** Nothing has decided yet: a rule without conditions. */
export function forgetDecisive(): void {
  decisive = null;
}

/** Evaluates the condition for the stream that the bag stands at, and notes what decided. */
export function decide(decision: Decision, bag: Bag): Truth {
  const kind = decision.kind;
  if (kind == DecisionKind.Comparison) return compare(decision, bag);
  if (kind >= DecisionKind.AbsorbingAnd) return decideAbsorbing(decision, bag);
  const goesOn = kind == DecisionKind.And ? Truth.True : Truth.False;
  for (let at = 0; at < decision.operands.length; at++) {
    const truth = decide(unchecked(decision.operands[at]), bag);
    if (truth != goesOn) return truth;
  }
  return goesOn;
}

// What fails decides only where none of the others does, and then the first of them. What has run
// out is not hidden.
function decideAbsorbing(decision: Decision, bag: Bag): Truth {
  const goesOn = decision.kind == DecisionKind.AbsorbingAnd ? Truth.True : Truth.False;
  let failed: Decision | null = null;
  for (let at = 0; at < decision.operands.length; at++) {
    const truth = decide(unchecked(decision.operands[at]), bag);
    if (truth == Truth.Failed && !hasRunOut) {
      if (failed == null) failed = decisive;
    } else if (truth != goesOn) {
      return truth;
    }
  }
  if (failed == null) return goesOn;
  decisive = failed;
  return Truth.Failed;
}

function compare(decision: Decision, bag: Bag): Truth {
  decisive = decision;
  const program = decision.program;
  if (program == null) return Truth.Failed;
  const cell = evaluate(program, bag);
  if (!hasValue(cell)) {
    const error = errorAt(cell);
    hasRunOut = error == EvaluationError.StepsExhausted || error == EvaluationError.OutOfMemory;
    return Truth.Failed;
  }
  return boolAt(cell) ? Truth.True : Truth.False;
}
