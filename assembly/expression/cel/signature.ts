// The rows of shared/cel-functions.ts taken apart: which function a call means, and what it gives
// for operands of these types. Cold.

import { CEL_FUNCTION_ROWS, CelFunction } from "../../shared/cel-functions";
import { ValueType } from "../../shared/types";
import { CelNode } from "./node";

/** Letters of the rows by the numbers of ValueType; Dynamic is `*`. */
const LETTERS = " sidbtpewhr yulmNT*";

/** How a function may be written. */
export const enum CelStyle {
  Function = 1,
  Method = 2,
}

const names: string[] = [];
const styles: CelStyle[] = [];
const overloads: string[][] = [];

/** The function of this name; None when there is none. */
export function celFunctionNamed(name: string): CelFunction {
  readRows();
  const index = names.indexOf(name, <i32>CelFunction.Size);
  return <CelFunction>index;
}

/** Whether the function can be written with its first operand before the dot, or without. */
export function celStyles(callee: CelFunction): u32 {
  readRows();
  return styles[callee];
}

/** The name of a function, or the sign of an operator. */
export function celFunctionName(callee: CelFunction): string {
  readRows();
  return names[callee];
}

/** Names of functions, for suggestions. */
export function celFunctionNames(): string[] {
  readRows();
  return names.slice(<i32>CelFunction.Size);
}

/**
 * The type that a function gives for these operands: Dynamic when only the request tells,
 * Unspecified when there is no such overload.
 */
export function celResultType(callee: CelFunction, operands: CelNode[]): ValueType {
  readRows();
  const all = overloads[callee];
  let result = ValueType.Unspecified;
  for (let at = 0; at < all.length; at++) {
    if (!fits(all[at], operands)) continue;
    const found = typeOf(all[at].charCodeAt(operands.length));
    if (result == ValueType.Unspecified) result = found;
    else if (result != found) return ValueType.Dynamic;
  }
  return result;
}

/** Numbers of operands that the function takes, as `1` or `1 or 2`. */
export function celArities(callee: CelFunction): string {
  readRows();
  const found: string[] = [];
  for (let at = 0; at < overloads[callee].length; at++) {
    const count = (overloads[callee][at].length - 1).toString();
    if (!found.includes(count)) found.push(count);
  }
  return found.join(" or ");
}

/** Whether some overload takes so many operands. */
export function celTakes(callee: CelFunction, count: i32): bool {
  readRows();
  for (let at = 0; at < overloads[callee].length; at++) {
    if (overloads[callee][at].length == count + 1) return true;
  }
  return false;
}

function fits(overload: string, operands: CelNode[]): bool {
  if (overload.length != operands.length + 1) return false;
  for (let at = 0; at < operands.length; at++) {
    const wanted = typeOf(overload.charCodeAt(at));
    let type = operands[at].type;
    if (type == ValueType.StringMap) type = ValueType.Map;
    if (wanted == ValueType.Dynamic || type == ValueType.Dynamic) continue;
    if (type != wanted) return false;
  }
  return true;
}

function typeOf(letter: i32): ValueType {
  return <ValueType>LETTERS.indexOf(String.fromCharCode(letter));
}

function readRows(): void {
  if (names.length > 0) return;
  for (let row = 0; row < CEL_FUNCTION_ROWS.length; row++) {
    const parts = CEL_FUNCTION_ROWS[row].split("|");
    names.push(parts[0]);
    const style = parts[1];
    styles.push(style == "m" ? CelStyle.Method : style == "b" ? <CelStyle>3 : CelStyle.Function);
    overloads.push(parts[2].split(","));
  }
}
