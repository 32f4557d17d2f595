// The macros of CEL: calls that are no calls, for their arguments see a variable or are not
// evaluated. Cold.

import { Fold } from "../../shared/opcodes";
import { CelKind, CelNode, CelVariable } from "./node";
import { CelReader } from "./reader";

const LOOPS: string[] = ["all", "exists", "exists_one", "map", "filter", "existsOne"];

/** The parser's part that makes macros of calls. */
export abstract class CelMacros extends CelReader {
  /** The call as a macro, if it is one. */
  protected expand(call: CelNode): CelNode {
    if (this.failed) return call;
    if (!call.hasReceiver) return call.text == "has" ? this.macroHas(call) : call;
    return LOOPS.includes(call.text) && call.operands.length > 2 ? this.macroLoop(call) : call;
  }

  private macroHas(call: CelNode): CelNode {
    const operand = call.operands.length == 1 ? call.operands[0] : call;
    if (operand.kind != CelKind.Select) {
      this.failAt(call, "one field selection, such as has(a.b)");
      return call;
    }
    operand.kind = CelKind.Has;
    operand.start = call.start;
    operand.end = call.end;
    return operand;
  }

  private macroLoop(call: CelNode): CelNode {
    const operands = call.operands;
    const name = operands[1];
    const fold = LOOPS.indexOf(call.text) % 5;
    const kind = <Fold>(fold == 0 && call.text == "existsOne" ? Fold.ExistsOne : fold);
    if (operands.length > (kind == Fold.Map ? 4 : 3)) return this.refuse(call, "two variables");
    if (name.kind != CelKind.Name || name.text.startsWith(".")) {
      this.failAt(name, "the name of a variable");
      return call;
    }
    const node = this.make(CelKind.Macro, call.text, call.start, call.end);
    node.fold = kind;
    node.variable = new CelVariable(name.text);
    node.text = name.text;
    this.append(node, operands[0]);
    for (let at = 2; at < operands.length; at++) this.append(node, operands[at]);
    return node;
  }
}
