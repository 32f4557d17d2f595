// Writes a template with the values of the current stream. What cannot be evaluated is the empty
// text; what is inserted is escaped for where it goes. Hot.

import { ValueType } from "../shared/types";
import { Bag } from "../attribute/bag";
import { hasValue, textAt, typeAt } from "../attribute/value";
import { markArena, releaseArena, takeArena } from "../memory/arena";
import { Slice } from "../memory/slice";
import { Writer } from "../memory/writer";
import { writeHtmlEscaped } from "../text/html";
import { writeJsonEscaped } from "../text/json";
import { evaluate } from "./evaluator";
import { TextTemplate } from "./template-piece";
import { writeValue } from "./write-value";

/** What is done to inserted texts. */
export const enum Escape {
  None = 0,
  /** As they stand between the quotes of a JSON string. */
  Json = 1,
  /** As they stand in an element or a quoted attribute of HTML. */
  Html = 2,
}

/** Longest inserted text that is no plain text, such as a map. */
const VALUE_SIZE_MAX_BYTES: usize = 8192;

const scratch: Writer = new Writer();

let failures: u64 = 0;

/** Something that belongs into a template could not be had. */
// @ts-ignore: decorator
@inline
export function noteTemplateFailure(): void {
  failures++;
}

/** How often that happened since this was asked last: whoever knows the rule counts it there. */
export function takeTemplateFailures(): u64 {
  const count = failures;
  failures = 0;
  return count;
}

/** Writes the template; an expression that fails gives the empty text, and is noted. */
export function renderTemplate(
  template: TextTemplate,
  bag: Bag,
  out: Writer,
  escape: Escape,
): void {
  const pieces = template.pieces;
  for (let at = 0; at < pieces.length; at++) {
    const piece = unchecked(pieces[at]);
    const program = piece.program;
    if (program == null) {
      out.bytes(piece.literal);
      continue;
    }
    const cell = evaluate(program, bag);
    if (!hasValue(cell)) noteTemplateFailure();
    else if (escape != Escape.None) writeEscaped(out, cell, escape);
    else writeValue(out, cell);
  }
}

function writeEscaped(out: Writer, cell: usize, escape: Escape): void {
  if (typeAt(cell) == ValueType.String) {
    escapeText(out, textAt(cell), escape);
    return;
  }
  const mark = markArena();
  const at = takeArena(VALUE_SIZE_MAX_BYTES);
  scratch.open(at, at == 0 ? 0 : VALUE_SIZE_MAX_BYTES);
  writeValue(scratch, cell);
  escapeText(out, scratch.written, escape);
  releaseArena(mark);
}

function escapeText(out: Writer, text: Slice, escape: Escape): void {
  if (escape == Escape.Json) writeJsonEscaped(out, text);
  else writeHtmlEscaped(out, text);
}
