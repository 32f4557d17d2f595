// Reads `rollout` of a rule: `{ percent, by }`. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { Phase } from "../shared/phases";
import { ValueType } from "../shared/types";
import { hash } from "../memory/bytes";
import { Node } from "../config/node";
import { ObjectReader } from "../config/object-reader";
import { BuildEnvironment } from "./build-context";
import { Rollout, SHARE_COUNT } from "./rollout";
import { Rule } from "./rule";
import { doubleText } from "../text/strings";

/** Every proxy must come to the same side. */
const ROLLOUT_SALT: u64 = 0x726f6c6c6f7574;
const SHARES_OF_A_PERCENT: f64 = 100;
const BY_EXPECTED = "what tells callers apart, such as a STRING";
const WHAT_EXPECTED = "a check, a quota or header operations";

/** The rollout of a rule whose actions have been read; null after an error. */
export function readRollout(
  environment: BuildEnvironment,
  node: Node,
  rule: Rule,
  phase: Phase,
): Rollout | null {
  const report = environment.report;
  const reader = new ObjectReader(node, report, "a rollout");
  const percentNode = reader.required("percent");
  const percent = reader.double("percent", 0, 0, 100);
  const byNode = reader.required("by");
  reader.finish();
  if (rule.isShadow) {
    const both = "mode: SHADOW, rollout";
    report.error(DiagnosticCode.ConflictingFields, node.place(), both, "one of them");
  }
  if (!rule.hasPolicy && !rule.changesRequest && !rule.changesResponse && !report.failed) {
    report.error(DiagnosticCode.NothingToDeny, node.place(), "rollout", WHAT_EXPECTED);
  }
  if (percentNode === null || byNode === null) return null;
  const shares = Math.round(percent * SHARES_OF_A_PERCENT);
  if (Math.abs(percent * SHARES_OF_A_PERCENT - shares) > 0.000_001) {
    const found = doubleText(percent);
    report.error(DiagnosticCode.OutOfRange, percentNode.place(), found, "at most two decimals");
  }
  const by = environment.expression(byNode, phase, ValueType.Unspecified);
  if (by === null) return null;
  if (by.type == ValueType.StringMap) {
    report.error(DiagnosticCode.TypeMismatch, byNode.place(), "STRING_MAP", BY_EXPECTED);
  }
  return new Rollout(min(<u32>shares, SHARE_COUNT), by, hash(rule.name, ROLLOUT_SALT));
}
