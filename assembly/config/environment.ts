// Secrets in parameters: `${env:NAME}` in a text becomes the value of an environment variable of
// the VM, so that neither the document nor Envoy's config_dump has it. A variable that is not set
// refuses the document. The values are shown nowhere: a node keeps what was written to be quoted.
// Cold.

import { environmentValue } from "../abi/environment";
import { Report } from "../diagnostic/report";
import { hash, indexOf } from "../memory/bytes";
import { literal, textOf } from "../memory/literal";
import { Region } from "../memory/region";
import { Slice, byteAt, isPresent, sizeOf, slice, startOf, subSlice } from "../memory/slice";
import { DiagnosticCode } from "../shared/diagnostics";
import { Node } from "./node";

const MARK = literal("${env:");
const DOLLAR: u8 = 36;
const RIGHT_BRACE: u8 = 125;
const UNDERSCORE: u8 = 95;
const NOT_SET =
  "a variable of Envoy's own environment that `vm_config.environment_variables` hands on, " +
  "as `mixer render` writes it";

/** The environment variables that one document names. */
export class EnvironmentVariables {
  /** Their names, each once. */
  readonly names: string[] = [];
  /** Changes with any value: what was remembered for others no longer counts. */
  hash: u64 = 0;

  constructor(
    private readonly report: Report,
    private readonly region: Region,
  ) {}

  /** Puts the values into every text at and below a node. */
  fill(node: Node): void {
    if (node.isText) this.fillText(node);
    for (let at = 0; at < node.values.length; at++) this.fill(node.values[at]);
    for (let at = 0; at < node.items.length; at++) this.fill(node.items[at]);
  }

  private fillText(node: Node): void {
    const text = node.text;
    if (indexOf(text, MARK) < 0) return;
    const pieces: Slice[] = [];
    let from: usize = 0;
    while (from < sizeOf(text)) {
      const rest = subSlice(text, from, sizeOf(text));
      const found = indexOf(rest, MARK);
      if (found < 0) {
        pieces.push(rest);
        break;
      }
      const mark = from + <usize>found;
      if (mark > from && byteAt(text, mark - 1) == DOLLAR) {
        // `$${env:` is a literal `${env:`.
        pieces.push(subSlice(text, from, mark - 1));
        pieces.push(MARK);
        from = mark + sizeOf(MARK);
        continue;
      }
      pieces.push(subSlice(text, from, mark));
      from = this.take(node, mark, pieces);
    }
    node.written = text;
    node.text = this.joined(pieces);
    this.report.hideValue(node.pointer());
  }

  // Adds the value of the variable that begins at the mark; where the text goes on behind it.
  private take(node: Node, mark: usize, pieces: Slice[]): usize {
    const text = node.text;
    const start = mark + sizeOf(MARK);
    let end = start;
    while (end < sizeOf(text) && isNameByte(byteAt(text, end))) end++;
    if (end == start || end == sizeOf(text) || byteAt(text, end) != RIGHT_BRACE) {
      const place = node.placeAt(<i32>mark, <i32>(end - mark));
      const expected = "`${env:NAME}`, or `$${env:` for a literal `${env:`";
      const found = "`${env:` without a name and `}`";
      this.report.error(DiagnosticCode.BadTemplate, place, found, expected);
      return end;
    }
    const name = subSlice(text, start, end);
    const value = environmentValue(name);
    if (isPresent(value)) this.keep(name, value, pieces);
    else {
      const place = node.placeAt(<i32>mark, <i32>(end + 1 - mark));
      this.noteName(textOf(name));
      this.report.error(DiagnosticCode.MissingVariable, place, textOf(name), NOT_SET);
    }
    return end + 1;
  }

  private keep(name: Slice, value: Slice, pieces: Slice[]): void {
    pieces.push(value);
    this.hash = hash(value, this.hash ^ 1);
    this.noteName(textOf(name));
  }

  private noteName(name: string): void {
    if (!this.names.includes(name)) this.names.push(name);
  }

  private joined(pieces: Slice[]): Slice {
    let size: usize = 0;
    for (let at = 0; at < pieces.length; at++) size += sizeOf(pieces[at]);
    const start = this.region.take(size + 1);
    let to = start;
    for (let at = 0; at < pieces.length; at++) {
      memory.copy(to, startOf(pieces[at]), sizeOf(pieces[at]));
      to += sizeOf(pieces[at]);
    }
    return slice(start, size);
  }
}

function isNameByte(byte: u8): bool {
  const letter = (byte | 32) - 97;
  return letter < 26 || <u8>(byte - 48) < 10 || byte == UNDERSCORE;
}
