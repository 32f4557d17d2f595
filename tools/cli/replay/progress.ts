// How far a replay has come, on stderr: one line that is written over on a terminal, else a line now and then.

import { createLog } from '../output.ts';
import type { LogProgress } from './lines.ts';

const TERMINAL_INTERVAL_MS = 200;
const LOG_INTERVAL_MS = 10_000;
/** The clock is looked at once in so many requests. */
const STRIDE = 256;

export class Progress {
  readonly #log: LogProgress;
  readonly #isTerminal = process.stderr.isTTY;
  #shownMs = Date.now();
  #hasLine = false;

  constructor(log: LogProgress) {
    this.#log = log;
  }

  update(requests: number): void {
    if (requests % STRIDE !== 0) return;
    const now = Date.now();
    if (now - this.#shownMs < (this.#isTerminal ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS)) return;
    this.#shownMs = now;
    const { readBytes, sizeBytes } = this.#log;
    const share = sizeBytes === null ? '' : `, ${Math.floor((100 * readBytes) / sizeBytes)} %`;
    const line = `${requests.toLocaleString('en-US')} requests${share}`;
    if (!this.#isTerminal) createLog().info(line);
    else process.stderr.write(`\r${line}`);
    this.#hasLine = this.#isTerminal;
  }

  /** Takes the line away. */
  end(): void {
    if (this.#hasLine) process.stderr.write('\r\u001b[K');
  }
}
