// The lines that a rule writes to Envoy's log: `requestLog` and `responseLog`. Cold.

import { LogLevel } from "../shared/abi";
import { Phase } from "../shared/phases";
import { ObjectReader } from "../config/object-reader";
import { failType } from "../config/value-reader";
import { compileTemplate } from "../expression/interpolation";
import { BuildEnvironment } from "./build-context";
import { LogLine } from "./log-line";

const NAMES: string[] = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "CRITICAL"];

/** Reads the field of a rule; null: it has none, or a wrong one. */
export function readLogLine(
  environment: BuildEnvironment,
  parent: ObjectReader,
  field: string,
  phase: Phase,
): LogLine | null {
  const node = parent.object(field);
  if (node === null) return null;
  const reader = new ObjectReader(node, environment.report, "a log line");
  const message = reader.required("message");
  const level = <LogLevel>reader.word("level", LogLevel.Info, NAMES);
  reader.finish();
  if (message === null) return null;
  if (!message.isText) {
    failType(message, environment.report, "a string");
    return null;
  }
  const template = compileTemplate(environment.expressions, message, message.text, phase);
  return template === null ? null : new LogLine(level, template);
}
