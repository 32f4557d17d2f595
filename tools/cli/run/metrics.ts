// What the filter counted, for a person: one block for each metric, labels that say nothing left
// out, distributions as count and mean. Taken from /stats/prometheus, so what is shown is what a
// scraper would get.

import { sampleValue, type Sample } from '../../envoy/exposition.ts';
import type { RunningEnvoy } from '../../envoy/running.ts';
import type { Colors } from '../output.ts';

const SAYS_NOTHING: ReadonlySet<string> = new Set(['', 'unknown', '-', 'none']);
const SERIES_SHOWN_MAX = 8;
const NAMESPACE = 'wasmcustom.';

/** The metrics of the filter as text; empty where it has none. */
export async function metricsText(envoy: RunningEnvoy, colors: Colors): Promise<string> {
  const samples = await envoy.prometheus();
  const names = [
    ...new Set(Object.keys(await envoy.stats(`^${NAMESPACE.replace('.', '\\.')}`)).map(metricName)),
  ].sort();
  return names
    .map((name) => block(name, samples, colors))
    .filter((text) => text !== '')
    .join('\n');
}

/** `wasmcustom.NAME.label=value;` and `wasmcustom.NAME` give NAME. */
function metricName(stat: string): string {
  return stat.slice(NAMESPACE.length).split('.')[0] ?? '';
}

function block(name: string, samples: readonly Sample[], colors: Colors): string {
  const plain = samples.filter((sample) => sample.name === name && sample.value !== 0);
  const counts = samples.filter((sample) => sample.name === `${name}_count` && sample.value !== 0);
  const rows = [
    ...plain.map((sample) => [String(sample.value), labelsText(sample)] as const),
    ...counts.map((sample) => [distribution(name, sample, samples), labelsText(sample)] as const),
  ];
  if (rows.length === 0) return '';
  const width = Math.max(...rows.map(([value]) => value.length));
  const shown = rows
    .slice(0, SERIES_SHOWN_MAX)
    .map(([value, labels]) => `  ${value.padStart(width)}  ${colors.dim(labels)}`.trimEnd());
  const more = rows.length > SERIES_SHOWN_MAX ? [`  … ${rows.length - SERIES_SHOWN_MAX} more`] : [];
  return [colors.bold(name), ...shown, ...more].join('\n');
}

function distribution(name: string, count: Sample, samples: readonly Sample[]): string {
  const sum = sampleValue(samples, `${name}_sum`, count.labels) ?? 0;
  return `${count.value} (mean ${(sum / count.value).toFixed(1)})`;
}

function labelsText(sample: Sample): string {
  return Object.entries(sample.labels)
    .filter(([, value]) => !SAYS_NOTHING.has(value))
    .map(([label, value]) => `${label}=${value}`)
    .join(' ');
}
