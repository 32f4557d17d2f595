// Collects instructions, labels and constants, and lays them out as a program. Drops instructions
// that nothing reaches. Knows no syntax. Cold.

import { EXPRESSION_CODE_COUNT_MAX, Fold, NO_CONSTANT, Op, Sense } from "../shared/opcodes";
import { ValueType } from "../shared/types";
import { VALUE_SIZE_BYTES, copyValue, intAt, setText, textAt, typeAt } from "../attribute/value";
import { equal } from "../memory/bytes";
import { Region } from "../memory/region";
import { Slice, slice } from "../memory/slice";
import { INSTRUCTION_SIZE_BYTES, Program } from "./program";

/** Constants further back are not looked at when one is added. */
const INTERN_WINDOW: i32 = 64;

/** A place in the code that is not known yet; numbers from 0. */
export type Label = i32;

/** No label: the instruction does not jump. */
export const NO_LABEL: Label = -1;

/** Builds one program. */
export class Assembler {
  private readonly code: u64[] = [];
  private readonly places: u64[] = [];
  private readonly labels: i32[] = [];
  private readonly isWanted: bool[] = [];
  private readonly jumps: i32[] = [];
  private readonly jumpLabels: Label[] = [];
  private readonly constants: usize[] = [];
  private isReachable: bool = true;
  private place: u64 = 0;

  constructor(readonly region: Region) {}

  /** Instructions from now on come from this part of the expression. */
  at(start: i32, end: i32): void {
    this.place = (<u64>(<u32>start)) | ((<u64>(<u32>end)) << 32);
  }

  /** A new label. */
  label(): Label {
    this.labels.push(-1);
    this.isWanted.push(false);
    return this.labels.length - 1;
  }

  /** Binds a label to the next instruction. */
  bind(label: Label): void {
    this.labels[label] = this.code.length;
    if (this.isWanted[label]) this.isReachable = true;
  }

  /** Appends an instruction without a jump. */
  emit(op: Op, a: i32 = 0, b: i32 = 0): void {
    this.append(op, 0, a, b, NO_LABEL);
    if (op <= Op.ReturnAttribute || op == Op.CelReturn) this.isReachable = false;
  }

  /** Appends an instruction that jumps to a label, at least sometimes. */
  jump(op: Op, label: Label, a: i32 = 0, b: i32 = 0): void {
    this.append(op, 0, a, b, label);
    if (op == Op.Jump || op == Op.CelLoop) this.isReachable = false;
  }

  /** Appends an instruction of CEL that has a Fold; NO_LABEL where it does not jump. */
  fold(op: Op, kind: Fold, a: i32, label: Label): void {
    this.append(op, kind, a, 0, label);
  }

  /** Appends a test; the label is NO_LABEL where the sense pushes. */
  test(op: Op, mode: i32, a: i32, b: i32, label: Label): void {
    this.append(op, mode, a, b, (mode & 3) >= Sense.Push ? NO_LABEL : label);
  }

  /** The number of a constant with this value. */
  constant(cell: usize): i32 {
    const constants = this.constants;
    const first = max(0, constants.length - INTERN_WINDOW);
    for (let index = first; index < constants.length; index++) {
      if (isSameConstant(constants[index], cell)) return index;
    }
    constants.push(cell);
    return constants.length - 1;
  }

  /** The number of a constant text. */
  text(text: Slice): i32 {
    const cell = this.region.take(VALUE_SIZE_BYTES);
    setText(cell, ValueType.String, text);
    return this.constant(cell);
  }

  /** The number of a set of texts. */
  set(texts: Slice[]): i32 {
    const size = (<usize>texts.length) << 3;
    const at = this.region.take(size);
    for (let index = 0; index < texts.length; index++) {
      store<u64>(at + ((<usize>index) << 3), texts[index]);
    }
    const cell = this.region.take(VALUE_SIZE_BYTES);
    setText(cell, ValueType.List, slice(at, size));
    this.constants.push(cell);
    return this.constants.length - 1;
  }

  /** Whether the code is too long for its jumps and constants. */
  get isTooLarge(): bool {
    return this.code.length > EXPRESSION_CODE_COUNT_MAX || this.constants.length >= NO_CONSTANT;
  }

  /** Lays code, constants and places out in the region. */
  finish(program: Program): void {
    const count = this.code.length;
    for (let at = 0; at < this.jumps.length; at++) {
      const jump = this.jumps[at];
      this.code[jump] |= (<u64>this.labels[this.jumpLabels[at]]) << 48;
    }
    program.codeCount = count;
    program.code = this.region.take(<usize>count * INSTRUCTION_SIZE_BYTES);
    program.places = this.region.take((<usize>count) << 3);
    for (let at = 0; at < count; at++) {
      store<u64>(program.code + ((<usize>at) << 3), this.code[at]);
      store<u64>(program.places + ((<usize>at) << 3), this.places[at]);
    }
    program.first = load<u64>(program.code);
    program.constantCount = this.constants.length;
    program.constants = this.region.take(<usize>this.constants.length * VALUE_SIZE_BYTES);
    for (let at = 0; at < this.constants.length; at++) {
      copyValue(program.constants + <usize>at * VALUE_SIZE_BYTES, this.constants[at]);
    }
    program.cost += count;
  }

  private append(op: Op, mode: i32, a: i32, b: i32, label: Label): void {
    if (!this.isReachable) return;
    if (label != NO_LABEL) {
      this.isWanted[label] = true;
      this.jumps.push(this.code.length);
      this.jumpLabels.push(label);
    }
    const low = (<u64>op) | ((<u64>mode) << 8) | ((<u64>(a & 0xffff)) << 16);
    this.code.push(low | ((<u64>(b & 0xffff)) << 32));
    this.places.push(this.place);
  }
}

function isSameConstant(left: usize, right: usize): bool {
  const type = typeAt(left);
  if (load<u64>(left) != load<u64>(right)) return false;
  if (type == ValueType.List || type == ValueType.Dynamic) return false;
  if (intAt(left) == intAt(right)) return true;
  return isText(type) && equal(textAt(left), textAt(right));
}

function isText(type: u32): bool {
  return (
    type == ValueType.String ||
    type == ValueType.DnsName ||
    type == ValueType.Uri ||
    type == ValueType.EmailAddress ||
    type == ValueType.IpAddress
  );
}
