// The verdicts of both sides of a rollout, handed to Envoy. Hot: names are written into the arena,
// a metric is defined when it first counts.

import { MetricKind } from "../shared/abi";
import { METRIC_ROLLOUT } from "../shared/statistics";
import { takeArena } from "../memory/arena";
import { literal } from "../memory/literal";
import { Slice, sizeOf } from "../memory/slice";
import { Writer } from "../memory/writer";
import { defineMetric, incrementMetric } from "../abi/metrics";
import { ROLLOUT_VERDICT_COUNT, Rollout } from "../rule/rollout";
import { Rule } from "../rule/rule";

const NAME_SIZE_MAX_BYTES: usize = 512;
const NAME = literal(METRIC_ROLLOUT + ".rule=");
const ACTION = literal(";action=");
/** By RolloutVerdict. */
const VERDICTS: StaticArray<Slice> = [
  literal(";side=enforced;verdict=allow;"),
  literal(";side=enforced;verdict=deny;"),
  literal(";side=shadow;verdict=allow;"),
  literal(";side=shadow;verdict=deny;"),
  literal(";side=shadow;verdict=skipped;"),
];

const name = new Writer();

/** Adds what has happened since the last tick, of a rule and of its actions. */
export function flushRollouts(rule: Rule): void {
  const rollout = rule.rollout;
  if (rollout != null) flush(rule, rollout);
  const parts = rule.actionRollouts;
  for (let slot = 0; slot < parts.length; slot++) flush(rule, unchecked(parts[slot]));
}

function flush(rule: Rule, rollout: Rollout): void {
  for (let verdict = 0; verdict < ROLLOUT_VERDICT_COUNT; verdict++) {
    const count = unchecked(rollout.counts[verdict]);
    if (count == 0) continue;
    unchecked((rollout.counts[verdict] = 0));
    if (unchecked(rollout.metrics[verdict]) == 0) {
      unchecked((rollout.metrics[verdict] = metricOf(rule, rollout, verdict)));
    }
    incrementMetric(unchecked(rollout.metrics[verdict]), <i64>count);
  }
}

function metricOf(rule: Rule, rollout: Rollout, verdict: i32): u32 {
  const at = takeArena(NAME_SIZE_MAX_BYTES);
  if (at == 0) return 0;
  name.open(at, NAME_SIZE_MAX_BYTES);
  name.bytes(NAME);
  name.bytes(rule.name);
  if (sizeOf(rollout.action) > 0) {
    name.bytes(ACTION);
    name.bytes(rollout.action);
  }
  name.bytes(unchecked(VERDICTS[verdict]));
  return defineMetric(MetricKind.Counter, name.written);
}
