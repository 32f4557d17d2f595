// Where the entries of a list come from when they are fetched: what a handler sees of it. Hot.

import { Answer, Connection, Slice } from "../../assembly/sdk";
import { Entries } from "./entries";

/** What its handler tells a list on each tick. */
export class Asker {
  constructor(
    /** For the log and the metrics. */
    readonly handlerName: Slice,
    readonly connection: Connection,
    readonly refreshNs: u64,
    /** How long a list is used after it was last known to be good. */
    readonly ttlNs: u64,
  ) {}
}

/** A fetched list of this VM; handlers with the same provider share it. */
export abstract class ListSource {
  /** The list in force; null before the first one was built. */
  entries: Entries | null = null;
  /** When it was last known to be good, by the monotonic clock; 0 = never. */
  fetchedNs: u64 = 0;
  /** How any worker's last attempt failed: a FetchFailure or an HTTP status; 0 = it did not. */
  failure: u32 = 0;

  /** Asks, reads or builds what is due. */
  abstract tick(asker: Asker): void;

  /** The provider has answered, or never will. */
  abstract deliver(answer: Answer): void;

  /** A handler is gone; with the last one the list is forgotten. */
  abstract release(): void;
}
