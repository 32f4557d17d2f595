// Counts host calls that were refused for a reason that should not occur. The runtime hands the
// count to Envoy as `mixer_host_failures_total`. Both.

let failures: u64 = 0;

/** One more host call failed. */
export function countHostFailure(): void {
  failures++;
}

/** How many have failed since the last call; starts over at 0. */
export function takeHostFailures(): u64 {
  const count = failures;
  failures = 0;
  return count;
}
