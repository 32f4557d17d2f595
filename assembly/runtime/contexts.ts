// Which context is what: roots and streams come and go through here. Both: a stream's creation and
// end are hot, a root's are not.

import { forgetStream, onCalloutAnswer } from "./lifecycle";
import { createRoot, endRoot } from "./lifecycle-root";
import { Root } from "./root";
import { rootById } from "./roots";
import { addStream } from "./streams";

// The last root that was asked for: streams ask often, and mostly for the same one.
let lastId: u32 = 0;
let last: usize = 0;

/** A root context (parent 0) or a stream of one has been created. */
export function onContextCreate(context: u32, parent: u32): void {
  if (parent == 0) {
    createRoot(context);
    return;
  }
  if (parent != lastId || last == 0) find(parent);
  if (last != 0) addStream(context, <u32>last);
}

/** A context is gone. */
export function onDelete(context: u32): void {
  if (forgetStream(context)) return;
  endRoot(context);
  last = 0;
}

/** A callout has answered, on the root context that made it. */
export function onCalloutResponse(root: u32, token: u32, headerCount: u32, bodySize: u32): void {
  find(root);
  if (last != 0) onCalloutAnswer(changetype<Root>(last), token, headerCount, bodySize);
}

function find(id: u32): void {
  const root = rootById(id);
  lastId = id;
  last = root === null ? 0 : changetype<usize>(root);
}
