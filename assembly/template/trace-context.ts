// The headers that tie a call to the trace of the request that it is made for: passed on as they
// are. Hot.

import { TRACE_VALUE_SIZE_MAX_BYTES } from "../shared/limits";
import { HeaderMap } from "../shared/abi";
import { equalIgnoringCase } from "../memory/bytes";
import { literal } from "../memory/literal";
import { Slice, isPresent, sizeOf } from "../memory/slice";
import { readHeaders } from "../abi/headers";
import { PairsCursor } from "../abi/pairs";
import { Stage, currentStage } from "../abi/stage";
import { CallHead } from "./http-request";

const NAMES: StaticArray<Slice> = [
  literal("traceparent"),
  literal("tracestate"),
  literal("x-request-id"),
  literal("b3"),
  literal("x-b3-traceid"),
  literal("x-b3-spanid"),
  literal("x-b3-parentspanid"),
  literal("x-b3-sampled"),
  literal("x-b3-flags"),
  literal("x-ot-span-context"),
  literal("x-cloud-trace-context"),
];
const VALUE_SIZE_MAX_BYTES: usize = TRACE_VALUE_SIZE_MAX_BYTES;

const cursor = new PairsCursor();

/** Copies the trace context of the current request; nothing where no request is being decided. */
export function addTraceContext(head: CallHead): void {
  const stage = currentStage();
  if (stage != Stage.RequestHeaders && stage != Stage.Answer) return;
  const headers = readHeaders(HeaderMap.Request);
  if (!isPresent(headers)) return;
  cursor.open(headers);
  while (cursor.next()) {
    if (sizeOf(cursor.value) <= VALUE_SIZE_MAX_BYTES && isTraceHeader(cursor.key)) {
      head.header(cursor.key, cursor.value);
    }
  }
}

function isTraceHeader(name: Slice): bool {
  const size = sizeOf(name);
  for (let at = 0; at < NAMES.length; at++) {
    const known = unchecked(NAMES[at]);
    if (sizeOf(known) == size && equalIgnoringCase(known, name)) return true;
  }
  return false;
}
