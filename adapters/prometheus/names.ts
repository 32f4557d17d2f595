// Names of metrics and labels, as Prometheus allows them. Cold: used while a document is loaded.

import { replaced } from "../../assembly/sdk";
import { Kind } from "./config";

/** The full name: `namespace_name`, with Mixer's changes to characters that cannot stand in it. */
export function metricName(namespace: string, name: string): string {
  const clean = sanitized(name);
  return namespace.length == 0 ? clean : sanitized(namespace) + "_" + clean;
}

// `/`, `.`, `:` and blanks become `_`, `-` is left out, a slash at the beginning is cut. Envoy
// itself would write `_` for `:`.
function sanitized(name: string): string {
  const rest = name.startsWith("/") ? name.substring(1) : name;
  const joined = replaced(replaced(replaced(rest, "/", "_"), ".", "_"), " ", "_");
  return replaced(replaced(joined, ":", "_"), "-", "");
}

/** Whether it can be a metric's name: the runtime and Envoy have names of their own on the page. */
export function isMetricName(name: string): bool {
  return isName(name) && !name.startsWith("mixer_") && !name.startsWith("envoy_");
}

/**
 * Whether Prometheus takes it as a label's name; it keeps names with `__` in front for itself, and
 * Envoy gives each bucket an `le` of its own.
 */
export function isLabelName(name: string, kind: Kind): bool {
  if (name.startsWith("__") || (name == "le" && kind == Kind.Distribution)) return false;
  return isName(name);
}

function isName(name: string): bool {
  if (name.length == 0 || isDigit(name.charCodeAt(0))) return false;
  for (let index = 0; index < name.length; index++) {
    const unit = name.charCodeAt(index);
    const isLetter = (unit | 32) >= 97 && (unit | 32) <= 122;
    const isGood = isLetter || isDigit(unit) || unit == 95;
    if (!isGood) return false;
  }
  return true;
}

function isDigit(unit: i32): bool {
  return unit >= 48 && unit <= 57;
}
