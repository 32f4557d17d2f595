// Counts samples in Envoy's metrics and says what it drops. Hot: allocates nothing managed.

import { Handler, Metric } from "../../assembly/sdk";
import { LabelSet } from "./label-set";
import { NEGATIVE, sampleOf } from "./sample";
import { Recorded, SeriesMetric } from "./series";

/** The metrics of one handler. */
export class PrometheusHandler extends Handler {
  /** The metric has as many series as it may have: the sample went to `__other__`. */
  private readonly series: i32;
  /** A negative value, a gauge's too: no metric of Envoy goes below 0. */
  private readonly negative: i32;
  /** A value without a number, or one that is none. */
  private readonly notANumber: i32;

  /** `metrics` by the number of the instance: the first of each, or null. */
  constructor(
    private readonly metrics: StaticArray<SeriesMetric | null>,
    private readonly labelSets: StaticArray<LabelSet>,
  ) {
    super();
    this.series = this.drops.declareReason("series");
    this.negative = this.drops.declareReason("negative");
    this.notANumber = this.drops.declareReason("not_a_number");
  }

  onMetric(metric: Metric): void {
    const value = sampleOf(metric.cell);
    if (value < 0) {
      this.drops.add(value == NEGATIVE ? this.negative : this.notANumber);
      return;
    }
    let each = unchecked(this.metrics[metric.instance]);
    while (each != null) {
      if (each.record(value) != Recorded.Yes) this.drops.add(this.series);
      each = each.next;
    }
  }

  onTick(nowNs: u64): void {
    for (let at = 0; at < this.metrics.length; at++) {
      let each = unchecked(this.metrics[at]);
      while (each != null) {
        each.refresh();
        each = each.next;
      }
    }
  }

  close(): void {
    for (let at = 0; at < this.labelSets.length; at++) unchecked(this.labelSets[at]).close();
  }
}
