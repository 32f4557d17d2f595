// Resuming a paused request or connection, closing a connection, acting on a stream from another
// context's callback, and asking whether a context is gone. Refused outside of the callbacks where
// Envoy survives them. Both.

import {
  proxy_close_stream,
  proxy_continue_stream,
  proxy_set_effective_context,
} from "@solo-io/proxy-runtime/assembly/imports";
import { Status } from "../shared/abi";
import { countHostFailure } from "./failures";
import { Stage, currentStage } from "./stage";

const STREAM_REQUEST: i32 = 0;
const STREAM_DOWNSTREAM: i32 = 2;

/** Makes the next host calls act on this stream or root; false when it is gone. */
export function actOn(context: u32): bool {
  return proxy_set_effective_context(context) == Status.Ok;
}

/**
 * Whether Envoy knows this stream or root no more; false where it may not be asked. The next host
 * calls act on the context if it is there: `actOn` has to follow.
 */
export function isGone(context: u32): bool {
  return proxy_set_effective_context(context) == Status.BadArgument;
}

/** Lets the request of the current, paused stream go on. Call it once for each pause. */
export function continueRequest(): void {
  if (currentStage() != Stage.Answer || proxy_continue_stream(STREAM_REQUEST) != Status.Ok) {
    countHostFailure();
  }
}

/** Lets the bytes of the current, paused connection go on. Call it once for each pause. */
export function continueConnection(): void {
  if (currentStage() != Stage.Answer || proxy_continue_stream(STREAM_DOWNSTREAM) != Status.Ok) {
    countHostFailure();
  }
}

/**
 * Closes the current connection without sending what is buffered. Refused where it would kill
 * Envoy: only while a connection is being decided or a paused one gets its answer.
 */
export function closeConnection(): void {
  const stage = currentStage();
  const isSafe = stage == Stage.Connection || stage == Stage.Answer;
  if (!isSafe || proxy_close_stream(STREAM_DOWNSTREAM) != Status.Ok) countHostFailure();
}
