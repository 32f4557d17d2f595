// Lines of a rule for Envoy's log. Hot: rendered in the arena.

import { LogLevel } from "../shared/abi";
import { RULE_LOG_LINE_SIZE_MAX_BYTES } from "../shared/limits";
import { literal } from "../memory/literal";
import { takeArena } from "../memory/arena";
import { Slice } from "../memory/slice";
import { Writer } from "../memory/writer";
import { isLogged, writeLog } from "../abi/log";
import { Bag } from "../attribute/bag";
import { Escape, renderTemplate, takeTemplateFailures } from "../expression/interpolation-render";
import { TextTemplate } from "../expression/template-piece";

const RULE = literal("rule ");
const COLON = literal(": ");

const line = new Writer();

/** What a rule writes in one phase. */
export class LogLine {
  constructor(
    readonly level: LogLevel,
    readonly message: TextTemplate,
  ) {}
}

/** Writes the line of the rule with this name; gives how many of its expressions failed. */
export function writeLogLine(log: LogLine, rule: Slice, bag: Bag): u64 {
  if (!isLogged(log.level)) return 0;
  const at = takeArena(RULE_LOG_LINE_SIZE_MAX_BYTES);
  if (at == 0) return 0;
  line.open(at, RULE_LOG_LINE_SIZE_MAX_BYTES);
  line.bytes(RULE);
  line.bytes(rule);
  line.bytes(COLON);
  renderTemplate(log.message, bag, line, Escape.Json);
  writeLog(log.level, line.written);
  return takeTemplateFailures();
}
