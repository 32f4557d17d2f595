// Gives every node of a CEL expression its meaning: variables, attributes, functions, and types as
// far as they are known before the request comes. What certainly does not fit is reported; the rest
// is left to the evaluation. Emits nothing. Cold.

import { CelFunction } from "../../shared/cel-functions";
import { DiagnosticCode } from "../../shared/diagnostics";
import { ValueType } from "../../shared/types";
import { textAt } from "../../attribute/value";
import { textOf } from "../../memory/literal";
import { CelNames, shownType } from "./names";
import { CelKind, CelNode } from "./node";
import {
  CelStyle,
  celArities,
  celFunctionName,
  celFunctionNamed,
  celFunctionNames,
  celResultType,
  celStyles,
  celTakes,
} from "./signature";
import { NO_ZONE, zoneSeconds } from "./zone";

const COMPARABLE: u32 =
  (1 << ValueType.String) |
  (1 << ValueType.Bytes) |
  (1 << ValueType.Bool) |
  (1 << ValueType.Timestamp) |
  (1 << ValueType.Duration);

/** Checks trees against the attributes that they may read in a phase (0: wherever they can be). */
export class CelChecker extends CelNames {
  /** Resolves and types a node and all below it. */
  check(node: CelNode): void {
    switch (<i32>node.kind) {
      case CelKind.Name:
      case CelKind.Select:
        if (!this.resolve(node)) this.checkSelect(node);
        return;
      case CelKind.Has:
        this.checkHas(node);
        return;
      case CelKind.Call:
        this.checkCall(node);
        return;
      case CelKind.Macro:
        this.checkMacro(node);
        return;
      case CelKind.Conditional:
        this.checkAll(node);
        this.needBool(node.operands[0]);
        if (node.operands[1].type == node.operands[2].type) node.type = node.operands[1].type;
        return;
      case CelKind.And:
      case CelKind.Or:
        this.checkAll(node);
        for (let at = 0; at < node.operands.length; at++) this.needBool(node.operands[at]);
        node.type = ValueType.Bool;
        return;
      case CelKind.List:
        this.checkAll(node);
        node.type = ValueType.List;
        return;
      case CelKind.Map:
        this.checkAll(node);
        node.type = ValueType.Map;
        return;
      default:
    }
  }

  private checkAll(node: CelNode): void {
    for (let at = 0; at < node.operands.length; at++) this.check(node.operands[at]);
  }

  private checkMacro(node: CelNode): void {
    const range = node.operands[0];
    this.check(range);
    const type = range.type;
    const isRange =
      type == ValueType.List ||
      type == ValueType.Map ||
      type == ValueType.StringMap ||
      type == ValueType.Dynamic;
    if (!isRange) this.mismatch(range, "list or map");
    this.variables.push(node.variable!);
    for (let at = 1; at < node.operands.length; at++) this.check(node.operands[at]);
    this.variables.pop();
    const isMap = node.fold == 3;
    if (!isMap || node.operands.length == 3) this.needBool(node.operands[1]);
    node.type = node.fold < 3 ? ValueType.Bool : ValueType.List;
  }

  private checkCall(node: CelNode): void {
    const isOperator = node.callee != CelFunction.None;
    if (!isOperator && !this.findFunction(node)) return;
    this.checkAll(node);
    const operands = node.operands;
    const callee = node.callee;
    if (!celTakes(callee, operands.length)) {
      const problem = this.fail(DiagnosticCode.WrongArity, node, node.text);
      problem.text = "wrong number of arguments: " + node.text;
      problem.expected = celArities(callee) + ", what stands before the dot included";
      return;
    }
    if (callee == CelFunction.Index && operands[1].isConstant) this.checkIndex(node);
    if (node.kind != CelKind.Call) return;
    if (callee >= CelFunction.GetFullYear && callee <= CelFunction.GetMilliseconds) {
      this.checkZone(node);
    }
    node.type = celResultType(callee, operands);
    const isComparison = callee >= CelFunction.Equal && callee <= CelFunction.GreaterOrEqual;
    if (isComparison && !areComparable(callee, operands[0].type, operands[1].type)) {
      node.type = ValueType.Unspecified;
    }
    if (node.type == ValueType.Unspecified) this.wrongOverload(node);
  }

  private checkIndex(node: CelNode): void {
    const key = node.operands[1];
    if (key.type != ValueType.String) return;
    this.bindElement(node, node.operands[0], textOf(textAt(key.value)), CelKind.Attribute);
  }

  // A zone that no evaluation could know is told while configuring.
  private checkZone(node: CelNode): void {
    if (node.operands.length < 2 || !node.operands[1].isConstant) return;
    const zone = node.operands[1];
    if (zone.type != ValueType.String || zoneSeconds(textAt(zone.value)) != NO_ZONE) return;
    const problem = this.fail(DiagnosticCode.CelUnsupported, zone, "time zones by name");
    problem.text = "time zones by name of CEL are not supported";
    problem.expected = "UTC or an offset such as +02:00";
  }

  private findFunction(node: CelNode): bool {
    const callee = celFunctionNamed(node.text);
    if (callee == CelFunction.None) {
      this.checkAll(node);
      const problem = this.fail(DiagnosticCode.UnknownFunction, node, node.text);
      problem.text = "unknown function: " + node.text;
      if (!this.problems.isFull) problem.wantOneOf(celFunctionNames());
      return false;
    }
    node.callee = callee;
    const style = node.hasReceiver ? CelStyle.Method : CelStyle.Function;
    if ((celStyles(callee) & style) != 0) return true;
    const problem = this.fail(DiagnosticCode.BadReceiver, node, node.text);
    problem.text = "wrong form of call: " + node.text;
    problem.expected = node.hasReceiver ? node.text + "(…)" : "value." + node.text + "(…)";
    return false;
  }

  private needBool(node: CelNode): void {
    if (node.type != ValueType.Bool && node.type != ValueType.Dynamic) this.mismatch(node, "bool");
  }

  private wrongOverload(node: CelNode): void {
    node.type = ValueType.Dynamic;
    if (!this.isStrict) return;
    const shown: string[] = [];
    for (let at = 0; at < node.operands.length; at++) shown.push(shownType(node.operands[at].type));
    const found = celFunctionName(node.callee) + " of " + shown.join(", ");
    const problem = this.fail(DiagnosticCode.TypeMismatch, node, found);
    problem.text = "no such overload: " + found;
  }
}

function isNumber(type: ValueType): bool {
  return type == ValueType.Int64 || type == ValueType.Uint64 || type == ValueType.Double;
}

function areComparable(callee: CelFunction, left: ValueType, right: ValueType): bool {
  const isEquality = callee <= CelFunction.NotEqual;
  if (isNumber(left) && isNumber(right)) return true;
  if (!isEquality && (!isOrdered(left) || !isOrdered(right))) return false;
  if (left == ValueType.Dynamic || right == ValueType.Dynamic) return true;
  if (!isEquality) return left == right && isOrdered(left);
  if (left == ValueType.Null || right == ValueType.Null) return true;
  return kindOf(left) == kindOf(right);
}

function isOrdered(type: ValueType): bool {
  return type == ValueType.Dynamic || isNumber(type) || ((COMPARABLE >> (<u32>type)) & 1) != 0;
}

function kindOf(type: ValueType): ValueType {
  return type == ValueType.StringMap ? ValueType.Map : type;
}
