// How long a piece of work holds the thread that does it, which is what a worker's requests wait for. Where the
// collector of this process would disturb that, the test lets it run before.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

/** Collects what was left behind: young objects, or the whole heap. */
export const collect = runInNewContext('gc') as (options: { type: 'minor' | 'major' }) => void;

/**
 * How long this thread was held, at most: neither longer than what all threads of the process used, those that compile
 * and collect among them, nor than what the clock on the wall shows, other processes included.
 */
export function heldMs(work: () => void): number {
  const usage = process.cpuUsage();
  const startedMs = performance.now();
  work();
  const wallMs = performance.now() - startedMs;
  return Math.min(process.cpuUsage(usage).user / 1000, wallMs);
}
