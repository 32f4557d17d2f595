// Looks a value up and says what Mixer said: `… is blacklisted`, `… is not whitelisted`. Hot:
// allocates nothing managed.

import {
  Code,
  Handler,
  Lifetime,
  ListEntry,
  Slice,
  ValueType,
  Verdict,
  literal,
  typeAt,
} from "../../assembly/sdk";
import { Entries, Found } from "./entries";
import { messageAbout } from "./value-text";

const BLACKLISTED: Slice = literal(" is blacklisted");
const NOT_WHITELISTED: Slice = literal(" is not whitelisted");
const NOT_AN_ADDRESS: Slice = literal(" is not a valid IP address");
const WRONG_TYPE: Slice = literal("a list entry is a STRING or an IP_ADDRESS");

/** One list. */
export class ListHandler extends Handler {
  constructor(
    private readonly entries: Entries,
    private readonly isBlacklist: bool,
    private readonly lifetime: Lifetime,
  ) {
    super();
  }

  onListEntry(entry: ListEntry, verdict: Verdict): void {
    const cell = entry.cell;
    const type = typeAt(cell);
    if (type != ValueType.String && type != ValueType.IpAddress) {
      verdict.denyWith(Code.InvalidArgument, WRONG_TYPE, this.lifetime);
      return;
    }
    const found = this.entries.find(cell);
    if (found == Found.NotComparable) {
      const message = messageAbout(cell, NOT_AN_ADDRESS);
      verdict.denyWith(Code.InvalidArgument, message, this.lifetime);
    } else if ((found == Found.Yes) != this.isBlacklist) {
      verdict.allow(this.lifetime);
    } else {
      const message = messageAbout(cell, this.isBlacklist ? BLACKLISTED : NOT_WHITELISTED);
      verdict.denyWith(Code.PermissionDenied, message, this.lifetime);
    }
  }
}
