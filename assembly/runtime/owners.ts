// Whose stream it is where Envoy announces no contexts, because proxy_on_context_create is not
// allowed: that callback would be a tenth of what a short check costs. The only root owns every
// stream; among several, as after a reload, the stream's `plugin_root_id` tells, which stands for
// one document (root-id.ts). Whom nobody owns is not served. Hot.

import { literal } from "../memory/literal";
import { equal } from "../memory/bytes";
import { isPresent } from "../memory/slice";
import { readProperty } from "../abi/properties";
import { actOn, isGone } from "../abi/streams";
import { Root } from "./root";
import { forgetStream } from "./stream-end";
import { addStream, contextAt, grow, isCrowded, isHalfCrowded, placeCount } from "./streams";

/** The path of the plugin's `root_id`, which a stream can read as well. */
export const PLUGIN_ROOT_ID = literal("plugin_root_id");

/** First of the roots that own streams unannounced, the newest; 0 = none. */
let first: usize = 0;

/** The entry of a stream that was not announced; 0 where it has no owner, or no memory. */
export function adopt(context: u32): usize {
  const newest = first;
  if (newest == 0) return 0;
  const owner = changetype<Root>(newest).next == 0 ? newest : ownerByRootId(newest);
  if (owner == 0) return 0;
  if (isCrowded()) makeRoom(context);
  return addStream(context, <u32>owner);
}

// Where a filter sees no log and no end of its streams, as one that was written for a listener does
// behind a cluster, they are found by asking, once for each size of the table.
function makeRoom(context: u32): void {
  let place: u32 = 0;
  while (place < placeCount()) {
    const other = contextAt(place);
    // What is forgotten may bring another one to its place.
    if (other == 0 || !isGone(other) || !forgetStream(other)) place++;
  }
  actOn(context);
  if (isHalfCrowded()) grow();
}

/** From now on streams may be this root's. */
export function addOwner(root: Root): void {
  removeOwner(root);
  root.next = first;
  first = changetype<usize>(root);
}

/** No stream is this root's any more. */
export function removeOwner(root: Root): void {
  let before: usize = 0;
  for (let at = first; at != 0; at = changetype<Root>(at).next) {
    if (at == changetype<usize>(root)) {
      if (before == 0) first = root.next;
      else changetype<Root>(before).next = root.next;
      return;
    }
    before = at;
  }
}

function ownerByRootId(newest: usize): usize {
  const id = readProperty(PLUGIN_ROOT_ID);
  if (!isPresent(id)) return 0;
  let at = newest;
  while (at != 0 && !equal(changetype<Root>(at).rootId, id)) at = changetype<Root>(at).next;
  return at;
}
