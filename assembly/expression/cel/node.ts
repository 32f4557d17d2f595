// The syntax tree of a CEL expression. Cold.

import { CelFunction } from "../../shared/cel-functions";
import { ValueType } from "../../shared/types";

/** Kinds of nodes. */
export const enum CelKind {
  /** `value` is a cell. */
  Constant = 0,
  /** `text` is a name; the checker makes it a Variable, an Attribute or a Constant. */
  Name = 1,
  /** `text` is the field of the operand. */
  Select = 2,
  /** `text` is the name of a function, or `callee` an operator. */
  Call = 3,
  List = 4,
  /** Keys, each with its value behind it. */
  Map = 5,
  /** Two or more operands. */
  And = 6,
  Or = 7,
  Conditional = 8,
  /** The range and what is done for each element; `fold` says what. */
  Macro = 9,
  /** `text` is the field whose presence in the operand is asked. */
  Has = 10,
  /** Set by the checker, as those that follow. */
  Attribute = 11,
  HasAttribute = 12,
  Variable = 13,
}

/** The variable of a macro. */
export class CelVariable {
  /** Cell of the evaluation stack; set by the compiler. */
  slot: i32 = 0;

  constructor(readonly name: string) {}
}

/** One node. */
export class CelNode {
  operands: CelNode[] = [];
  /** Whether the first operand stood before the dot. */
  hasReceiver: bool = false;
  /** Address of a constant's cell. */
  value: usize = 0;
  callee: CelFunction = CelFunction.None;
  /** Of a Macro. */
  fold: i32 = 0;
  variable: CelVariable | null = null;
  depth: i32 = 1;
  /** Set by the checker; Dynamic when only the request tells. */
  type: ValueType = ValueType.Dynamic;
  /** The attribute's index in the schema. */
  attribute: i32 = -1;
  /** Where the parentheses around it begin and end; -1 without. */
  private opened: i32 = -1;
  private closed: i32 = -1;

  constructor(
    public kind: CelKind,
    public text: string,
    public start: i32,
    public end: i32,
  ) {}

  /** Whether it is a constant. */
  get isConstant(): bool {
    return this.kind == CelKind.Constant;
  }

  /** Where it begins, parentheses included. */
  get from(): i32 {
    return this.opened >= 0 ? this.opened : this.start;
  }

  /** Where it ends, parentheses included. */
  get until(): i32 {
    return max(this.closed, this.end);
  }

  /** Notes the parentheses around it. */
  enclose(opened: i32, closed: i32): void {
    this.opened = opened;
    this.closed = closed;
  }

  /** Takes one more operand. */
  add(operand: CelNode): void {
    this.operands.push(operand);
    if (operand.depth >= this.depth) this.depth = operand.depth + 1;
    this.end = max(this.end, operand.until);
  }

  /** Becomes a constant. */
  settle(value: usize, type: ValueType): void {
    this.kind = CelKind.Constant;
    this.operands = [];
    this.value = value;
    this.type = type;
  }
}
