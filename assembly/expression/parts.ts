// The parts of an expression with what each came to for one request: every node has a program of
// its own, and they run in the order and with the short cuts of the real evaluation. For people who
// ask why; nothing that serves requests uses it. Cold.

import { FunctionId } from "../shared/functions";
import { Phase } from "../shared/phases";
import { VALUE_TYPE_NAMES } from "../shared/types";
import { Bag } from "../attribute/bag";
import { CellState, EvaluationError, boolAt, errorAt, typeAt } from "../attribute/value";
import { Schema } from "../attribute/schema";
import { jsonText } from "../diagnostic/render-json";
import { ExpressionContext } from "./compile";
import { compileTree } from "./compiler";
import { evaluationErrorText } from "./error-text";
import { evaluate, readAttribute } from "./evaluator";
import { resetSteps } from "./failure";
import { ExpressionNode, SyntaxKind } from "./node";
import { Problems } from "./problem";
import { Program } from "./program";
import {
  ReadState,
  referenceCount,
  referenceState,
  startReferences,
  stopReferences,
} from "./references";
import { valueString } from "./value-string";
import { verifyProgram } from "./verifier";

/** What a part came to. */
export const enum PartState {
  /** It was not evaluated: something before it decided. */
  Unevaluated,
  False,
  True,
  /** A value that is no BOOL. */
  Value,
  /** An alternative of `|` that is not there. */
  Absent,
  Failed,
}

/** One node of an expression. */
export class Part {
  readonly operands: Part[] = [];
  state: PartState = PartState.Unevaluated;
  /** The value's text form, or the error's. */
  text: string = "";
  /** Type of the value. */
  type: u32 = 0;
  private program: Program | null = null;

  /** Parts have no problems: the tree has been checked. `phase` is where they will run. */
  constructor(
    readonly node: ExpressionNode,
    context: ExpressionContext,
    phase: Phase,
  ) {
    // An element of a header map is read alone; its map is never looked at.
    if (!node.isRead) {
      for (let at = 0; at < node.operands.length; at++) {
        this.operands.push(new Part(node.operands[at], context, phase));
      }
    }
    const program = compileTree(node, context.schema, phase, context.region, new Problems());
    if (program != null && verifyProgram(program, context.schema).length == 0) {
      this.program = program;
    }
  }

  /** Evaluates the whole for another stream. */
  evaluateAnew(bag: Bag, schema: Schema): PartState {
    this.forget();
    return this.evaluate(bag, schema);
  }

  /** Nothing has been evaluated. */
  forget(): void {
    this.state = PartState.Unevaluated;
    for (let at = 0; at < this.operands.length; at++) this.operands[at].forget();
  }

  private evaluate(bag: Bag, schema: Schema, mayBeAbsent: bool = false): PartState {
    this.evaluateOperands(bag, schema);
    const program = this.program;
    if (program == null) return this.fail("too large to be looked at alone");
    resetSteps();
    startReferences();
    const cell = evaluate(program, bag);
    stopReferences();
    if (mayBeAbsent && this.isAbsent(cell, bag)) this.state = PartState.Absent;
    else if (typeAt(cell) == CellState.Error) this.fail(evaluationErrorText(cell, schema));
    else this.keep(cell);
    return this.state;
  }

  /** The deepest part whose own evaluation failed; null when none has. */
  failedPart(): Part | null {
    if (this.state != PartState.Failed) return null;
    for (let at = 0; at < this.operands.length; at++) {
      const failed = this.operands[at].failedPart();
      if (failed != null) return failed;
    }
    return this;
  }

  /** The part as a JSON object, its operands with it. */
  json(): string {
    const node = this.node;
    let text = '{"kind":"' + kindName(node) + '","name":' + jsonText(node.text);
    text += ',"type":"' + VALUE_TYPE_NAMES[node.type] + '"';
    text += ',"start":' + node.start.toString() + ',"end":' + node.end.toString();
    if (this.state == PartState.Failed) text += ',"error":' + jsonText(this.text);
    else if (this.state == PartState.Absent) text += ',"absent":true';
    else if (this.state != PartState.Unevaluated) text += ',"value":' + jsonText(this.text);
    if (this.operands.length == 0) return text + "}";
    const operands: string[] = [];
    for (let at = 0; at < this.operands.length; at++) operands.push(this.operands[at].json());
    return text + ',"operands":[' + operands.join(",") + "]}";
  }

  private evaluateOperands(bag: Bag, schema: Schema): void {
    const callee = this.node.callee;
    if (callee == FunctionId.Conditional && this.operands.length == 3) {
      const chosen = this.operands[0].evaluate(bag, schema);
      if (chosen == PartState.True) this.operands[1].evaluate(bag, schema);
      else if (chosen == PartState.False) this.operands[2].evaluate(bag, schema);
      return;
    }
    const last = this.operands.length - 1;
    for (let at = 0; at <= last; at++) {
      const mayBeAbsent = callee == FunctionId.Alternative && at < last;
      const state = this.operands[at].evaluate(bag, schema, mayBeAbsent);
      if (state == PartState.Failed || isDecided(callee, state)) return;
    }
  }

  private isAbsent(cell: usize, bag: Bag): bool {
    if (this.node.isRead) {
      const state = typeAt(readAttribute(this.node.attribute, bag));
      return state == CellState.Absent || state == CellState.KeyAbsent;
    }
    if (!this.node.calls(FunctionId.Index)) return false;
    const isError = typeAt(cell) == CellState.Error;
    if (isError) return errorAt(cell) == EvaluationError.LookupFailed;
    for (let at = 0; at < referenceCount(); at++) {
      if (referenceState(at) != ReadState.Present) return true;
    }
    return false;
  }

  private keep(cell: usize): void {
    this.type = typeAt(cell);
    this.text = valueString(cell);
    const isBool = this.node.type == this.type && VALUE_TYPE_NAMES[this.type] == "BOOL";
    if (!isBool) this.state = PartState.Value;
    else this.state = boolAt(cell) ? PartState.True : PartState.False;
  }

  private fail(text: string): PartState {
    this.text = text;
    this.state = PartState.Failed;
    return this.state;
  }
}

function isDecided(callee: FunctionId, state: PartState): bool {
  if (callee == FunctionId.And) return state == PartState.False;
  if (callee == FunctionId.Or) return state == PartState.True;
  return callee == FunctionId.Alternative && state != PartState.Absent;
}

function kindName(node: ExpressionNode): string {
  if (node.isConstant) return "constant";
  if (node.kind == SyntaxKind.Attribute) return "attribute";
  if (node.isRead) return "element";
  return node.isOperator ? "operator" : "function";
}
