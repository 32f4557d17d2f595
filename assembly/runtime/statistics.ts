// The runtime's own metrics, added up in guest memory and handed to Envoy on the tick and when the
// root ends. Hot: names are written into the arena, a metric is defined when it first counts.

import { MetricKind } from "../shared/abi";
import {
  METRIC_AMBIGUOUS_PATHS,
  METRIC_BUILD,
  METRIC_CHECKS,
  METRIC_CONFIG_LOADED,
  METRIC_DROPPED,
  METRIC_HOST_FAILURES,
  METRIC_RULE_DENIED,
  METRIC_RULE_ERRORS,
  METRIC_RULE_REPLACED,
  METRIC_RULE_SHADOW_DENIED,
  METRIC_RULE_SHADOW_REPLACED,
  VERSION,
} from "../shared/statistics";
import { takeArena } from "../memory/arena";
import { literal } from "../memory/literal";
import { Slice } from "../memory/slice";
import { Writer } from "../memory/writer";
import { wallClockNanos } from "../abi/clock";
import { takeHostFailures } from "../abi/failures";
import { defineMetric, incrementMetric, recordMetric } from "../abi/metrics";
import { PEER_LOSS_COUNT, PeerLoss, takePeerLosses } from "../attribute/peer-losses";
import { Rule } from "../rule/rule";
import { RuleTable } from "../rule/table";
import { Handler } from "../template/handler";
import { LINKS_BACKENDS } from "../template/linked";
import { flushConnection } from "./callout-statistics";
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
const DROPPED = literal(METRIC_DROPPED + ".adapter=");
const REASON = literal(";reason=");
const MIXER = literal("mixer");
const REPORT_FAILED = literal("report_failed");
const HEADER_TOO_LONG = literal("header_too_long");
const CAPTURE_CUT = literal("capture_cut");
const PEER_MALFORMED = literal("peer_malformed");
const PEER_TOO_LONG = literal("peer_too_long");
const PEER_CONTRADICTED = literal("peer_contradicted");
const SHADOW_NOT_ASKED = literal("shadow_not_asked");
const NANOS_PER_SECOND: u64 = 1_000_000_000;
const NAME_SIZE_MAX_BYTES: usize = 512;
const SEMICOLON: u8 = 59;

const name = new Writer();

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
    for (let at = 0; at < rules.length; at++) this.flushRule(unchecked(rules[at]));
    const handlers = this.table.handlers;
    for (let at = 0; at < handlers.length; at++) this.flushHandler(at, unchecked(handlers[at]));
    this.flushOwn();
  }

  private flushOwn(): void {
    if (this.ambiguousPaths > 0) {
      incrementMetric(defineMetric(MetricKind.Counter, AMBIGUOUS_PATHS), <i64>this.ambiguousPaths);
      this.ambiguousPaths = 0;
    }
    if (this.table.droppedReports > 0) {
      incrementMetric(droppedMetric(MIXER, REPORT_FAILED), <i64>this.table.droppedReports);
      this.table.droppedReports = 0;
    }
    if (this.table.droppedShadows > 0) {
      incrementMetric(droppedMetric(MIXER, SHADOW_NOT_ASKED), <i64>this.table.droppedShadows);
      this.table.droppedShadows = 0;
    }
    if (this.longHeaders > 0) {
      incrementMetric(droppedMetric(MIXER, HEADER_TOO_LONG), <i64>this.longHeaders);
      this.longHeaders = 0;
    }
    if (this.cutCaptures > 0) {
      incrementMetric(droppedMetric(MIXER, CAPTURE_CUT), <i64>this.cutCaptures);
      this.cutCaptures = 0;
    }
    for (let loss = 0; loss < PEER_LOSS_COUNT; loss++) {
      const count = takePeerLosses(<PeerLoss>loss);
      if (count > 0) incrementMetric(droppedMetric(MIXER, peerLossName(loss)), <i64>count);
    }
  }

  private flushRule(rule: Rule): void {
    if (rule.hasSides) flushRollouts(rule);
    if (rule.replacement !== null) flushReplacements(rule);
    if ((rule.denied | rule.shadowDenied | rule.errors) == 0) return;
    if (rule.denied > 0) {
      if (rule.deniedMetric == 0) rule.deniedMetric = ruleMetric(DENIED, rule);
      incrementMetric(rule.deniedMetric, <i64>rule.denied);
      rule.denied = 0;
    }
    if (rule.shadowDenied > 0) {
      if (rule.shadowDeniedMetric == 0) rule.shadowDeniedMetric = ruleMetric(SHADOW_DENIED, rule);
      incrementMetric(rule.shadowDeniedMetric, <i64>rule.shadowDenied);
      rule.shadowDenied = 0;
    }
    if (rule.errors > 0) {
      if (rule.errorsMetric == 0) rule.errorsMetric = ruleMetric(ERRORS, rule);
      incrementMetric(rule.errorsMetric, <i64>rule.errors);
      rule.errors = 0;
    }
  }

  private flushHandler(number: i32, handler: Handler): void {
    if (LINKS_BACKENDS && handler.connection != null) flushConnection(handler.connection!);
    const reasons = unchecked(this.reasons[number]);
    for (let reason = 0; reason < reasons.length; reason++) {
      const count = handler.drops.take(reason);
      if (count == 0) continue;
      const metric = droppedMetric(
        unchecked(this.adapterNames[number]),
        unchecked(reasons[reason]),
      );
      incrementMetric(metric, <i64>count);
    }
  }
}

function flushReplacements(rule: Rule): void {
  if (rule.replaced > 0) {
    if (rule.replacedMetric == 0) rule.replacedMetric = ruleMetric(REPLACED, rule);
    incrementMetric(rule.replacedMetric, <i64>rule.replaced);
    rule.replaced = 0;
  }
  if (rule.shadowReplaced > 0) {
    if (rule.shadowReplacedMetric == 0) {
      rule.shadowReplacedMetric = ruleMetric(SHADOW_REPLACED, rule);
    }
    incrementMetric(rule.shadowReplacedMetric, <i64>rule.shadowReplaced);
    rule.shadowReplaced = 0;
  }
}

function peerLossName(loss: i32): Slice {
  if (loss == PeerLoss.TooLong) return PEER_TOO_LONG;
  return loss == PeerLoss.Malformed ? PEER_MALFORMED : PEER_CONTRADICTED;
}

function ruleMetric(prefix: Slice, rule: Rule): u32 {
  if (!openName(prefix)) return 0;
  name.bytes(rule.name);
  name.byte(SEMICOLON);
  return defineMetric(MetricKind.Counter, name.written);
}

function droppedMetric(adapter: Slice, reason: Slice): u32 {
  if (!openName(DROPPED)) return 0;
  name.bytes(adapter);
  name.bytes(REASON);
  name.bytes(reason);
  name.byte(SEMICOLON);
  return defineMetric(MetricKind.Counter, name.written);
}

function openName(prefix: Slice): bool {
  const at = takeArena(NAME_SIZE_MAX_BYTES);
  if (at == 0) return false;
  name.open(at, NAME_SIZE_MAX_BYTES);
  name.bytes(prefix);
  return true;
}
