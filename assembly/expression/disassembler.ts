// A program as text: one line for each instruction, for tests and for explaining. Cold.

import { CEL_FUNCTION_ROWS } from "../shared/cel-functions";
import { AbsentMode, NO_CONSTANT, OP_ROWS } from "../shared/opcodes";
import { FUNCTION_ROWS } from "../shared/functions";
import { VALUE_TYPE_NAMES, ValueType } from "../shared/types";
import { Schema } from "../attribute/schema";
import { VALUE_SIZE_BYTES, textAt, typeAt } from "../attribute/value";
import { takeArena } from "../memory/arena";
import { textOf } from "../memory/literal";
import { endOf, startOf } from "../memory/slice";
import { Writer } from "../memory/writer";
import { Program, aOf, bOf, cOf, modeOf, opOf } from "./program";
import { writeValue } from "./write-value";

const CONSTANT_SIZE_MAX_BYTES: usize = 256;
const FOLDS: string[] = ["all", "exists", "exists_one", "map", "filter"];
const SENSES: string[] = ["else", "then", "push", "push not"];

/** The program's instructions, one a line: number, name, operands, where a test goes on. */
export function disassemble(program: Program, schema: Schema): string {
  let text = "";
  for (let at = 0; at < program.codeCount; at++) {
    const word = load<u64>(program.code + ((<usize>at) << 3));
    text += at.toString().padStart(3) + " " + line(word, program, schema) + "\n";
  }
  return text;
}

function line(word: u64, program: Program, schema: Schema): string {
  const parts = OP_ROWS[opOf(word)].split("|");
  let text = parts[0];
  const operands = parts[1];
  for (let index = 0; index < operands.length; index++) {
    const shown = operandText(operands.charCodeAt(index), word, program, schema);
    if (shown.length > 0) text += " " + shown;
  }
  return text;
}

function operandText(letter: i32, word: u64, program: Program, schema: Schema): string {
  switch (letter) {
    case 97: // a
      return schema.nameOf(<i32>aOf(word));
    case 116: // t
      return VALUE_TYPE_NAMES[aOf(word)];
    case 121: // y
      return VALUE_TYPE_NAMES[bOf(word)];
    case 110: // n
      return aOf(word).toString();
    case 106: // j
    case 114: // r
      return "-> " + cOf(word).toString();
    case 99: // c
    case 108: // l
      return "#" + aOf(word).toString();
    case 103: // g
      return FUNCTION_ROWS[aOf(word)].split("|")[0] + " " + bOf(word).toString();
    case 102: // f
      return CEL_FUNCTION_ROWS[aOf(word)].split("|")[0] + " " + bOf(word).toString();
    case 120: // x
      return FOLDS[modeOf(word)];
    case 122: // z
      return VALUE_TYPE_NAMES[aOf(word)];
    case 107: // k
    case 118: // v
    case 111: // o
    case 115: // s
    case 112: // p
      return bOf(word) == NO_CONSTANT ? "" : constantText(bOf(word), program);
    case 109: // m
      return ordersText(modeOf(word) >> 4);
    case 100: // d
      return absentText(modeOf(word));
    default: // q
      return senseText(word);
  }
}

function senseText(word: u64): string {
  const sense = modeOf(word) & 3;
  return sense < 2 ? SENSES[sense] + " -> " + cOf(word).toString() : SENSES[sense];
}

function absentText(mode: u32): string {
  if ((mode & AbsentMode.Either) == 0) return "";
  return (mode & AbsentMode.True) != 0 ? "(absent: true)" : "(absent: false)";
}

function ordersText(orders: u32): string {
  let text = "";
  if ((orders & 1) != 0) text += "<";
  if ((orders & 4) != 0) text += ">";
  return (orders & 2) != 0 ? text + "=" : text;
}

function constantText(number: u32, program: Program): string {
  const cell = program.constants + <usize>number * VALUE_SIZE_BYTES;
  const type = typeAt(cell);
  if (type == ValueType.Dynamic) return "pattern";
  if (type == ValueType.List) return setText(cell);
  const at = takeArena(CONSTANT_SIZE_MAX_BYTES);
  if (at == 0) return "";
  const out = new Writer();
  out.open(at, CONSTANT_SIZE_MAX_BYTES);
  writeValue(out, cell);
  const text = textOf(out.written);
  return isQuoted(type) ? '"' + text + '"' : text;
}

function setText(cell: usize): string {
  const set = textAt(cell);
  let text = "{";
  for (let at = startOf(set); at < endOf(set); at += 8) {
    if (text.length > 1) text += ", ";
    text += '"' + textOf(load<u64>(at)) + '"';
  }
  return text + "}";
}

function isQuoted(type: u32): bool {
  return (
    type == ValueType.String ||
    type == ValueType.Uri ||
    type == ValueType.DnsName ||
    type == ValueType.EmailAddress
  );
}
