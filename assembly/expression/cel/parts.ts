// The checked tree of a CEL expression as parts that people read. Cold.

import { CEL_FUNCTION_ROWS, CelFunction } from "../../shared/cel-functions";
import { textOf } from "../../memory/literal";
import { Slice, subSlice } from "../../memory/slice";
import { ForeignPart, PartKind } from "../foreign-part";
import { SourceText } from "../language";
import { Problems } from "../problem";
import { CelChecker } from "./checker";
import { CelKind, CelNode } from "./node";
import { parseCel } from "./parser";

const FOLD_NAMES: string[] = ["all", "exists", "exists_one", "map", "filter"];

/** The parts of an expression; null where it is wrong. */
export function celParts(source: SourceText): ForeignPart | null {
  const problems = new Problems();
  const root = parseCel(source.text, source.region, problems);
  if (root == null) return null;
  new CelChecker(source.schema, source.region, source.phase, problems, source.isStrict).check(root);
  return problems.failed ? null : partOf(root, source.text);
}

function partOf(node: CelNode, text: Slice): ForeignPart {
  const part = new ForeignPart(
    kindOf(node),
    nameOf(node, text),
    node.type,
    node.start,
    node.end,
    node.kind == CelKind.Conditional,
  );
  for (let at = 0; at < node.operands.length; at++) {
    part.operands.push(partOf(node.operands[at], text));
  }
  return part;
}

function kindOf(node: CelNode): PartKind {
  switch (<i32>node.kind) {
    case CelKind.Constant:
      return PartKind.Constant;
    case CelKind.Attribute:
      return PartKind.Attribute;
    case CelKind.Select:
      return PartKind.Element;
    case CelKind.Variable:
      return PartKind.Variable;
    case CelKind.And:
    case CelKind.Or:
    case CelKind.Conditional:
      return PartKind.Operator;
    case CelKind.Call:
      return rowOf(node.callee)[1] == "o" ? PartKind.Operator : PartKind.Function;
    default:
      return PartKind.Function;
  }
}

function nameOf(node: CelNode, text: Slice): string {
  switch (<i32>node.kind) {
    case CelKind.And:
      return "&&";
    case CelKind.Or:
      return "||";
    case CelKind.Conditional:
      return "?:";
    case CelKind.Call:
      return rowOf(node.callee)[0];
    case CelKind.Macro:
      return FOLD_NAMES[node.fold];
    case CelKind.Has:
    case CelKind.HasAttribute:
      return "has";
    case CelKind.List:
      return "list";
    case CelKind.Map:
      return "map";
    default:
      return textOf(subSlice(text, <usize>node.start, <usize>node.end));
  }
}

function rowOf(callee: CelFunction): string[] {
  return CEL_FUNCTION_ROWS[callee].split("|");
}
