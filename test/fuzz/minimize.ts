// Makes a failing input smaller while it still fails: halves, quarters, … single bytes are left out in turn.

const TRIAL_COUNT_MAX = 2_000;

/** The smallest input found for which `fails` still holds. */
export async function minimized(
  input: Buffer,
  fails: (smaller: Buffer) => Promise<boolean>,
): Promise<Buffer> {
  let best = input;
  let trials = 0;
  for (let size = best.length >> 1; size > 0; size >>= 1) {
    for (let at = 0; at < best.length && trials < TRIAL_COUNT_MAX; trials++) {
      const smaller = Buffer.concat([best.subarray(0, at), best.subarray(at + size)]);
      if (await fails(smaller)) best = smaller;
      else at += size;
    }
  }
  return best;
}
