// What an answer with 401 says in `www-authenticate` (RFC 9110, section 11.6.1): a scheme and its
// realm. Cold.

import { Report } from "../diagnostic/report";
import { DiagnosticCode } from "../shared/diagnostics";
import { TextField } from "../config/field";
import { replaced } from "../text/strings";

/** Reports a realm that no header can carry. */
export function verifyRealm(realm: TextField, report: Report): void {
  const text = realm.value;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 32 && unit != 127) continue;
    const expected = "a text without control characters";
    report.error(DiagnosticCode.BadHeaderValue, realm.place(), "realm", expected);
    return;
  }
}

/** `scheme realm="…"`. */
export function challengeOf(scheme: string, realm: string): string {
  return scheme + ' realm="' + replaced(replaced(realm, "\\", "\\\\"), '"', '\\"') + '"';
}
