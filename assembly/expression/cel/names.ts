// What the names in a CEL expression mean: variables of macros, attributes by their longest dotted
// name, fields of maps, types. Cold.

import { DiagnosticCode } from "../../shared/diagnostics";
import { Phase } from "../../shared/phases";
import { ValueType } from "../../shared/types";
import { Schema } from "../../attribute/schema";
import { VALUE_SIZE_BYTES, setInt } from "../../attribute/value";
import { expectedAttribute, nearest } from "../../diagnostic/suggest";
import { textOf } from "../../memory/literal";
import { Region } from "../../memory/region";
import { Problem, Problems } from "../problem";
import { CelKind, CelNode, CelVariable } from "./node";
import { celTypeName, celTypeOf } from "./type-name";

/** The checker's part that knows names. */
export abstract class CelNames {
  protected readonly variables: CelVariable[] = [];

  constructor(
    private readonly schema: Schema,
    private readonly region: Region,
    private readonly phase: Phase,
    protected readonly problems: Problems,
    /** Whether operands that certainly have the wrong type are reported. */
    protected readonly isStrict: bool,
  ) {}

  /** Resolves and types a node and all below it. */
  abstract check(node: CelNode): void;

  // A chain of names as the variable, attribute or type that has the whole chain as its name.
  protected resolve(node: CelNode): bool {
    const path = this.pathOf(node);
    if (path.length == 0) return false;
    if (node.kind == CelKind.Name && !path.startsWith(".")) {
      const variable = this.variableNamed(path);
      if (variable != null) {
        node.kind = CelKind.Variable;
        node.variable = variable;
        return true;
      }
    }
    const name = path.startsWith(".") ? path.substring(1) : path;
    const index = this.attributeNamed(name);
    if (index >= 0) {
      this.become(node, CelKind.Attribute, index);
      return true;
    }
    const type = celTypeOf(name);
    if (type != ValueType.Unspecified) {
      const cell = this.region.take(VALUE_SIZE_BYTES);
      setInt(cell, ValueType.Type, <i64>type);
      node.settle(cell, ValueType.Type);
      return true;
    }
    if (node.kind == CelKind.Name) this.unknownName(node, name);
    return node.kind == CelKind.Name;
  }

  private attributeNamed(name: string): i32 {
    const index = this.schema.find(name);
    return index < 0 ? index : this.schema.nested(index);
  }

  // The dotted name of a chain that begins with no variable; "" for anything else.
  private pathOf(node: CelNode): string {
    if (node.kind == CelKind.Name) return node.text;
    if (node.kind != CelKind.Select) return "";
    const base = node.operands[0];
    if (base.kind == CelKind.Name && this.variableNamed(base.text) != null) return "";
    const path = this.pathOf(base);
    return path.length == 0 ? "" : path + "." + node.text;
  }

  private variableNamed(name: string): CelVariable | null {
    for (let at = this.variables.length - 1; at >= 0; at--) {
      if (this.variables[at].name == name) return this.variables[at];
    }
    return null;
  }

  private become(node: CelNode, kind: CelKind, attribute: i32): void {
    const schema = this.schema;
    node.kind = kind;
    node.attribute = attribute;
    node.operands = [];
    node.type = kind == CelKind.Attribute ? schema.typeOf(attribute) : ValueType.Bool;
    const isReadable = <u32>this.phase == 0 || (schema.phasesOf(attribute) & this.phase) != 0;
    if (isReadable) return;
    const name = schema.nameOf(attribute);
    const problem = this.fail(DiagnosticCode.AttributeNotReadable, node, name);
    problem.text = "attribute " + name + " cannot be read here";
  }

  private unknownName(node: CelNode, name: string): void {
    if (name.length == 0) return;
    const problem = this.fail(DiagnosticCode.UnknownAttribute, node, name);
    problem.text = "unknown attribute " + name;
    if (!this.problems.isFull) problem.suggestion = nearest(name, this.schema.names());
    if (problem.suggestion.length == 0) problem.expected = expectedAttribute(name);
  }

  // `a.b` of a map. A chain whose beginning nobody knows is told whole.
  protected checkSelect(node: CelNode): void {
    const path = this.pathOf(node);
    const base = node.operands[0];
    const isChain = path.length > 0 && base.kind == CelKind.Name;
    if (isChain && !this.isKnown(base.text)) {
      this.unknownName(node, path);
      return;
    }
    this.check(base);
    if (!this.needMap(base)) return;
    this.bindElement(node, base, node.text, CelKind.Attribute);
    if (base.type == ValueType.StringMap && node.kind == CelKind.Select) {
      node.type = ValueType.Dynamic;
    }
  }

  private isKnown(name: string): bool {
    if (this.variableNamed(name) != null || celTypeOf(name) != ValueType.Unspecified) return true;
    return this.schema.find(name.startsWith(".") ? name.substring(1) : name) >= 0;
  }

  protected checkHas(node: CelNode): void {
    node.kind = CelKind.Select;
    const path = this.pathOf(node);
    node.kind = CelKind.Has;
    const index = path.length == 0 ? -1 : this.attributeNamed(path);
    if (index >= 0) {
      this.become(node, CelKind.HasAttribute, index);
      return;
    }
    const base = node.operands[0];
    this.check(base);
    node.type = ValueType.Bool;
    if (this.needMap(base)) this.bindElement(node, base, node.text, CelKind.HasAttribute);
  }

  private needMap(base: CelNode): bool {
    const type = base.type;
    const isMap = type == ValueType.Dynamic || type == ValueType.Map || type == ValueType.StringMap;
    if (!isMap) this.mismatch(base, "map");
    return isMap;
  }

  // One header is read without its map where the host allows it.
  protected bindElement(node: CelNode, map: CelNode, key: string, kind: CelKind): void {
    if (map.kind != CelKind.Attribute || map.type != ValueType.StringMap) return;
    const element = this.schema.element(map.attribute, this.region.text(key));
    if (element >= 0) this.become(node, kind, element);
  }

  protected mismatch(node: CelNode, expected: string): void {
    if (!this.isStrict) return;
    const problem = this.fail(DiagnosticCode.TypeMismatch, node, shownType(node.type));
    problem.text = "type mismatch: " + shownType(node.type) + " where " + expected + " is needed";
    problem.expected = expected;
  }

  protected fail(code: DiagnosticCode, node: CelNode, found: string): Problem {
    return this.problems.add(code, node.start, node.end, found);
  }
}

/** What CEL calls a type. */
export function shownType(type: ValueType): string {
  return type == ValueType.Unspecified ? "" : textOf(celTypeName(type));
}
