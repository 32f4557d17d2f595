// Compiles named expressions into dimension sets; equal sets are made once, so that instances that
// share them are evaluated once. Cold.

import { Phase } from "../shared/phases";
import { ValueType } from "../shared/types";
import { compare } from "../memory/bytes";
import { Slice } from "../memory/slice";
import { Node, NodeKind } from "../config/node";
import { DiagnosticCode } from "../shared/diagnostics";
import { ExpressionContext, compileExpression } from "../expression/compile";
import { Program } from "../expression/program";
import { VALUE_SIZE_BYTES } from "../attribute/value";
import { DimensionSet } from "./dimension-set";

class NamedExpression {
  constructor(
    readonly name: Slice,
    readonly text: Slice,
    readonly node: Node,
  ) {}
}

/** Builds the dimension sets of one document. */
export class DimensionBuilder {
  private readonly known: Map<string, DimensionSet> = new Map<string, DimensionSet>();

  constructor(private readonly context: ExpressionContext) {}

  /** The set for an object of expressions; null: the empty set. Null after an error. */
  build(node: Node | null, phase: Phase): DimensionSet | null {
    const all = this.read(node);
    all.sort((left, right) => compare(left.name, right.name));
    const key = keyOf(all, phase);
    if (this.known.has(key)) return this.known.get(key);
    const programs: Program[] = [];
    for (let at = 0; at < all.length; at++) {
      const expression = all[at];
      const program = compileExpression(
        this.context,
        expression.node,
        expression.text,
        phase,
        ValueType.Unspecified,
      );
      if (program !== null) programs.push(program);
    }
    if (programs.length < all.length) return null;
    const region = this.context.region;
    const names = region.take((<usize>all.length) << 3);
    const cells = region.take(<usize>all.length * VALUE_SIZE_BYTES);
    for (let at = 0; at < all.length; at++) store<u64>(names + ((<usize>at) << 3), all[at].name);
    const set = new DimensionSet(all.length, names, cells, StaticArray.fromArray(programs));
    this.known.set(key, set);
    return set;
  }

  private read(node: Node | null): NamedExpression[] {
    const all: NamedExpression[] = [];
    if (node === null) return all;
    const region = this.context.region;
    for (let at = 0; at < node.keys.length; at++) {
      const value = node.values[at];
      const name = region.text(node.keys[at]);
      if (value.isText) all.push(new NamedExpression(name, value.text, value));
      else if (value.kind == NodeKind.Bool) {
        all.push(new NamedExpression(name, region.text(value.isTrue ? "true" : "false"), value));
      } else if (value.kind == NodeKind.Number) {
        all.push(new NamedExpression(name, region.text(numberText(value)), value));
      } else {
        this.context.report.error(
          DiagnosticCode.WrongType,
          value.place(),
          value.kindName,
          "an expression",
        );
      }
    }
    return all;
  }
}

function numberText(node: Node): string {
  const whole = <i64>node.double;
  return <f64>whole == node.double ? whole.toString() : node.double.toString();
}

function keyOf(all: NamedExpression[], phase: Phase): string {
  let key = (<i32>phase).toString();
  for (let at = 0; at < all.length; at++) {
    key += "\n" + textOfSlice(all[at].name) + "=" + textOfSlice(all[at].text);
  }
  return key;
}

function textOfSlice(bytes: Slice): string {
  return String.UTF8.decodeUnsafe(<usize>(<u32>bytes), <usize>(bytes >>> 32));
}
