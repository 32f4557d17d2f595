// Compiles named expressions into dimension sets; equal sets are made once, so that instances that
// share them are evaluated once. Cold.

import { Phase } from "../shared/phases";
import { ValueType } from "../shared/types";
import { compare } from "../memory/bytes";
import { textOf } from "../memory/literal";
import { Slice } from "../memory/slice";
import { Node } from "../config/node";
import { ExpressionContext, attributeProgram, compileExpression } from "../expression/compile";
import { GivenExpression, givenExpression } from "../expression/given";
import { Language } from "../expression/language";
import { Program } from "../expression/program";
import { DIMENSION_SIZE_BYTES, DimensionSet } from "./dimension-set";
import { sortShort } from "../memory/sort";
import { joined } from "../text/strings";

class NamedExpression {
  constructor(
    readonly name: Slice,
    readonly given: GivenExpression,
    /** The hidden attribute that gives the value, where no expression does; else -1. */
    readonly source: i32 = -1,
  ) {}
}

/** Builds the dimension sets of one document. */
export class DimensionBuilder {
  private readonly known: Map<string, DimensionSet> = new Map<string, DimensionSet>();

  constructor(private readonly context: ExpressionContext) {}

  /** The set for an object of expressions; null: the empty set. Null after an error. */
  build(node: Node | null, phase: Phase): DimensionSet | null {
    const all = this.read(node);
    sortShort(all, (left, right) => compare(left.name, right.name) > 0);
    const key = keyOf(all, phase);
    if (this.known.has(key)) return this.known.get(key);
    const programs: Program[] = [];
    for (let at = 0; at < all.length; at++) {
      const source = all[at].source;
      const program =
        source < 0
          ? this.compile(all[at].given, phase)
          : attributeProgram(this.context, source, phase);
      if (program !== null) programs.push(program);
    }
    if (programs.length < all.length) return null;
    const region = this.context.region;
    const names = region.take((<usize>all.length) << 3);
    const cells = region.take(<usize>all.length * DIMENSION_SIZE_BYTES);
    for (let at = 0; at < all.length; at++) store<u64>(names + ((<usize>at) << 3), all[at].name);
    const set = new DimensionSet(all.length, names, cells, StaticArray.fromArray(programs));
    this.known.set(key, set);
    return set;
  }

  private compile(given: GivenExpression, phase: Phase): Program | null {
    const context = this.context;
    const outer = context.language;
    context.language = given.language;
    const any = ValueType.Unspecified;
    const program = compileExpression(context, given.node, given.text, phase, any);
    context.language = outer;
    return program;
  }

  private read(node: Node | null): NamedExpression[] {
    const all: NamedExpression[] = [];
    if (node === null) return all;
    for (let at = 0; at < node.keys.length; at++) {
      const name = this.context.region.text(node.keys[at]);
      const source = this.sourceOf(node.values[at]);
      if (source >= 0) {
        const text = this.context.region.text(this.context.schema.nameOf(source));
        const given = new GivenExpression(text, node.values[at], Language.Cexl);
        all.push(new NamedExpression(name, given, source));
        continue;
      }
      const given = givenExpression(this.context, node.values[at]);
      if (given == null) continue;
      all.push(new NamedExpression(name, given));
    }
    return all;
  }

  // `{ "property": [path] }` or `{ "requestHeader": name }` of a standard instance; -1 for others.
  private sourceOf(node: Node): i32 {
    if (!this.context.takesSources || !node.isObject) return -1;
    const header = node.find("requestHeader");
    if (header !== null) return this.context.schema.hiddenHeader(header.string());
    const property = node.find("property");
    if (property === null) return -1;
    const path: string[] = [];
    for (let at = 0; at < property.items.length; at++) path.push(property.items[at].string());
    return this.context.schema.hiddenProperty(path);
  }
}

function keyOf(all: NamedExpression[], phase: Phase): string {
  const parts: string[] = [(<i32>phase).toString()];
  for (let at = 0; at < all.length; at++) {
    parts.push(textOf(all[at].name));
    parts.push(textOf(all[at].given.text) + (<i32>all[at].given.language).toString());
  }
  return joined(parts, "\n");
}
