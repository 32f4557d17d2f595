// A field of type google.rpc.Status: what a denied caller is told. Cold.

import { Report } from "../diagnostic/report";
import { nearest } from "../diagnostic/suggest";
import { CODE_NAMES } from "../shared/abi";
import { DiagnosticCode } from "../shared/diagnostics";
import { Field } from "./field";
import { Node, NodeKind } from "./node";
import { ObjectReader } from "./object-reader";
import { readInt } from "./value-reader";

/** `{ code: 7 | PERMISSION_DENIED, message: text }`. */
export class StatusField extends Field {
  /** The message; "" when none is given. */
  message: string = "";

  constructor(
    name: string,
    /** The code, or the default; any 32-bit integer, also ones that have no name. */
    public value: i32,
  ) {
    super(name);
  }

  protected parse(node: Node, report: Report): void {
    const reader = new ObjectReader(node, report, "a status");
    const code = reader.child("code");
    if (code !== null) this.value = readCode(code, report, this.value);
    this.message = reader.text("message", this.message);
    // The third field of google.rpc.Status; nothing here could carry it.
    reader.notYet(["details"], "`response`, of the rule or action");
    reader.finish();
  }
}

/** A code of google.rpc.Code by its name in capitals, or any 32-bit number. */
export function readCode(node: Node, report: Report, fallback: i32): i32 {
  if (node.kind != NodeKind.Text || isNumeral(node.string())) {
    return <i32>readInt(node, report, fallback, i32.MIN_VALUE, i32.MAX_VALUE);
  }
  const name = node.string();
  const index = CODE_NAMES.indexOf(name);
  if (index >= 0) return index;
  const expected = "a number, or a name such as `PERMISSION_DENIED`";
  const code = DiagnosticCode.BadStatusCode;
  report.error(code, node.place(), name, expected, nearest(name, CODE_NAMES));
  return fallback;
}

// Protobuf's JSON writes whole numbers as text, too.
function isNumeral(text: string): bool {
  const first = text.charCodeAt(text.startsWith("-") ? 1 : 0);
  return first >= 48 && first <= 57;
}
