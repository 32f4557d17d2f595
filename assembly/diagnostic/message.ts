// The message of a diagnostic from its template. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { DIAGNOSTIC_MESSAGES } from "../shared/diagnostic-messages";
import { Diagnostic } from "./diagnostic";
import { replaced } from "../text/strings";

/** Codes have four digits. */
const CODES_END: i32 = 10_000;

/** `E0203`, `W0901`. */
export function codeName(diagnostic: Diagnostic): string {
  return (
    (diagnostic.isWarning ? "W" : "E") + (CODES_END + <i32>diagnostic.code).toString().substring(1)
  );
}

/** The message with what was found; without the quotation where that is not to be shown. */
export function messageOf(diagnostic: Diagnostic): string {
  const template = templateOf(diagnostic.code);
  if (diagnostic.found.length > 0) return replaced(template, "%", diagnostic.found);
  return replaced(replaced(template, "`%`", "the value"), "%", "the value");
}

function templateOf(code: DiagnosticCode): string {
  const start = (<i32>code).toString() + " ";
  for (let index = 0; index < DIAGNOSTIC_MESSAGES.length; index++) {
    const entry = DIAGNOSTIC_MESSAGES[index];
    if (entry.startsWith(start)) return entry.substring(start.length);
  }
  return "%";
}
