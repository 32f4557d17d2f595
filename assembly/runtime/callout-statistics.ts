// Hands the counts of a connection to Envoy on the tick. Hot: names are written into the arena, a
// metric is defined when it first counts.

import { METRIC_CALLOUTS, METRIC_CHECK_CACHE } from "../shared/statistics";
import { literal } from "../memory/literal";
import { Slice } from "../memory/slice";
import { incrementMetric } from "../abi/metrics";
import { CALL_RESULT_COUNT, CALL_RESULT_NAMES } from "../template/call-result";
import { Connection } from "../template/connection";
import { namedCounter } from "./named-counter";

const CALLOUTS = literal(METRIC_CALLOUTS + ".handler=");
const CHECK_CACHE = literal(METRIC_CHECK_CACHE + ".handler=");
const HIT = literal("hit");
const MISS = literal("miss");
const RESULT = literal(";result=");

const results = encodeResults();

/** Adds what has happened since the last tick. */
export function flushConnection(connection: Connection): void {
  const name = connection.handlerName;
  for (let result = 0; result < CALL_RESULT_COUNT; result++) {
    count(CALLOUTS, name, unchecked(results[result]), unchecked(connection.counts[result]));
    unchecked((connection.counts[result] = 0));
  }
  count(CHECK_CACHE, name, HIT, connection.cacheHits);
  connection.cacheHits = 0;
  count(CHECK_CACHE, name, MISS, connection.cacheMisses);
  connection.cacheMisses = 0;
}

function count(prefix: Slice, handler: Slice, result: Slice, by: u64): void {
  if (by > 0) incrementMetric(namedCounter(prefix, handler, RESULT, result), <i64>by);
}

function encodeResults(): StaticArray<Slice> {
  const encoded = new StaticArray<Slice>(CALL_RESULT_COUNT);
  for (let at = 0; at < CALL_RESULT_COUNT; at++) encoded[at] = literal(CALL_RESULT_NAMES[at]);
  return encoded;
}
