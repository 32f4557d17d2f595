// A whole document becomes a rule table, or a report of everything that is wrong with it. A pure
// function of the document's bytes: nothing read from clock, shared data or a call decides it.
// Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import {
  ATTRIBUTE_COUNT_MAX,
  RECORD_SIZE_MAX_BYTES,
  REPORT_INTERVAL_MAX_MS,
  REPORT_INTERVAL_MIN_MS,
  REPORT_INTERVAL_MS,
} from "../shared/limits";
import { Phase, PHASES_ALL } from "../shared/phases";
import { Region } from "../memory/region";
import { Slice } from "../memory/slice";
import { Bag } from "../attribute/bag";
import { BagLayout } from "../attribute/layout";
import { layOut } from "../attribute/layout-build";
import { readsPeer } from "../attribute/peer";
import { isUsed } from "../attribute/use";
import { Node } from "../config/node";
import { ObjectReader } from "../config/object-reader";
import { isSpent } from "../config/spent";
import { Adapter } from "../template/adapter";
import { Handler } from "../template/handler";
import { ActionBuilder } from "./build-actions";
import { AttributeBuilder } from "./build-attributes";
import { BuildEnvironment } from "./build-context";
import { DebugSpec, buildExplainer, readDebug } from "./build-debug";
import { HandlerBuilder } from "./build-handlers";
import { InstanceBuilder } from "./build-instances";
import { readHeaderName } from "./build-operations";
import { ownedTemplates } from "./build-own";
import { OutputBuilder } from "./build-outputs";
import { buildExchange, readPeers, stripPeerHeaders } from "./build-peers";
import { pathSlot } from "./path-readers";
import { RuleBuilder } from "./build-rules";
import { StageBuilder } from "./build-stages";
import { linkRules } from "./link-rules";
import { Rule } from "./rule";
import { RuleIndex } from "./rule-index";
import { buildRuleIndex } from "./rule-index-build";
import { RuleTable } from "./table";

const VERSION = "mixer/v1";
const PATH_POLICY_NAMES: string[] = ["REJECT", "AS_IS"];
const NANOS_PER_MS: i64 = 1_000_000;

/** Compiles the document; null when the report has errors. `seed` is for hash tables only. */
export function buildRuleTable(
  document: Node,
  environment: BuildEnvironment,
  adapters: Adapter[],
  seed: u64,
): RuleTable | null {
  const report = environment.report;
  const reader = new ObjectReader(document, report, "a document");
  readVersion(reader, environment);
  environment.readLanguage(reader);
  reader.text("revision", "");
  const writesAllVerdicts = reader.bool("accessLog", false);
  const reportInterval = readReportInterval(reader);
  const keepsPaths = reader.word("ambiguousPath", 0, PATH_POLICY_NAMES) == 1;
  readPeers(reader, environment);
  const attributes = reader.object("attributes");
  const stripNodes = reader.list("stripRequestHeaders");
  const handlerNodes = reader.list("handlers");
  const instanceNodes = reader.list("instances");
  const ruleNodes = reader.list("rules");
  const debugNode = reader.object("debug");
  reader.notYet(["sampling", "rollout"]);
  reader.finish();
  environment.explains = debugNode !== null;
  const stripped = readHeaderNames(environment, stripNodes);
  stripPeerHeaders(environment, stripped);
  const handlers = new HandlerBuilder(environment, adapters);
  handlers.readAll(handlerNodes);
  const instances = new InstanceBuilder(environment, ownedTemplates(adapters));
  instances.readAll(instanceNodes);
  const outputs = new OutputBuilder(environment, handlers);
  outputs.readAll(ruleNodes);
  // Attributes may be made of outputs, and nothing above has compiled an expression yet.
  new AttributeBuilder(environment).build(attributes);
  const debug = readDebug(environment, debugNode);
  const rules = new RuleBuilder(
    environment,
    new ActionBuilder(environment, handlers, instances, outputs),
  );
  rules.readAll(ruleNodes);
  warnUnused(instances, environment);
  const built = handlers.buildAll();
  const guardedPathSlot = keepsPaths ? -1 : pathSlot(rules.rules, environment.schema);
  const stageCount = new StageBuilder(environment, built).build(rules.placed);
  checkAttributeCount(document, environment);
  isSpent(document, report);
  if (report.failed) return refuse(built);
  const peers = buildExchange(environment);
  const table = layTable(rules.rules, environment, stageCount, seed);
  if (keepsTooMuch(table.bag.layout, document, environment)) return refuse(built);
  table.peers = peers;
  table.writesAllVerdicts = writesAllVerdicts;
  table.guardedPathSlot = guardedPathSlot;
  table.reportIntervalNs = <u64>reportInterval;
  if (debug !== null) explain(debug, table, stripped, environment);
  table.strippedHeaders = StaticArray.fromArray(stripped);
  table.strips = stripped.length > 0;
  setHandlers(table, handlers, built);
  return table;
}

function explain(
  debug: DebugSpec,
  table: RuleTable,
  stripped: Slice[],
  environment: BuildEnvironment,
): void {
  table.explainer = buildExplainer(debug, table.rules, environment);
  stripped.push(debug.header);
}

function readReportInterval(reader: ObjectReader): i64 {
  const least = <i64>REPORT_INTERVAL_MIN_MS * NANOS_PER_MS;
  const most = <i64>REPORT_INTERVAL_MAX_MS * NANOS_PER_MS;
  const usual = <i64>REPORT_INTERVAL_MS * NANOS_PER_MS;
  return reader.duration("reportInterval", usual, least, most);
}

function readHeaderNames(environment: BuildEnvironment, nodes: Node[]): Slice[] {
  const names: Slice[] = [];
  for (let at = 0; at < nodes.length; at++) {
    const name = readHeaderName(environment, nodes[at]);
    if (name != 0) names.push(name);
  }
  return names;
}

function readVersion(reader: ObjectReader, environment: BuildEnvironment): void {
  const node = reader.child("apiVersion");
  if (node === null || node.string() == VERSION) return;
  environment.report.error(DiagnosticCode.BadVersion, node.place(), node.string(), VERSION);
}

function warnUnused(instances: InstanceBuilder, environment: BuildEnvironment): void {
  const specs = instances.specs.values();
  for (let at = 0; at < specs.length; at++) {
    if (specs[at].isUsed) continue;
    // What nobody uses must be right all the same: it may be used tomorrow.
    instances.compile(specs[at]);
    // With errors the action that names it may be the one that could not be read.
    if (environment.report.failed) continue;
    environment.report.warning(
      DiagnosticCode.UnusedInstance,
      specs[at].node.place(),
      specs[at].name,
    );
  }
}

function layTable(
  rules: Rule[],
  environment: BuildEnvironment,
  stageCount: i32,
  seed: u64,
): RuleTable {
  const region = environment.region;
  const kept: Rule[] = [];
  const reports: Rule[] = [];
  const responses: Rule[] = [];
  const stages: i32[][] = [];
  for (let stage = 0; stage < stageCount; stage++) stages.push([]);
  const atLog: i32[] = [];
  const late: i32[] = [];
  for (let at = 0; at < rules.length; at++) {
    const rule = rules[at];
    const hasLater = rule.reports.length > 0 || rule.changesResponse;
    if (rule.isMatchedAtRequest) stages[rule.stage].push(at);
    else if (rule.reports.length > 0) atLog.push(at);
    if (rule.isMatchedAtRequest && hasLater) {
      rule.recordBit = kept.length;
      kept.push(rule);
      if (rule.reports.length > 0) reports.push(rule);
    }
    if (rule.reports.length > 0) late.push(at);
    if (rule.changesResponse) responses.push(rule);
  }
  const bitCount = kept.length + giveAsideBits(kept);
  const layout = layOut(environment.schema, region, bitCount);
  layout.ruleNames = ruleNames(rules, region);
  const wordsSize = (<usize>((rules.length + 63) >> 6)) << 3;
  const table = new RuleTable(
    new Bag(layout),
    StaticArray.fromArray(rules),
    indexStages(rules, stages, region, seed),
    buildRuleIndex(rules, atLog, region, seed),
    buildRuleIndex(rules, late, region, seed),
    region.take(wordsSize),
    region.take(wordsSize),
  );
  table.rulesKept = StaticArray.fromArray(kept);
  table.keepsMatches = kept.length > 0;
  table.reportsAfterCheck = StaticArray.fromArray(reports);
  table.reportsMatches = reports.length > 0;
  table.responseRules = StaticArray.fromArray(responses);
  table.hasRequestRules = hasRules(stages);
  table.hasReports = late.length > 0;
  table.hasResponseOperations = responses.length > 0;
  table.hasOutputs = environment.schema.outputCount > 0;
  table.needsPeer = readsPeer(environment.schema);
  table.readsDuration = isUsed(environment.schema, "response.duration", Phase.Log);
  table.readsDirectAddress = isUsed(environment.schema, "source.direct_ip", PHASES_ALL);
  return table;
}

function indexStages(
  rules: Rule[],
  stages: i32[][],
  region: Region,
  seed: u64,
): StaticArray<RuleIndex> {
  const indexes: RuleIndex[] = [];
  for (let stage = 0; stage < stages.length; stage++) {
    indexes.push(buildRuleIndex(rules, stages[stage], region, seed));
  }
  return StaticArray.fromArray(indexes);
}

function ruleNames(rules: Rule[], region: Region): usize {
  const names = region.take((<usize>rules.length) << 3);
  for (let at = 0; at < rules.length; at++) store<u64>(names + ((<usize>at) << 3), rules[at].name);
  return names;
}

// The side of a rollout that a request is on, for the rules that later phases ask for.
function giveAsideBits(kept: Rule[]): i32 {
  let count = 0;
  for (let at = 0; at < kept.length; at++) {
    if (kept[at].rollout !== null) kept[at].asideBit = kept.length + count++;
  }
  return count;
}

function hasRules(stages: i32[][]): bool {
  for (let stage = 0; stage < stages.length; stage++) {
    if (stages[stage].length > 0) return true;
  }
  return false;
}

function checkAttributeCount(document: Node, environment: BuildEnvironment): void {
  const schema = environment.schema;
  if (schema.entries.length - schema.sharedCount <= ATTRIBUTE_COUNT_MAX) return;
  const most = ATTRIBUTE_COUNT_MAX.toString();
  environment.report.error(DiagnosticCode.TooManyAttributes, document.place(), most);
}

// Such a record no block of memory holds: every request would be refused.
function keepsTooMuch(layout: BagLayout, document: Node, environment: BuildEnvironment): bool {
  if (layout.recordSize <= <usize>RECORD_SIZE_MAX_BYTES) return false;
  const most = RECORD_SIZE_MAX_BYTES.toString();
  const count = layout.captureCount.toString();
  const expected =
    "at most " + most + ": fewer than the " + count + " attributes that are kept for later phases";
  const code = DiagnosticCode.RecordTooLarge;
  environment.report.error(code, document.place(), layout.recordSize.toString(), expected);
  return true;
}

// The document is refused although some of its handlers could be built.
function refuse(built: Array<Handler | null>): RuleTable | null {
  for (let at = 0; at < built.length; at++) {
    const handler = built[at];
    if (handler !== null) handler.close();
  }
  return null;
}

function setHandlers(
  table: RuleTable,
  handlers: HandlerBuilder,
  built: Array<Handler | null>,
): void {
  const all = new StaticArray<Handler>(built.length);
  const names = new StaticArray<Slice>(built.length);
  for (let at = 0; at < built.length; at++) {
    all[at] = built[at]!;
    names[at] = handlers.all[at].nameBytes;
  }
  table.handlers = all;
  table.handlerNames = names;
  linkRules(table);
  table.needsRecord =
    table.hasRequestRules ||
    table.hasReports ||
    table.hasResponseOperations ||
    table.peers !== null ||
    table.explainer !== null;
  table.readsResponses =
    table.hasResponseOperations || table.peers !== null || table.explainer !== null;
  table.isIdle = !table.needsRecord && !table.strips;
}
