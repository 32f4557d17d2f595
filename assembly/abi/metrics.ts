// Envoy's counters, gauges and histograms by id. Defining costs ten bumps, so ids are kept. Both.

import {
  proxy_define_metric,
  proxy_increment_metric,
  proxy_record_metric,
} from "@solo-io/proxy-runtime/assembly/imports";
import { MetricKind, Status } from "../shared/abi";
import { Slice, sizeOf, startOf } from "../memory/slice";
import { countHostFailure } from "./failures";
import { OUT_NUMBER } from "./out";

/** The id of the metric with this name, made if need be; 0 when the host refuses. */
export function defineMetric(kind: MetricKind, name: Slice): u32 {
  const status = proxy_define_metric(kind, startOf(name), sizeOf(name), OUT_NUMBER);
  if (status == Status.Ok) return load<u32>(OUT_NUMBER);
  countHostFailure();
  return 0;
}

/** Adds to a counter; nothing for id 0 or amount 0. */
export function incrementMetric(id: u32, by: i64): void {
  if (id != 0 && by > 0 && proxy_increment_metric(id, by) != Status.Ok) countHostFailure();
}

/** Sets a gauge, or adds a sample to a histogram; nothing for id 0. */
export function recordMetric(id: u32, value: u64): void {
  if (id != 0 && proxy_record_metric(id, value) != Status.Ok) countHostFailure();
}
