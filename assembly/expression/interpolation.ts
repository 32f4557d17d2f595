// Texts with `${expression}` in them → literal pieces and programs. `$${` is a literal `${`. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { Phase } from "../shared/phases";
import { ValueType } from "../shared/types";
import { Node } from "../config/node";
import { Region } from "../memory/region";
import { Slice, byteAt, sizeOf, slice, startOf, subSlice } from "../memory/slice";
import { ExpressionContext, compileSource, reportProblems } from "./compile";
import { Language } from "./language";
import { Problems } from "./problem";
import { TemplatePiece, TextTemplate } from "./template-piece";

export { TextTemplate } from "./template-piece";

const DOLLAR: u8 = 36;
const LEFT_BRACE: u8 = 123;
const RIGHT_BRACE: u8 = 125;
const QUOTE: u8 = 34;
const APOSTROPHE: u8 = 39;
const BACKQUOTE: u8 = 96;
const BACKSLASH: u8 = 92;

/** Compiles a template that stands in `node`, whose decoded text it is. Null after diagnostics. */
export function compileTemplate(
  context: ExpressionContext,
  node: Node,
  text: Slice,
  phase: Phase,
): TextTemplate | null {
  const pieces: TemplatePiece[] = [];
  const problems = new Problems();
  let isGood = true;
  let from: usize = 0;
  while (from < sizeOf(text)) {
    const mark = nextMark(text, from);
    addLiteral(pieces, literalOf(context.region, subSlice(text, from, mark)));
    if (mark == sizeOf(text)) break;
    const end = closingBrace(text, mark + 2, context.language != Language.Cexl);
    if (end == 0) {
      const start = <i32>mark;
      const problem = problems.add(DiagnosticCode.BadTemplate, start, start + 2, "`${` has no `}`");
      problem.expected = "`}`, or `$${` for a literal `${`";
      isGood = false;
      break;
    }
    const source = subSlice(text, mark + 2, end);
    const found = new Problems();
    const program = compileSource(context, source, phase, ValueType.Unspecified, found);
    reportProblems(context.report, node, found, <i32>mark + 2);
    if (program == null) isGood = false;
    else pieces.push(new TemplatePiece(0, program));
    from = end + 1;
  }
  reportProblems(context.report, node, problems, 0);
  return isGood ? new TextTemplate(StaticArray.fromArray(pieces)) : null;
}

// Where the next `${` that is not `$${` begins; the size of the text when there is none.
function nextMark(text: Slice, from: usize): usize {
  const size = sizeOf(text);
  for (let at = from; at + 1 < size; at++) {
    if (byteAt(text, at) != DOLLAR) continue;
    if (byteAt(text, at + 1) == LEFT_BRACE) return at;
    const isEscaped =
      byteAt(text, at + 1) == DOLLAR && at + 2 < size && byteAt(text, at + 2) == LEFT_BRACE;
    if (isEscaped) at += 2;
  }
  return size;
}

// The `}` that ends the expression, braces in its literals aside; 0 when there is none.
function closingBrace(text: Slice, from: usize, isCel: bool): usize {
  let quote: u8 = 0;
  let depth = 0;
  for (let at = from; at < sizeOf(text); at++) {
    const byte = byteAt(text, at);
    if (quote != 0) {
      if (byte == BACKSLASH && quote != BACKQUOTE) at++;
      else if (byte == quote) quote = 0;
    } else if (byte == QUOTE || byte == BACKQUOTE || (isCel && byte == APOSTROPHE)) {
      quote = byte;
    } else if (byte == LEFT_BRACE) {
      depth++;
    } else if (byte == RIGHT_BRACE && depth-- == 0) {
      return at;
    }
  }
  return 0;
}

// A copy with each `$${` as `${`.
function literalOf(region: Region, text: Slice): Slice {
  const copy = region.copy(startOf(text), sizeOf(text));
  const start = startOf(copy);
  let to: usize = 0;
  for (let at: usize = 0; at < sizeOf(copy); at++) {
    const byte = byteAt(copy, at);
    const isEscape =
      byte == DOLLAR &&
      at + 2 < sizeOf(copy) &&
      byteAt(copy, at + 1) == DOLLAR &&
      byteAt(copy, at + 2) == LEFT_BRACE;
    if (isEscape) continue;
    store<u8>(start + to++, byte);
  }
  return slice(start, to);
}

function addLiteral(pieces: TemplatePiece[], text: Slice): void {
  if (sizeOf(text) > 0) pieces.push(new TemplatePiece(text, null));
}
