// The runtime's own metrics, added up in guest memory and handed to Envoy on the tick and when the
// root ends, or is found to have ended. Hot: a metric is defined when it first counts.

import { MetricKind } from "../shared/abi";
import {
  METRIC_AMBIGUOUS_PATHS,
  METRIC_BUILD,
  METRIC_CHECKS,
  METRIC_CONFIG_LOADED,
  METRIC_HOST_FAILURES,
  METRIC_RULE_DENIED,
  METRIC_RULE_ERRORS,
  METRIC_RULE_REPLACED,
  METRIC_RULE_SHADOW_DENIED,
  METRIC_RULE_SHADOW_REPLACED,
  VERSION,
} from "../shared/statistics";
import { literal } from "../memory/literal";
import { Slice, emptySlice } from "../memory/slice";
import { wallClockNanos } from "../abi/clock";
import { takeHostFailures } from "../abi/failures";
import { defineMetric, incrementMetric, recordMetric } from "../abi/metrics";
import { PEER_LOSS_COUNT, PeerLoss, takePeerLosses } from "../attribute/peer-losses";
import { Rule } from "../rule/rule";
import { RuleTable } from "../rule/table";
import { Handler } from "../template/handler";
import { LINKS_BACKENDS } from "../template/linked";
import { flushConnection } from "./callout-statistics";
import { countDropped, namedCounter } from "./named-counter";
import { flushRollouts } from "./rollout-statistics";

const CHECKS = literal(METRIC_CHECKS);
const AMBIGUOUS_PATHS = literal(METRIC_AMBIGUOUS_PATHS);
const HOST_FAILURES = literal(METRIC_HOST_FAILURES);
const CONFIG_LOADED = literal(METRIC_CONFIG_LOADED);
const BUILD = literal(METRIC_BUILD + ".version=" + VERSION + ";");
const DENIED = literal(METRIC_RULE_DENIED + ".rule=");
const SHADOW_DENIED = literal(METRIC_RULE_SHADOW_DENIED + ".rule=");
const ERRORS = literal(METRIC_RULE_ERRORS + ".rule=");
const REPLACED = literal(METRIC_RULE_REPLACED + ".rule=");
const SHADOW_REPLACED = literal(METRIC_RULE_SHADOW_REPLACED + ".rule=");
const MIXER = literal("mixer");
const REPORT_FAILED = literal("report_failed");
const HEADER_TOO_LONG = literal("header_too_long");
const CAPTURE_CUT = literal("capture_cut");
const PEER_MALFORMED = literal("peer_malformed");
const PEER_TOO_LONG = literal("peer_too_long");
const PEER_CONTRADICTED = literal("peer_contradicted");
const SHADOW_NOT_ASKED = literal("shadow_not_asked");
const NANOS_PER_SECOND: u64 = 1_000_000_000;
const NOTHING = emptySlice();

/** Counts of one root context. */
export class Statistics {
  /** Requests checked since the last flush. */
  checks: u64 = 0;
  /** Requests refused for their path since the last flush. */
  ambiguousPaths: u64 = 0;
  /** Header operations without effect since the last flush because a value was too long. */
  longHeaders: u64 = 0;
  /** Captured texts that were cut since the last flush. */
  cutCaptures: u64 = 0;
  private readonly checksMetric: u32;
  private readonly failuresMetric: u32;

  /** Defines what every document has; `reasons` are the drop reasons of each handler's adapter. */
  constructor(
    private readonly table: RuleTable,
    private readonly adapterNames: StaticArray<Slice>,
    private readonly reasons: StaticArray<StaticArray<Slice>>,
  ) {
    this.checksMetric = defineMetric(MetricKind.Counter, CHECKS);
    this.failuresMetric = defineMetric(MetricKind.Counter, HOST_FAILURES);
    recordMetric(defineMetric(MetricKind.Gauge, BUILD), 1);
    const loaded = defineMetric(MetricKind.Gauge, CONFIG_LOADED);
    recordMetric(loaded, wallClockNanos() / NANOS_PER_SECOND);
  }

  /** Hands everything over to Envoy. */
  flush(): void {
    incrementMetric(this.checksMetric, <i64>this.checks);
    this.checks = 0;
    incrementMetric(this.failuresMetric, <i64>takeHostFailures());
    const rules = this.table.rules;
    for (let at = 0; at < rules.length; at++) flushRule(unchecked(rules[at]));
    const handlers = this.table.handlers;
    for (let at = 0; at < handlers.length; at++) this.flushHandler(at, unchecked(handlers[at]));
    this.flushOwn();
  }

  private flushOwn(): void {
    if (this.ambiguousPaths > 0) {
      incrementMetric(defineMetric(MetricKind.Counter, AMBIGUOUS_PATHS), <i64>this.ambiguousPaths);
      this.ambiguousPaths = 0;
    }
    countDropped(MIXER, REPORT_FAILED, this.table.droppedReports);
    this.table.droppedReports = 0;
    countDropped(MIXER, SHADOW_NOT_ASKED, this.table.droppedShadows);
    this.table.droppedShadows = 0;
    countDropped(MIXER, HEADER_TOO_LONG, this.longHeaders);
    this.longHeaders = 0;
    countDropped(MIXER, CAPTURE_CUT, this.cutCaptures);
    this.cutCaptures = 0;
    for (let loss = 0; loss < PEER_LOSS_COUNT; loss++) {
      countDropped(MIXER, peerLossName(loss), takePeerLosses(<PeerLoss>loss));
    }
  }

  private flushHandler(number: i32, handler: Handler): void {
    if (LINKS_BACKENDS && handler.connection != null) flushConnection(handler.connection!);
    const adapter = unchecked(this.adapterNames[number]);
    const reasons = unchecked(this.reasons[number]);
    for (let reason = 0; reason < reasons.length; reason++) {
      countDropped(adapter, unchecked(reasons[reason]), handler.drops.take(reason));
    }
  }
}

function flushRule(rule: Rule): void {
  if (rule.hasSides) flushRollouts(rule);
  if ((rule.denied | rule.shadowDenied | rule.errors | rule.replaced | rule.shadowReplaced) == 0)
    return;
  rule.deniedMetric = count(rule.deniedMetric, DENIED, rule, rule.denied);
  rule.denied = 0;
  rule.shadowDeniedMetric = count(rule.shadowDeniedMetric, SHADOW_DENIED, rule, rule.shadowDenied);
  rule.shadowDenied = 0;
  rule.errorsMetric = count(rule.errorsMetric, ERRORS, rule, rule.errors);
  rule.errors = 0;
  rule.replacedMetric = count(rule.replacedMetric, REPLACED, rule, rule.replaced);
  rule.replaced = 0;
  const shadow = rule.shadowReplacedMetric;
  rule.shadowReplacedMetric = count(shadow, SHADOW_REPLACED, rule, rule.shadowReplaced);
  rule.shadowReplaced = 0;
}

// The counter's id, which is 0 until it first counts.
function count(metric: u32, prefix: Slice, rule: Rule, by: u64): u32 {
  if (by == 0) return metric;
  const id = metric == 0 ? namedCounter(prefix, rule.name, NOTHING, NOTHING) : metric;
  incrementMetric(id, <i64>by);
  return id;
}

function peerLossName(loss: i32): Slice {
  if (loss == PeerLoss.TooLong) return PEER_TOO_LONG;
  return loss == PeerLoss.Malformed ? PEER_MALFORMED : PEER_CONTRADICTED;
}
