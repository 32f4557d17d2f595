// One part of an expression of another language, for people who ask what it means: how it is
// called, its type, and where it stands. Nothing that serves requests uses it. Cold.

import { VALUE_TYPE_NAMES, ValueType } from "../shared/types";
import { jsonText } from "../diagnostic/render-json";

/** Kinds of parts, as the tools print them. */
export const enum PartKind {
  Constant = 0,
  Attribute = 1,
  Element = 2,
  Operator = 3,
  Function = 4,
  Variable = 5,
}

const KIND_NAMES: string[] = [
  "constant",
  "attribute",
  "element",
  "operator",
  "function",
  "variable",
];

/** A node of a checked tree. */
export class ForeignPart {
  readonly operands: ForeignPart[] = [];

  /** `start` and `end` are bytes of the text. */
  constructor(
    readonly kind: PartKind,
    readonly name: string,
    readonly type: ValueType,
    readonly start: i32,
    readonly end: i32,
    /** Whether the first operand chooses between the others. */
    readonly isChoice: bool,
  ) {}

  /** The part as members of a JSON object, its operands with it. */
  members(): string {
    let text =
      '"kind":"' +
      KIND_NAMES[this.kind] +
      '","name":' +
      jsonText(this.name) +
      ',"type":"' +
      VALUE_TYPE_NAMES[this.type] +
      '","start":' +
      this.start.toString() +
      ',"end":' +
      this.end.toString();
    if (this.operands.length == 0) return text;
    text += ',"operands":[';
    for (let at = 0; at < this.operands.length; at++) {
      text += (at > 0 ? ",{" : "{") + this.operands[at].members() + "}";
    }
    return text + "]";
  }
}
