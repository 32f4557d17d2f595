// The lines that the guest wrote, and those that Envoy's `wasm` logger would add about it. Nothing is printed.

import { LOG_LEVELS } from './abi.ts';
import type { LogLevel } from './abi.ts';

export interface LogLine {
  readonly level: LogLevel;
  readonly text: string;
  /** The context that wrote it; 0 is the VM itself, -1 the host. */
  readonly context: number;
  /** `canary`, `main`, or `worker 0` and so on. */
  readonly vm: string;
}

/** Oldest lines are dropped beyond this, so that a fuzzer's memory stays flat. */
const LINE_COUNT_MAX = 100_000;

export class Logs {
  readonly lines: LogLine[] = [];
  level: LogLevel;

  constructor(level: LogLevel) {
    this.level = level;
  }

  /** As Envoy's logger: a line below the level is taken and thrown away. */
  write(line: LogLine): void {
    if (LOG_LEVELS.indexOf(line.level) < LOG_LEVELS.indexOf(this.level)) return;
    if (this.lines.length >= LINE_COUNT_MAX) this.lines.splice(0, LINE_COUNT_MAX / 2);
    this.lines.push(line);
  }

  /** A line of Envoy's own about a VM. */
  host(level: LogLevel, vm: string, text: string): void {
    this.write({ level, text, context: -1, vm });
  }
}
