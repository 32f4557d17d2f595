// Hands the counts of a connection to Envoy on the tick. Hot: names are written into the arena, a
// metric is defined when it first counts.

import { MetricKind } from "../shared/abi";
import { METRIC_CALLOUTS, METRIC_CHECK_CACHE } from "../shared/statistics";
import { takeArena } from "../memory/arena";
import { literal } from "../memory/literal";
import { Slice } from "../memory/slice";
import { Writer } from "../memory/writer";
import { defineMetric, incrementMetric } from "../abi/metrics";
import { CALL_RESULT_COUNT, CALL_RESULT_NAMES } from "../template/call-result";
import { Connection } from "../template/connection";

const CALLOUTS = literal(METRIC_CALLOUTS + ".handler=");
const CHECK_CACHE = literal(METRIC_CHECK_CACHE + ".handler=");
const HIT = literal("hit");
const MISS = literal("miss");
const RESULT = literal(";result=");
const NAME_SIZE_MAX_BYTES: usize = 512;
const SEMICOLON: u8 = 59;

const results = encodeResults();
const name = new Writer();

/** Adds what has happened since the last tick. */
export function flushConnection(connection: Connection): void {
  for (let result = 0; result < CALL_RESULT_COUNT; result++) {
    const count = unchecked(connection.counts[result]);
    if (count == 0) continue;
    unchecked((connection.counts[result] = 0));
    const metric = metricOf(CALLOUTS, connection.handlerName, unchecked(results[result]));
    incrementMetric(metric, <i64>count);
  }
  if (connection.cacheHits > 0) {
    const metric = metricOf(CHECK_CACHE, connection.handlerName, HIT);
    incrementMetric(metric, <i64>connection.cacheHits);
    connection.cacheHits = 0;
  }
  if (connection.cacheMisses > 0) {
    const metric = metricOf(CHECK_CACHE, connection.handlerName, MISS);
    incrementMetric(metric, <i64>connection.cacheMisses);
    connection.cacheMisses = 0;
  }
}

function metricOf(prefix: Slice, handler: Slice, result: Slice): u32 {
  const at = takeArena(NAME_SIZE_MAX_BYTES);
  if (at == 0) return 0;
  name.open(at, NAME_SIZE_MAX_BYTES);
  name.bytes(prefix);
  name.bytes(handler);
  name.bytes(RESULT);
  name.bytes(result);
  name.byte(SEMICOLON);
  return defineMetric(MetricKind.Counter, name.written);
}

function encodeResults(): StaticArray<Slice> {
  const encoded = new StaticArray<Slice>(CALL_RESULT_COUNT);
  for (let at = 0; at < CALL_RESULT_COUNT; at++) encoded[at] = literal(CALL_RESULT_NAMES[at]);
  return encoded;
}
