// Lines in Envoy's log. The level is asked once per tick, so that a line below it costs nothing.
// Both.

import { proxy_log } from "@solo-io/proxy-runtime/assembly/imports";
import { LogLevel } from "../shared/abi";
import { Slice, sizeOf, startOf } from "../memory/slice";
import { OUT_NUMBER } from "./out";

// @ts-ignore: decorator
@external("env", "proxy_get_log_level")
declare function proxy_get_log_level(out: usize): u32;

let leastLevel: u32 = LogLevel.Info;

/** Asks the host for its log level; on_configure and on_tick call it. */
export function refreshLogLevel(): void {
  if (proxy_get_log_level(OUT_NUMBER) == 0) leastLevel = load<u32>(OUT_NUMBER);
}

/** Whether a line of this level would be written. */
// @ts-ignore: decorator
@inline
export function isLogged(level: LogLevel): bool {
  return <u32>level >= leastLevel;
}

/** Writes one line. */
export function writeLog(level: LogLevel, line: Slice): void {
  if (isLogged(level)) proxy_log(<usize>level, startOf(line), sizeOf(line));
}

/** Writes a string as one entry: for configuration only. */
export function logText(level: LogLevel, text: string): void {
  const bytes = String.UTF8.encode(text);
  proxy_log(<usize>level, changetype<usize>(bytes), bytes.byteLength);
}
