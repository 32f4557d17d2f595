// Waiting for something with a deadline. The only place in the tools that looks at a clock to wait.

import { setTimeout as sleep } from 'node:timers/promises';

const POLL_INTERVAL_MS = 20;

/** The first result that is neither false, null nor undefined; null when the deadline passes before. */
export async function poll<T>(
  attempt: () => T | Promise<T>,
  timeoutMs: number,
  intervalMs = POLL_INTERVAL_MS,
): Promise<Exclude<T, false | null | undefined> | null> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const result = await attempt();
    if (result !== false && result !== null && result !== undefined)
      return result as Exclude<T, false | null | undefined>;
    if (Date.now() >= deadline) return null;
    await sleep(intervalMs);
  }
}
