// The comparisons that `&&` and `||` join in a condition of CEL, without looking into macros. Cold.

import { Region } from "../../memory/region";
import { Slice } from "../../memory/slice";
import { Junction } from "../junction";
import { Problems } from "../problem";
import { CelKind, CelNode } from "./node";
import { parseCel } from "./parser";

/** The condition taken apart; null where it is no expression. */
export function celJunction(text: Slice, region: Region): Junction | null {
  const root = parseCel(text, region, new Problems());
  return root == null ? null : junctionOf(root);
}

function junctionOf(node: CelNode): Junction {
  const isAnd = node.kind == CelKind.And;
  const junction = new Junction(isAnd, node.start, node.end);
  if (!isAnd && node.kind != CelKind.Or) return junction;
  for (let at = 0; at < node.operands.length; at++) {
    junction.operands.push(junctionOf(node.operands[at]));
  }
  return junction;
}
