// Which attributes a CEL expression cannot do without: read where nothing has asked whether they
// are there. As CEL has it, an operand of `&&` or `||` that decides hides the failure of the
// others, wherever it stands. Cold.

import { CelFunction } from "../../shared/cel-functions";
import { ValueType } from "../../shared/types";
import { Schema } from "../../attribute/schema";
import { textAt } from "../../attribute/value";
import { CelKind, CelNode } from "./node";

/** Reads that a request can make fail. */
export class AbsenceSearch {
  /** The first such read of each attribute. */
  readonly reads: CelNode[] = [];
  /** For each of them the literal key by which the map is read there; null elsewhere. */
  readonly keys: Array<CelNode | null> = [];

  constructor(private readonly schema: Schema) {}

  /** Whether a request need not have it. In CEL a missing element of a map is an error, too. */
  canBeMissing(index: i32): bool {
    return this.schema.entries[index].isElement || this.schema.canBeAbsent(index);
  }

  /** Looks at a checked tree; `present` are the attributes that are there when it is evaluated. */
  search(node: CelNode, present: i32[]): void {
    const operands = node.operands;
    switch (<i32>node.kind) {
      case CelKind.Attribute:
        this.take(node, null, present);
        return;
      case CelKind.And:
      case CelKind.Or:
        for (let at = 0; at < operands.length; at++) {
          this.search(operands[at], this.besides(node, at, present));
        }
        return;
      case CelKind.Conditional:
        this.search(operands[0], present);
        this.search(operands[1], this.presentIf(operands[0], true, present));
        this.search(operands[2], this.presentIf(operands[0], false, present));
        return;
      default:
        if (isElement(node)) {
          this.take(operands[0], operands[1], present);
          return;
        }
        for (let at = 0; at < operands.length; at++) this.search(operands[at], present);
    }
  }

  private take(node: CelNode, key: CelNode | null, present: i32[]): void {
    const index = node.attribute;
    if (present.includes(index) || !this.canBeMissing(index)) return;
    for (let at = 0; at < this.reads.length; at++) {
      if (this.reads[at].attribute == index) return;
    }
    this.reads.push(node);
    this.keys.push(key);
  }

  // What is there when no other operand decides.
  private besides(node: CelNode, own: i32, present: i32[]): i32[] {
    let known = present;
    for (let at = 0; at < node.operands.length; at++) {
      if (at != own) known = this.presentIf(node.operands[at], node.kind == CelKind.And, known);
    }
    return known;
  }

  // What is there when the node came to this value, besides what was known before.
  private presentIf(node: CelNode, value: bool, present: i32[]): i32[] {
    const operands = node.operands;
    if (node.kind == CelKind.HasAttribute)
      return value ? present.concat([node.attribute]) : present;
    if (node.kind == CelKind.Call && node.callee == CelFunction.Not) {
      return this.presentIf(operands[0], !value, present);
    }
    if (node.kind == CelKind.Call && node.callee == CelFunction.In) {
      const element = value ? this.elementOf(operands[1], operands[0]) : -1;
      return element < 0 ? present : present.concat([element]);
    }
    if (node.kind != (value ? CelKind.And : CelKind.Or)) return present;
    let known = present;
    for (let at = 0; at < operands.length; at++) known = this.presentIf(operands[at], value, known);
    return known;
  }

  private elementOf(map: CelNode, key: CelNode): i32 {
    if (map.kind != CelKind.Attribute || map.type != ValueType.StringMap) return -1;
    if (!key.isConstant || key.type != ValueType.String) return -1;
    return this.schema.element(map.attribute, textAt(key.value));
  }
}

// Whether it is `attribute["key"]`; where the map is there, the key can still be missing.
function isElement(node: CelNode): bool {
  if (node.kind != CelKind.Call || node.callee != CelFunction.Index) return false;
  return node.operands[0].kind == CelKind.Attribute && node.operands[1].isConstant;
}
