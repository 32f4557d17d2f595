// Waiting without sleeping blindly: asks again until the answer is there or the deadline has passed.

import { setTimeout as sleep } from 'node:timers/promises';

const STEP_MS = 20;

/** The first value of `ask` that is not null; throws when none came in time. Errors of `ask` count as "not yet". */
export async function poll<T>(
  what: string,
  timeoutMs: number,
  ask: () => Promise<T | null> | T | null,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let last: unknown = null;
  for (;;) {
    try {
      const value = await ask();
      if (value !== null) return value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline)
      throw new Error(`${what}: not within ${timeoutMs} ms`, { cause: last });
    await sleep(STEP_MS);
  }
}
