// Resuming a paused request and acting on a stream from another context's callback. Refused outside
// of the callbacks where Envoy survives them. Both.

import {
  proxy_continue_stream,
  proxy_set_effective_context,
} from "@solo-io/proxy-runtime/assembly/imports";
import { Status } from "../shared/abi";
import { countHostFailure } from "./failures";
import { Stage, currentStage } from "./stage";

const STREAM_REQUEST: i32 = 0;

/** Makes the next host calls act on this stream; false when it is gone. */
export function actOnStream(context: u32): bool {
  return proxy_set_effective_context(context) == Status.Ok;
}

/** Lets the request of the current, paused stream go on. Call it once for each pause. */
export function continueRequest(): void {
  if (currentStage() != Stage.Answer || proxy_continue_stream(STREAM_REQUEST) != Status.Ok) {
    countHostFailure();
  }
}
