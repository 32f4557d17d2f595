// Allows and grants; reports keep the contract's default, which drops them. Hot: allocates nothing.

import { Grant, Handler, Lifetime, ListEntry, Quota, Verdict } from "../../assembly/sdk";

/** A billion seconds and uses, as in Mixer: longer than any cache keeps a verdict. */
const FOREVER = new Lifetime(1_000_000_000_000_000_000, 1_000_000_000);

/** Has no state. */
export class NoopHandler extends Handler {
  onCheckNothing(verdict: Verdict): void {
    verdict.allow(FOREVER);
  }

  onListEntry(entry: ListEntry, verdict: Verdict): void {
    verdict.allow(FOREVER);
  }

  onQuota(quota: Quota, grant: Grant): void {
    grant.give(quota.amount > 0 ? quota.amount : 0, FOREVER.durationNs);
  }
}
