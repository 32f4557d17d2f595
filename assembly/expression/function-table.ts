// The functions that an expression may call, by name: the rows of shared/functions.ts taken apart,
// and what a test adds to them. Cold.

import { FUNCTION_ROWS, FunctionId } from "../shared/functions";
import { VALUE_TYPE_NAMES, ValueType } from "../shared/types";
import { wholeNumber } from "../text/strings";

/** One function. A type of Unspecified is T: any one type, the same in all its places. */
export class FunctionDeclaration {
  receiver: ValueType = ValueType.Unspecified;
  parameters: ValueType[] = [];
  result: ValueType = ValueType.Unspecified;
  /** Bits of the types that T may be; 0 = any. */
  types: u32 = 0;
  isMethod: bool = false;
  isOperator: bool = false;
  canFail: bool = false;
  isExtra: bool = false;
  cost: i32 = 1;

  constructor(
    readonly name: string,
    /** None: it can be checked, not compiled. */
    readonly id: FunctionId,
  ) {}
}

/** Declarations by name. */
export class FunctionTable {
  private readonly byName: Map<string, FunctionDeclaration> = new Map<
    string,
    FunctionDeclaration
  >();

  /** The function of this name, or null. */
  find(name: string): FunctionDeclaration | null {
    return this.byName.has(name) ? this.byName.get(name) : null;
  }

  /** Adds a function, or replaces the one of the same name. */
  add(declaration: FunctionDeclaration): void {
    this.byName.set(declaration.name, declaration);
  }

  /** Names that are called by name, for suggestions. */
  names(): string[] {
    const names: string[] = [];
    const all = this.byName.values();
    for (let at = 0; at < all.length; at++) if (!all[at].isOperator) names.push(all[at].name);
    return names;
  }
}

const declarations: FunctionDeclaration[] = [];

/** The declaration of a function of the language. */
export function declarationOf(id: FunctionId): FunctionDeclaration {
  if (declarations.length == 0) readRows();
  return declarations[id];
}

/** A table with every function of the language. */
export function standardFunctions(): FunctionTable {
  const table = new FunctionTable();
  for (let id = 0; id < FUNCTION_ROWS.length; id++) {
    const declaration = declarationOf(<FunctionId>id);
    if (!declaration.isExtra) table.add(declaration);
  }
  return table;
}

/** The type with this printed name; Unspecified for T and unknown ones. */
export function valueTypeOf(name: string): ValueType {
  const number = VALUE_TYPE_NAMES.indexOf(name);
  return number < 0 ? ValueType.Unspecified : <ValueType>number;
}

function readRows(): void {
  for (let id = 0; id < FUNCTION_ROWS.length; id++) {
    declarations.push(readRow(FUNCTION_ROWS[id].split("|"), <FunctionId>id));
  }
}

function readRow(parts: string[], id: FunctionId): FunctionDeclaration {
  const declaration = new FunctionDeclaration(parts[0], id);
  declaration.isMethod = parts[1].length > 0;
  declaration.receiver = valueTypeOf(parts[1]);
  declaration.parameters = typesOf(parts[2]);
  declaration.result = valueTypeOf(parts[3]);
  const types = typesOf(parts[4]);
  for (let at = 0; at < types.length; at++) declaration.types |= 1 << types[at];
  declaration.isOperator = parts[5].includes("o");
  declaration.canFail = parts[5].includes("f");
  declaration.isExtra = parts[5].includes("x");
  declaration.cost = <i32>wholeNumber(parts[6]);
  return declaration;
}

function typesOf(list: string): ValueType[] {
  const types: ValueType[] = [];
  if (list.length == 0) return types;
  const names = list.split(",");
  for (let at = 0; at < names.length; at++) types.push(valueTypeOf(names[at]));
  return types;
}
