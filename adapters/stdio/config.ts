// Parameters of the stdio adapter, with Mixer's names. A filter opens no files: what belongs to
// files is refused or said to have no effect. Cold: read while a document is loaded.

import {
  BoolField,
  ChoiceField,
  DiagnosticCode,
  Field,
  IntField,
  Params,
  Report,
  TextField,
  TextMapField,
  nearestWord,
} from "../../assembly/sdk";
import { Level } from "./level";

const LEVEL_NAMES: string[] = ["INFO", "WARNING", "ERROR"];
const LEVELS: i32[] = [Level.Info, Level.Warning, Level.Error];

/** Where Mixer wrote. */
export const enum Stream {
  Stdout = 0,
  Stderr = 1,
  File = 2,
  RotatedFile = 3,
}

/** Parameters of the adapter `stdio`. */
export class StdioParams extends Params {
  /** `STDOUT` or `STDERR`, which mean the same here: Envoy's log. The files are refused. */
  readonly logStream: ChoiceField = this.choiceField(
    "logStream",
    Stream.Stdout,
    ["STDOUT", "STDERR", "FILE", "ROTATED_FILE"],
    [Stream.Stdout, Stream.Stderr, Stream.File, Stream.RotatedFile],
  );

  /**
   * The level (`INFO`, `WARNING` or `ERROR`) of further severities, or other levels for those that
   * are known. A severity that is not known is `INFO`.
   */
  readonly severityLevels: TextMapField = this.textMapField("severityLevels", true);

  /** The level of metrics. */
  readonly metricLevel: ChoiceField = this.choiceField(
    "metricLevel",
    Level.Info,
    LEVEL_NAMES,
    LEVELS,
  );

  /** Whether a line is a JSON object; else it is text with the variables as JSON behind it. */
  readonly outputAsJson: BoolField = this.boolField("outputAsJson", true);

  /** Lines below this level are not written. */
  readonly outputLevel: ChoiceField = this.choiceField(
    "outputLevel",
    Level.Info,
    LEVEL_NAMES,
    LEVELS,
  );

  /** Belongs to files, which are refused. */
  readonly outputPath: TextField = this.textField("outputPath", "");

  /** Belongs to files; without effect. */
  readonly maxMegabytesBeforeRotation: IntField = this.intField(
    "maxMegabytesBeforeRotation",
    104_857_600,
    0,
    i64.MAX_VALUE,
  );

  /** Belongs to files; without effect. */
  readonly maxDaysBeforeRotation: IntField = this.intField(
    "maxDaysBeforeRotation",
    30,
    0,
    i64.MAX_VALUE,
  );

  /** Belongs to files; without effect. */
  readonly maxRotatedFiles: IntField = this.intField("maxRotatedFiles", 1000, 0, i64.MAX_VALUE);

  verify(report: Report): void {
    const isFile = this.logStream.value >= Stream.File;
    if (isFile) {
      const found = this.logStream.value == Stream.File ? "FILE" : "ROTATED_FILE";
      const expected = "STDOUT or STDERR: a filter writes to Envoy's log and opens no files";
      report.error(DiagnosticCode.UnknownChoice, this.logStream.place(), found, expected);
    } else if (this.outputPath.value.length > 0) {
      const expected = "no `outputPath`: lines go to Envoy's log (`envoy --log-path`)";
      const code = DiagnosticCode.ConflictingFields;
      report.error(code, this.outputPath.place(), "logStream` and `outputPath", expected);
    }
    warn(this.maxMegabytesBeforeRotation, report);
    warn(this.maxDaysBeforeRotation, report);
    warn(this.maxRotatedFiles, report);
    this.verifyLevels(report);
  }

  private verifyLevels(report: Report): void {
    const map = this.severityLevels.value;
    for (let index = 0; index < map.size; index++) {
      const level = map.values[index];
      if (levelOf(level) >= 0) continue;
      const code = DiagnosticCode.UnknownChoice;
      const place = map.nodes[index].place();
      const expected = "one of " + LEVEL_NAMES.join(", ");
      report.error(code, place, level, expected, nearestWord(level, LEVEL_NAMES));
    }
  }
}

/** The level with this name, or with this number as Mixer's samples write it; -1: there is none. */
export function levelOf(name: string): i32 {
  for (let at = 0; at < LEVELS.length; at++) {
    if (name == LEVEL_NAMES[at] || name == LEVELS[at].toString()) return LEVELS[at];
  }
  return -1;
}

function warn(field: Field, report: Report): void {
  if (!field.isSet) return;
  report.warning(DiagnosticCode.NoEffect, field.place(), field.name, "nothing: no file is written");
}
