// The check cache of one document: first this worker's verdicts, then those that all workers share.
// Failures are not kept, nor verdicts that carry one caller's headers or body. Hot.

import { hash } from "../memory/bytes";
import { ABSENT, FAILED, Slice, isPresent } from "../memory/slice";
import { monotonicNanos } from "../abi/clock";
import { Outcome, Verdict } from "../template/verdict";
import { findCached, keepCached } from "./check-cache";
import {
  SharedEntry,
  shareVerdict,
  sharedExpiryNs,
  sharedUses,
  takeSharedVerdict,
} from "./shared-cache";
import { readVerdict, writeVerdict } from "./verdict-blob";

// All workers must come to the same bucket.
const SEED: u64 = 0x6d69786572;
const entry = new SharedEntry();

/** Fills the verdict from a cache; false when nobody remembers one. */
export function recallVerdict(plugin: Slice, key: Slice, verdict: Verdict): bool {
  const now = monotonicNanos();
  const code = hash(key, SEED);
  let value = findCached(key, code, now);
  if (!isPresent(value)) {
    value = takeSharedVerdict(plugin, key, code, now);
    if (!isPresent(value)) return false;
    // This use counts as well.
    const left = sharedUses > 0 ? sharedUses - 1 : sharedUses;
    if (left != 0) keepCached(key, code, value, sharedExpiryNs, left);
  }
  return readVerdict(value, verdict);
}

/** Keeps a verdict for as long and as often as its adapter allows. */
export function rememberVerdict(plugin: Slice, key: Slice, verdict: Verdict): void {
  if (verdict.outcome != Outcome.Allowed && verdict.outcome != Outcome.Denied) return;
  if (verdict.durationNs <= 0 || verdict.useCount == 0 || verdict.isPersonal) return;
  const value = writeVerdict(verdict);
  if (value == FAILED || value == ABSENT) return;
  const now = monotonicNanos();
  const expiry = now + <u64>verdict.durationNs;
  const code = hash(key, SEED);
  entry.key = key;
  entry.value = value;
  entry.hash = code;
  entry.expiryNs = expiry;
  entry.uses = verdict.useCount;
  shareVerdict(plugin, entry, now);
  // This worker takes its part as any other would when it asks.
  const shared = takeSharedVerdict(plugin, key, code, now);
  if (isPresent(shared)) keepCached(key, code, shared, expiry, sharedUses);
}
