// Metrics by name, one for the whole process: plugins, VMs, workers and the canary share them, and none is ever freed.

import { MetricType, Status } from './abi.ts';

export interface HistogramSample {
  readonly value: number;
  readonly count: number;
}

interface Metric {
  readonly type: number;
  value: bigint;
  samples: Map<bigint, number> | null;
}

export class Metrics {
  readonly #byName = new Map<string, Metric>();

  define(type: number, name: string): Metric {
    // Counters, gauges and histograms are separate stores in Envoy: one name may stand in each of them.
    const key = `${type}${name}`;
    const known = this.#byName.get(key);
    if (known !== undefined) return known;
    const metric: Metric = {
      type,
      value: 0n,
      samples: type === MetricType.HISTOGRAM ? new Map() : null,
    };
    this.#byName.set(key, metric);
    return metric;
  }

  /** Values by stat name, without the prefix `wasmcustom.`. */
  values(): Map<string, number | HistogramSample[]> {
    const values = new Map<string, number | HistogramSample[]>();
    for (const [key, metric] of this.#byName) values.set(key.slice(1), reading(metric));
    return values;
  }
}

function reading(metric: Metric): number | HistogramSample[] {
  if (metric.samples === null) return Number(metric.value);
  const samples = [...metric.samples].map(([value, count]) => ({ value: Number(value), count }));
  return samples.sort((left, right) => left.value - right.value);
}

/** The ids of one VM: the low two bits tell the type, each definition gives a new one. */
export class MetricIds {
  readonly #metrics = new Map<number, Metric>();
  readonly #next = [4, 5, 6];

  /** The new id, or undefined for an unknown type. */
  define(store: Metrics, type: number, name: string): number | undefined {
    const id = this.#next[type];
    if (id === undefined) return undefined;
    this.#next[type] = id + 4;
    this.#metrics.set(id, store.define(type, name));
    return id;
  }

  increment(id: number, by: bigint): number {
    const type = id & 3;
    if (type > MetricType.GAUGE) return Status.BAD_ARGUMENT;
    if (type === MetricType.COUNTER && by <= 0n) return Status.BAD_ARGUMENT;
    const metric = this.#metrics.get(id);
    if (metric === undefined) return Status.NOT_FOUND;
    metric.value = BigInt.asUintN(64, metric.value + by);
    return Status.OK;
  }

  record(id: number, value: bigint): number {
    const metric = this.#metrics.get(id);
    if (metric === undefined) return Status.NOT_FOUND;
    const unsigned = BigInt.asUintN(64, value);
    if (metric.samples !== null)
      metric.samples.set(unsigned, (metric.samples.get(unsigned) ?? 0) + 1);
    else if (metric.type === MetricType.GAUGE) metric.value = unsigned;
    // Recording on a counter adds, as Envoy does.
    else metric.value = BigInt.asUintN(64, metric.value + unsigned);
    return Status.OK;
  }

  /** The value, or the status of the failure. */
  get(id: number): { value: bigint } | number {
    if ((id & 3) > MetricType.GAUGE) return Status.BAD_ARGUMENT;
    const metric = this.#metrics.get(id);
    return metric === undefined ? Status.NOT_FOUND : { value: metric.value };
  }
}
