// A JSON document whose leaves are expressions: fixed pieces of text with values between them. The
// encoder escapes what is inserted. Hot: writes into the caller's buffer.

import { ValueType } from "../shared/types";
import { Slice } from "../memory/slice";
import { literal } from "../memory/literal";
import { Writer } from "../memory/writer";
import { Bag } from "../attribute/bag";
import { boolAt, doubleAt, hasValue, intAt, textAt, typeAt } from "../attribute/value";
import { evaluate } from "../expression/evaluator";
import { noteTemplateFailure } from "../expression/interpolation-render";
import { Program } from "../expression/program";
import { writeValue } from "../expression/write-value";
import { takeArena } from "../memory/arena";
import { writeJsonText } from "../text/json";
import { writeJsonDouble } from "../text/number";

const NULL = literal("null");
const TRUE = literal("true");
const FALSE = literal("false");
const SCRATCH_SIZE_BYTES: usize = 16384;

const scratch = new Writer();

/** Pieces and programs in turn: one more piece than programs. */
export class JsonTemplate {
  constructor(
    readonly pieces: StaticArray<Slice>,
    readonly programs: StaticArray<Program>,
  ) {}
}

/** Writes the document; an expression that fails gives null, and is noted. */
export function renderJson(template: JsonTemplate, bag: Bag, out: Writer): void {
  const programs = template.programs;
  for (let at = 0; at < programs.length; at++) {
    out.bytes(unchecked(template.pieces[at]));
    const cell = evaluate(unchecked(programs[at]), bag);
    if (hasValue(cell)) {
      writeJsonValue(out, cell);
    } else {
      out.bytes(NULL);
      noteTemplateFailure();
    }
  }
  out.bytes(unchecked(template.pieces[programs.length]));
}

function writeJsonValue(out: Writer, cell: usize): void {
  switch (typeAt(cell)) {
    case ValueType.Bool:
      out.bytes(boolAt(cell) ? TRUE : FALSE);
      return;
    case ValueType.Int64:
      out.signed(intAt(cell));
      return;
    case ValueType.Double:
      writeJsonDouble(out, doubleAt(cell));
      return;
    case ValueType.String:
      writeJsonText(out, textAt(cell));
      return;
    default:
      writeAsText(out, cell);
  }
}

function writeAsText(out: Writer, cell: usize): void {
  const at = takeArena(SCRATCH_SIZE_BYTES);
  if (at == 0) {
    out.bytes(NULL);
    return;
  }
  scratch.open(at, SCRATCH_SIZE_BYTES);
  writeValue(scratch, cell);
  writeJsonText(out, scratch.written);
}
