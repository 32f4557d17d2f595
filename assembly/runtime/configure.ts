// Loads a document into a root context: bytes to rule table, or a refusal with every diagnostic in
// Envoy's log. A pure function of the bytes and the VM's environment: a refusal on one worker only
// would leave that worker without a filter. Cold.

import { BufferKind, LogLevel } from "../shared/abi";
import { DOCUMENT_SIZE_MAX_BYTES } from "../shared/limits";
import { METRIC_LABELS } from "../shared/statistics";
import { beginBudget, endBudget } from "../memory/budget";
import { hash } from "../memory/bytes";
import { literal, textOf } from "../memory/literal";
import { Slice, ABSENT, FAILED, emptySlice, isPresent, sizeOf, startOf } from "../memory/slice";
import { readBuffer } from "../abi/buffers";
import { setTickPeriod } from "../abi/clock";
import { freeFromHost } from "../abi/inbox";
import { logText, refreshLogLevel } from "../abi/log";
import { readProperty } from "../abi/properties";
import { randomSeed } from "../abi/random";
import { Schema } from "../attribute/schema";
import { readDocument } from "../config/document";
import { Report } from "../diagnostic/report";
import { BuildEnvironment } from "../rule/build-context";
import { buildRuleTable } from "../rule/build-table";
import { Check } from "../rule/check";
import { DenialState } from "../rule/denial";
import { QuotaCharger } from "../rule/quota-charger";
import { Reporter } from "../rule/reporter";
import { RuleTable } from "../rule/table";
import { TICK_PERIOD_MS } from "../shared/limits";
import { describe } from "./describe";
import { installedAdapters } from "./registry";
import { PLUGIN_ROOT_ID } from "./owners";
import { Root } from "./root";
import { rootIdOf } from "./root-id";
import { noteConfigured } from "./roots";
import { makeStatistics } from "./statistics-build";

const PLUGIN_NAME = literal("plugin_name");

/** Configures a root from the bytes that Envoy has for it; false refuses them. */
export function configureRoot(root: Root, size: u32): bool {
  refreshLogLevel();
  const bytes =
    size == 0
      ? emptySlice()
      : readBuffer(BufferKind.PluginConfiguration, DOCUMENT_SIZE_MAX_BYTES + 1);
  if (bytes == FAILED) {
    logText(LogLevel.Error, "the configuration could not be read from Envoy");
    return false;
  }
  beginBudget();
  const isGood = load(root, bytes);
  endBudget();
  if (size != 0) freeFromHost(startOf(bytes));
  noteConfigured(root);
  if (isGood) setTickPeriod(TICK_PERIOD_MS);
  return isGood;
}

function load(root: Root, bytes: Slice): bool {
  const name = property(PLUGIN_NAME);
  const id = property(PLUGIN_ROOT_ID);
  const plugin = name + ' (root "' + id + '")';
  if (!root.isAnnounced && !isRootId(id, rootIdOf(name, bytes), plugin)) return false;
  const report = new Report(plugin, ABSENT);
  const environment = new BuildEnvironment(report, root.region, new Schema(), name);
  const document = readDocument(bytes, root.region, report);
  let table: RuleTable | null = null;
  if (document !== null)
    table = buildRuleTable(document, environment, installedAdapters(), randomSeed());
  const labels = METRIC_LABELS.concat(environment.labels);
  root.description = describe(report, table, labels, environment);
  const texts = report.texts();
  const level = report.failed ? LogLevel.Error : LogLevel.Warn;
  for (let at = 0; at < texts.length; at++) logText(level, texts[at]);
  if (table === null) {
    root.region.free();
    return false;
  }
  root.programs = environment.programs.concat(environment.expressions.programs);
  table.documentHash = hash(bytes, environment.variables.hash);
  table.pluginName = root.region.text(name);
  root.rootId = root.region.text(id);
  root.bag = table.bag;
  const denial = new DenialState();
  root.check = new Check(table, denial, new QuotaCharger(table, denial), randomSeed());
  root.reporter = new Reporter(table);
  root.statistics = makeStatistics(table, environment.adapterNames, root.region);
  root.table = table;
  return true;
}

// Streams of two documents with one id could not be told apart: a pure function of the bytes, too.
function isRootId(id: string, expected: string, plugin: string): bool {
  if (id == expected) return true;
  logText(
    LogLevel.Error,
    plugin +
      ": this document's root_id must be " +
      expected +
      ", since proxy_on_context_create is not allowed: render it again, or allow it",
  );
  return false;
}

function property(path: Slice): string {
  const bytes = readProperty(path);
  if (!isPresent(bytes)) return "";
  const text = textOf(bytes);
  if (sizeOf(bytes) > 0) freeFromHost(startOf(bytes));
  return text;
}
