// The local reply. Sent only where Envoy survives it: while request headers are being decided, when
// a paused stream gets its answer, and when response headers have come, in whose place it goes out;
// elsewhere it is refused (in on_log it would kill Envoy). Both.

import { proxy_send_local_response } from "@solo-io/proxy-runtime/assembly/imports";
import { Status } from "../shared/abi";
import { Slice, sizeOf, startOf } from "../memory/slice";
import { countHostFailure } from "./failures";
import { Stage, currentStage } from "./stage";

/** What a denied client gets. The slices live at least until `sendReply` returns. */
export class Reply {
  httpStatus: u32 = 0;
  /** google.rpc code for gRPC requests. */
  grpcStatus: i32 = 0;
  details: Slice = 0;
  body: Slice = 0;
  /** A packed pairs block; the empty slice for none. */
  headers: Slice = 0;
}

/** Answers the current stream; false when it was not sent. The callback must stop iteration. */
export function sendReply(reply: Reply): bool {
  const stage = currentStage();
  const isRequest = stage == Stage.RequestHeaders || stage == Stage.Answer;
  if (!isRequest && stage != Stage.ResponseHeaders) {
    countHostFailure();
    return false;
  }
  const bodySize = hasBody(reply.httpStatus) ? sizeOf(reply.body) : 0;
  const status = proxy_send_local_response(
    reply.httpStatus,
    startOf(reply.details),
    sizeOf(reply.details),
    startOf(reply.body),
    bodySize,
    startOf(reply.headers),
    sizeOf(reply.headers),
    <u32>reply.grpcStatus,
  );
  if (status == Status.Ok) return true;
  countHostFailure();
  return false;
}

// With these a client reads none (RFC 9110, sections 15.3.5, 15.3.6, 15.4.5): it would take the
// bytes, which another client may have chosen, for the next response.
function hasBody(httpStatus: u32): bool {
  return httpStatus != 204 && httpStatus != 205 && httpStatus != 304;
}
