// What a document with `peers: HEADERS` needs to introduce this proxy to others and to read who
// they are. Both: built cold, immutable while it serves.

import { Slice } from "../memory/slice";

/** One document's part in the exchange. */
export class PeerExchange {
  constructor(
    /** Slots of the two request headers. */
    readonly metadataSlot: i32,
    readonly idSlot: i32,
    /** Whether something reads who the upstream is. */
    readonly readsUpstream: bool,
    /** The own node's metadata as the header has it, and its id; empty without a node. */
    readonly metadata: Slice,
    readonly id: Slice,
  ) {}
}
