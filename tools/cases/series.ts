// Metrics as an operator reads them: a name, labels, a number. Knows how the filter writes labels into Envoy's stat
// names and how Envoy prints them for a scraper.

import { parsePrometheus } from '../envoy/exposition.ts';
import type { HistogramSample } from '../host/host.ts';
import type { Series } from './types.ts';

const LABELS = /^([^.]+)\.((?:[^=;]+=[^;]*;)+)$/;

/** From stat names, in which labels stand as `NAME.label=value;`. */
export function seriesOfStats(
  stats: ReadonlyMap<string, number | readonly HistogramSample[]>,
): Series[] {
  return [...stats].map(([stat, value]) => {
    const [, name = stat, labels = ''] = LABELS.exec(stat) ?? [];
    const pairs = [...labels.matchAll(/([^=;]+)=([^;]*);/g)];
    return {
      name: name.replace(/[^\w:]/g, '_'),
      labels: Object.fromEntries(pairs.map(([, label = '', text = '']) => [label, text])),
      value: typeof value === 'number' ? value : value.reduce((sum, { count }) => sum + count, 0),
    };
  });
}

/** From Envoy's page for scrapers. Counters and distributions count from `before` on, gauges are what they are. */
export function seriesOfPage(page: string, before: string): Series[] {
  const earlier = new Map(samplesOf(before).map((each) => [keyOf(each), each.value]));
  const gauges = typesOf(page, 'gauge');
  return samplesOf(page).map((each) =>
    gauges.has(each.name) ? each : { ...each, value: each.value - (earlier.get(keyOf(each)) ?? 0) },
  );
}

/** A distribution stands under its own name, with its count. */
function samplesOf(page: string): Series[] {
  const histograms = typesOf(page, 'histogram');
  return parsePrometheus(page).flatMap(({ name, labels, value }) => {
    const owner = name.replace(/_(count|sum|bucket)$/, '');
    if (!histograms.has(owner)) return [{ name, labels, value }];
    return name.endsWith('_count') ? [{ name: owner, labels, value }] : [];
  });
}

function typesOf(page: string, type: string): ReadonlySet<string> {
  const found = page.matchAll(/^# TYPE (\S+) (\S+)$/gm);
  return new Set([...found].flatMap(([, name = '', given]) => (given === type ? [name] : [])));
}

function keyOf({ name, labels }: Series): string {
  return JSON.stringify([name, Object.entries(labels).sort()]);
}
