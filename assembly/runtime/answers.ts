// The end of a call finds its owner: the stream that waits, the rule in SHADOW mode
// that asked for it, or the handler that reported. A token
// without owner (Envoy reports some that nobody was given) changes nothing. Hot.

import { Stage } from "../abi/stage";
import { Answer } from "../template/answer";
import {
  NO_STREAM,
  SHADOW,
  STREAM_GONE,
  callConnection,
  callShadow,
  callStream,
  findCall,
  removeCall,
} from "../template/call-table";
import { Connection } from "../template/connection";
import { resume } from "./connection";
import { begin } from "./lifecycle";
import { Root } from "./root";
import { LINKS_BACKENDS } from "../template/linked";

/** A call that a root context made has ended. */
export function onAnswer(root: Root, answer: Answer): void {
  if (!LINKS_BACKENDS) return;
  begin(Stage.Answer);
  const entry = findCall(answer.token);
  if (entry == 0) return;
  const stream = callStream(entry);
  const connection = callConnection(entry);
  const shadow = callShadow(entry);
  removeCall(entry);
  if (connection != 0) changetype<Connection>(connection).end(answer);
  if (stream == STREAM_GONE) return;
  if (stream == SHADOW) {
    root.check!.shadow.take(shadow, answer);
    return;
  }
  if (stream != NO_STREAM) resume(root, <usize>stream, answer);
  else if (connection != 0) deliver(root, changetype<Connection>(connection), answer);
}

function deliver(root: Root, connection: Connection, answer: Answer): void {
  const table = root.table;
  if (table === null || connection.handlerNumber >= table.handlers.length) return;
  const handler = unchecked(table.handlers[connection.handlerNumber]);
  if (changetype<usize>(handler.connection) == changetype<usize>(connection)) {
    handler.onDelivery(answer);
  }
}
