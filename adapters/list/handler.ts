// Looks a value up and says what Mixer said: `… is blacklisted`, `… is not whitelisted`. Hot:
// allocates nothing managed.

import {
  Answer,
  Code,
  Handler,
  Lifetime,
  ListEntry,
  Slice,
  ValueType,
  Verdict,
  literal,
  monotonicNanos,
  typeAt,
} from "../../assembly/sdk";
import { Entries, Found } from "./entries";
import { Asker, ListSource } from "./source";
import { messageAbout } from "./value-text";
import { whyNoList } from "./why-no-list";

const BLACKLISTED: Slice = literal(" is blacklisted");
const NOT_WHITELISTED: Slice = literal(" is not whitelisted");
const NOT_AN_ADDRESS: Slice = literal(" is not a valid IP address");
const WRONG_TYPE: Slice = literal("a list entry is a STRING or an IP_ADDRESS");

/** One list. */
export class ListHandler extends Handler {
  constructor(
    private readonly overrides: Entries,
    private readonly isBlacklist: bool,
    private readonly lifetime: Lifetime,
  ) {
    super();
  }

  // The provider is asked on the tick, never for a request.
  get isRemote(): bool {
    return false;
  }

  onListEntry(entry: ListEntry, verdict: Verdict): void {
    const cell = entry.cell;
    const type = typeAt(cell);
    if (type != ValueType.String && type != ValueType.IpAddress) {
      verdict.denyWith(Code.InvalidArgument, WRONG_TYPE, this.lifetime);
      return;
    }
    this.judge(cell, this.overrides.find(cell), verdict);
  }

  /** Says what a look-up means. */
  protected judge(cell: usize, found: Found, verdict: Verdict): void {
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

/** A list that is fetched; the entries of the document are merged into it. */
export class FetchedListHandler extends ListHandler {
  private isLive: bool = false;

  constructor(
    private readonly added: Entries,
    isBlacklist: bool,
    lifetime: Lifetime,
    private readonly source: ListSource,
    private readonly asker: Asker,
  ) {
    super(added, isBlacklist, lifetime);
    this.look();
  }

  onListEntry(entry: ListEntry, verdict: Verdict): void {
    const entries = this.source.entries;
    if (entries === null || !this.isLive) {
      verdict.fail(Code.Unavailable, whyNoList(this.source.failure, this.source.fetchedNs != 0));
      return;
    }
    const cell = entry.cell;
    const type = typeAt(cell);
    if (type != ValueType.String && type != ValueType.IpAddress) {
      super.onListEntry(entry, verdict);
      return;
    }
    let found = entries.find(cell);
    if (found == Found.No) found = this.added.find(cell);
    this.judge(cell, found, verdict);
  }

  onTick(nowNs: u64): void {
    this.source.tick(this.asker);
    this.look();
  }

  onDelivery(answer: Answer): void {
    this.source.deliver(answer);
  }

  close(): void {
    this.source.release();
  }

  // Whether the list is younger than `ttl`.
  private look(): void {
    const fetchedNs = this.source.fetchedNs;
    this.isLive = fetchedNs != 0 && monotonicNanos() - fetchedNs <= this.asker.ttlNs;
  }
}
