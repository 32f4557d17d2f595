// The bounds of a distribution's buckets as one list, whatever their form. Cold: Envoy's histograms
// take their buckets from its bootstrap, so that bounds are only handed on.

import { doubleText } from "../../assembly/sdk";
import { Buckets } from "./config";

/** The bounds, ascending; empty when none are given. */
export function boundsOf(buckets: Buckets): f64[] {
  const bounds: f64[] = [];
  if (buckets.explicitBuckets.isSet) return buckets.explicitBuckets.value.bounds.value;
  if (buckets.linearBuckets.isSet) {
    const linear = buckets.linearBuckets.value;
    for (let index: i64 = 0; index <= linear.numFiniteBuckets.value; index++) {
      bounds.push(linear.offset.value + linear.width.value * <f64>index);
    }
  } else if (buckets.exponentialBuckets.isSet) {
    const exponential = buckets.exponentialBuckets.value;
    let bound = exponential.scale.value;
    for (let index: i64 = 0; index <= exponential.numFiniteBuckets.value; index++) {
      bounds.push(bound);
      bound *= exponential.growthFactor.value;
    }
  }
  return bounds;
}

/** The bounds of one metric as a member of a JSON object; infinite ones are left out. */
export function boundsText(name: string, bounds: f64[]): string {
  const finite: string[] = [];
  for (let index = 0; index < bounds.length; index++) {
    if (isFinite(bounds[index])) finite.push(doubleText(bounds[index]));
  }
  return '"' + name + '":[' + finite.join(",") + "]";
}
