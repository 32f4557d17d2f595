// Levels of lines, and which severity has which. Hot: a severity is compared with those that are
// known, all of them made while the document was loaded.

import { LogLevel, Slice, equal, literal } from "../../assembly/sdk";

/** Mixer's levels. */
export const enum Level {
  Info = 0,
  Warning = 1,
  Error = 2,
}

const INFO = literal("info");
const WARN = literal("warn");
const ERROR = literal("error");

/** How a line names its level. */
export function levelText(level: Level): Slice {
  if (level == Level.Info) return INFO;
  return level == Level.Warning ? WARN : ERROR;
}

/** The level in Envoy's log. */
export function logLevel(level: Level): LogLevel {
  if (level == Level.Info) return LogLevel.Info;
  return level == Level.Warning ? LogLevel.Warn : LogLevel.Error;
}

/** Severities and their levels. */
export class Severities {
  constructor(
    private readonly names: StaticArray<Slice>,
    private readonly levels: StaticArray<i32>,
  ) {}

  /** The level of a severity: the first that has this name, INFO when none has. */
  levelOf(severity: Slice): Level {
    for (let index = 0; index < this.names.length; index++) {
      if (equal(unchecked(this.names[index]), severity)) {
        return <Level>unchecked(this.levels[index]);
      }
    }
    return Level.Info;
  }
}
