// Reads `rollout` of a rule or an action: `{ percent, by }`. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { ACTION_ROLLOUT_COUNT_MAX } from "../shared/limits";
import { Phase } from "../shared/phases";
import { ValueType } from "../shared/types";
import { hash } from "../memory/bytes";
import { emptySlice } from "../memory/slice";
import { Node } from "../config/node";
import { ObjectReader } from "../config/object-reader";
import { Program } from "../expression/program";
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
  if (rule.isShadow) refuseMode(environment, node);
  if (!rule.hasPolicy && !rule.changesRequest && !rule.changesResponse && !report.failed) {
    report.error(DiagnosticCode.NothingToDeny, node.place(), "rollout", WHAT_EXPECTED);
  }
  const terms = readTerms(environment, node, phase);
  if (terms === null) return null;
  return new Rollout(terms.shares, terms.by, hash(rule.name, ROLLOUT_SALT), emptySlice(), 0);
}

/**
 * The rollout of a check or quota; null after an error. `name`: the action's, or its position in
 * the rule; `slot`: its number among the rollouts of the rule's actions.
 */
export function readActionRollout(
  environment: BuildEnvironment,
  node: Node,
  rule: Rule,
  name: string,
  slot: i32,
): Rollout | null {
  const report = environment.report;
  if (rule.isRolledOut) {
    const both = "rollout of the rule, rollout";
    report.error(DiagnosticCode.ConflictingFields, node.place(), both, "one of them");
  }
  if (slot >= ACTION_ROLLOUT_COUNT_MAX) {
    const most = "at most " + ACTION_ROLLOUT_COUNT_MAX.toString() + " actions of a rule with one";
    report.error(DiagnosticCode.TooManyEntries, node.place(), "rollout", most);
  }
  const terms = readTerms(environment, node, Phase.Request);
  if (terms === null) return null;
  const label = environment.region.text(name);
  const seed = hash(label, hash(rule.name, ROLLOUT_SALT));
  return new Rollout(terms.shares, terms.by, seed, label, slot);
}

/** Reports a rollout of what is in SHADOW mode anyway. */
export function refuseMode(environment: BuildEnvironment, node: Node): void {
  const both = "mode: SHADOW, rollout";
  const report = environment.report;
  report.error(DiagnosticCode.ConflictingFields, node.place(), both, "one of them");
}

class Terms {
  constructor(
    readonly shares: u32,
    readonly by: Program,
  ) {}
}

function readTerms(environment: BuildEnvironment, node: Node, phase: Phase): Terms | null {
  const report = environment.report;
  const reader = new ObjectReader(node, report, "a rollout");
  const percentNode = reader.required("percent");
  const percent = reader.double("percent", 0, 0, 100);
  const byNode = reader.required("by");
  reader.finish();
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
  return new Terms(min(<u32>shares, SHARE_COUNT), by);
}
