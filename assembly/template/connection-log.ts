// One line for each change of a connection's state, never one for each call. Hot.

import { LogLevel } from "../shared/abi";
import { takeArena } from "../memory/arena";
import { literal } from "../memory/literal";
import { Slice } from "../memory/slice";
import { Writer } from "../memory/writer";
import { isLogged, writeLog } from "../abi/log";

const LINE_SIZE_MAX_BYTES: usize = 1024;
const HANDLER = literal("handler ");
const CLUSTER = literal(", cluster ");
const COLON = literal(": ");

const line = new Writer();

/** Writes `handler NAME, cluster NAME: what`. */
export function logConnection(level: LogLevel, handler: Slice, cluster: Slice, what: Slice): void {
  if (!isLogged(level)) return;
  const at = takeArena(LINE_SIZE_MAX_BYTES);
  if (at == 0) return;
  line.open(at, LINE_SIZE_MAX_BYTES);
  line.bytes(HANDLER);
  line.bytes(handler);
  line.bytes(CLUSTER);
  line.bytes(cluster);
  line.bytes(COLON);
  line.bytes(what);
  writeLog(level, line.written);
}
