// The message of a diagnostic from its template. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { DIAGNOSTIC_MESSAGES } from "../shared/diagnostic-messages";
import { Diagnostic } from "./diagnostic";

/** `E0203`, `W0901`. */
export function codeName(diagnostic: Diagnostic): string {
  return (diagnostic.isWarning ? "W" : "E") + (<i32>diagnostic.code).toString().padStart(4, "0");
}

/** The message with what was found; without the quotation where that is not to be shown. */
export function messageOf(diagnostic: Diagnostic): string {
  const template = templateOf(diagnostic.code);
  if (diagnostic.found.length > 0) return template.replace("%", diagnostic.found);
  return template.replace("`%`", "the value").replace("%", "the value");
}

function templateOf(code: DiagnosticCode): string {
  const start = (<i32>code).toString() + " ";
  for (let index = 0; index < DIAGNOSTIC_MESSAGES.length; index++) {
    const entry = DIAGNOSTIC_MESSAGES[index];
    if (entry.startsWith(start)) return entry.substring(start.length);
  }
  return "%";
}
