// Builds the handler: the parts of each instance's lines that do not change, and the levels. Cold:
// runs while a document is loaded.

import {
  BuildContext,
  DiagnosticCode,
  LOG_LINE_SIZE_MAX_BYTES,
  Report,
  RoutedInstance,
  Slice,
  Template,
  Writer,
  nearestWord,
  randomSeed,
  sizeOf,
  textOf,
  writeJsonText,
} from "../../assembly/sdk";
import { StdioParams, levelOf } from "./config";
import { Levels, StdioHandler } from "./handler";
import { Level, Severities } from "./level";
import { LineShape, LineWriter } from "./line";

/** Least room for a value when a line has to be cut. */
const VALUE_SIZE_MIN_BYTES: usize = 64;
/** Room for keys and for the least of their values. */
const KEYS_SIZE_MAX_BYTES: usize = LOG_LINE_SIZE_MAX_BYTES / 2;
const TAKEN_NAMES: string[] = ["level", "time", "instance"];

// Mixer's severities and their levels.
const SEVERITIES: string[] = [
  "INFORMATIONAL",
  "informational",
  "INFO",
  "info",
  "WARNING",
  "warning",
  "WARN",
  "warn",
  "ERROR",
  "error",
  "ERR",
  "err",
  "FATAL",
  "fatal",
];
const FIRST_WARNING: i32 = 4;
const FIRST_ERROR: i32 = 8;

/** Severities of Istio's own documents that are meant to be INFO, as every unknown one is. */
const PLAIN_SEVERITIES: string[] = ["Info", "Informational", "Default", "default"];

/** The handler, or null after errors. */
export function buildHandler(params: StdioParams, context: BuildContext): StdioHandler | null {
  const instances = context.instances;
  const shapes: LineShape[] = [];
  for (let index = 0; index < instances.length; index++) {
    warnOfSeverity(instances[index], params, context.report);
    const shape = makeShape(instances[index], context);
    if (shape !== null) shapes.push(shape);
  }
  if (shapes.length < instances.length || context.report.failed) return null;
  const levels = new Levels(
    makeSeverities(params, context),
    <Level>params.metricLevel.value,
    <Level>params.outputLevel.value,
  );
  const writer = new LineWriter(params.outputAsJson.value, randomSeed());
  return new StdioHandler(StaticArray.fromArray(shapes), levels, writer);
}

// Mixer knew severities in capitals and in small letters alone: `Warning` became INFO, unsaid.
function warnOfSeverity(instance: RoutedInstance, params: StdioParams, report: Report): void {
  const severity = instance.severity;
  if (severity.length == 0 || params.severityLevels.value.keys.includes(severity)) return;
  if (SEVERITIES.includes(severity) || PLAIN_SEVERITIES.includes(severity)) return;
  const expected =
    "`info`, `warning`, `error` or `fatal`, small or in capitals, or one of `severityLevels`";
  const code = DiagnosticCode.UnknownSeverity;
  const near = nearestWord(severity, SEVERITIES);
  report.warning(code, instance.place, severity, expected, near);
}

function makeShape(instance: RoutedInstance, context: BuildContext): LineShape | null {
  const region = context.region;
  const variables = instance.dimensions;
  const count = variables === null ? 0 : variables.count;
  const keys = new StaticArray<Slice>(count);
  let keysSize: usize = 0;
  for (let position = 0; position < count; position++) {
    const name = variables!.name(position);
    if (isTaken(textOf(name), instance.template)) {
      const expected = "another name: the line has a field of this one";
      const code = DiagnosticCode.DuplicateEntry;
      context.report.error(code, instance.place, textOf(name), expected);
    }
    keys[position] = jsonText(name, context, true);
    keysSize += sizeOf(keys[position]);
  }
  const room = <usize>(count + 1) * VALUE_SIZE_MIN_BYTES + keysSize;
  if (room > KEYS_SIZE_MAX_BYTES) {
    const expected = "fewer or shorter names, so that a line can hold them";
    const code = DiagnosticCode.TooManyEntries;
    context.report.error(code, instance.place, count.toString(), expected);
    return null;
  }
  const name = region.text(instance.name);
  return new LineShape(name, jsonText(name, context, false), variables, keys, keysSize);
}

function isTaken(name: string, template: Template): bool {
  return TAKEN_NAMES.includes(name) || (template == Template.Metric && name == "value");
}

// A text as a JSON string, as a key with what stands around it.
function jsonText(text: Slice, context: BuildContext, isKey: bool): Slice {
  const capacity = sizeOf(text) * 6 + 8;
  const out = new Writer();
  out.open(context.region.take(capacity), capacity);
  if (isKey) out.byte(44);
  writeJsonText(out, text);
  if (isKey) out.byte(58);
  return out.written;
}

// The document's severities come first, so that they win over the known ones.
function makeSeverities(params: StdioParams, context: BuildContext): Severities {
  const given = params.severityLevels.value;
  const count = given.size + SEVERITIES.length;
  const names = new StaticArray<Slice>(count);
  const levels = new StaticArray<i32>(count);
  for (let index = 0; index < given.size; index++) {
    names[index] = context.region.text(given.keys[index]);
    levels[index] = levelOf(given.values[index]);
  }
  for (let index = 0; index < SEVERITIES.length; index++) {
    const at = given.size + index;
    names[at] = context.region.text(SEVERITIES[index]);
    levels[at] = index < FIRST_WARNING ? Level.Info : Level.Warning;
    if (index >= FIRST_ERROR) levels[at] = Level.Error;
  }
  return new Severities(names, levels);
}
