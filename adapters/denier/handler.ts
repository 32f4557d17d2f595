// Denies. The engine maps the code to an HTTP status and writes its name. Hot: allocates nothing.

import { Grant, Handler, Lifetime, ListEntry, Quota, Status, Verdict } from "../../assembly/sdk";

/** One configured denial. */
export class DenierHandler extends Handler {
  constructor(
    private readonly status: Status,
    private readonly lifetime: Lifetime,
  ) {
    super();
  }

  onCheckNothing(verdict: Verdict): void {
    verdict.deny(this.status, this.lifetime);
  }

  onListEntry(entry: ListEntry, verdict: Verdict): void {
    verdict.deny(this.status, this.lifetime);
  }

  onQuota(quota: Quota, grant: Grant): void {
    grant.nothing();
  }
}
