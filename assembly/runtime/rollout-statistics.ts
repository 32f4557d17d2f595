// The verdicts of both sides of a rollout, handed to Envoy. Hot: names are written into the arena,
// a metric is defined when it first counts.

import { MetricKind } from "../shared/abi";
import { METRIC_ROLLOUT } from "../shared/statistics";
import { takeArena } from "../memory/arena";
import { literal } from "../memory/literal";
import { Slice } from "../memory/slice";
import { Writer } from "../memory/writer";
import { defineMetric, incrementMetric } from "../abi/metrics";
import { ROLLOUT_VERDICT_COUNT, Rollout } from "../rule/rollout";
import { Rule } from "../rule/rule";

const NAME_SIZE_MAX_BYTES: usize = 512;
const NAME = literal(METRIC_ROLLOUT + ".rule=");
/** By RolloutVerdict. */
const VERDICTS: StaticArray<Slice> = [
  literal(";side=enforced;verdict=allow;"),
  literal(";side=enforced;verdict=deny;"),
  literal(";side=shadow;verdict=allow;"),
  literal(";side=shadow;verdict=deny;"),
];

const name = new Writer();

/** Adds what has happened since the last tick. */
export function flushRollout(rule: Rule, rollout: Rollout): void {
  for (let verdict = 0; verdict < ROLLOUT_VERDICT_COUNT; verdict++) {
    const count = unchecked(rollout.counts[verdict]);
    if (count == 0) continue;
    unchecked((rollout.counts[verdict] = 0));
    if (unchecked(rollout.metrics[verdict]) == 0) {
      unchecked((rollout.metrics[verdict] = metricOf(rule, unchecked(VERDICTS[verdict]))));
    }
    incrementMetric(unchecked(rollout.metrics[verdict]), <i64>count);
  }
}

function metricOf(rule: Rule, verdict: Slice): u32 {
  const at = takeArena(NAME_SIZE_MAX_BYTES);
  if (at == 0) return 0;
  name.open(at, NAME_SIZE_MAX_BYTES);
  name.bytes(NAME);
  name.bytes(rule.name);
  name.bytes(verdict);
  return defineMetric(MetricKind.Counter, name.written);
}
