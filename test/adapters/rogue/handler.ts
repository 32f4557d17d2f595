// Hot: denies one value, traps on another, allows all others.

import {
  Code,
  Handler,
  Lifetime,
  ListEntry,
  Slice,
  Verdict,
  equal,
  literal,
  textAt,
} from "../../../assembly/sdk";

const CLOSED: Slice = literal("closed");
const TRAP: Slice = literal("trap");
const NOT_KEPT = new Lifetime(0, 0);

/** Decides by the value alone. */
export class RogueHandler extends Handler {
  onListEntry(entry: ListEntry, verdict: Verdict): void {
    const value = textAt(entry.cell);
    if (equal(value, TRAP)) unreachable();
    if (equal(value, CLOSED)) verdict.denyWith(Code.PermissionDenied, CLOSED, NOT_KEPT);
  }
}
