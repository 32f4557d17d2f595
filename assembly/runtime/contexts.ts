// Which context is what: roots and streams come and go through here. Both: a stream's creation and
// end are hot, a root's are not.

import { Answer } from "../template/answer";
import { onAnswer } from "./answers";
import { createRoot, endRoot } from "./lifecycle-root";
import { Root } from "./root";
import { rootById } from "./roots";
import { forgetStream } from "./stream-end";
import { addStream } from "./streams";
import { LINKS_BACKENDS } from "../template/linked";

const answer = new Answer();

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

/** A context is gone. A stream has been forgotten with its log, which an upstream filter lacks. */
export function onDelete(context: u32): void {
  if (forgetStream(context)) return;
  endRoot(context);
  last = 0;
}

/** An HTTP call of this root has ended. */
export function onHttpAnswer(root: u32, token: u32, headerCount: u32, bodySize: u32): void {
  if (!LINKS_BACKENDS) return;
  find(root);
  if (last == 0) return;
  answer.setHttp(token, headerCount, bodySize);
  onAnswer(changetype<Root>(last), answer);
}

/** A gRPC call of this root has ended: with a message, or with a status other than OK. */
export function onGrpcAnswer(root: u32, token: u32, status: i32, messageSize: u32): void {
  if (!LINKS_BACKENDS) return;
  find(root);
  if (last == 0) return;
  answer.setGrpc(token, status, messageSize);
  onAnswer(changetype<Root>(last), answer);
}

function find(id: u32): void {
  const root = rootById(id);
  lastId = id;
  last = root === null ? 0 : changetype<usize>(root);
}
