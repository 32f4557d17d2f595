// Reads what Envoy's admin port prints about statistics: the plain list and Prometheus' text
// format. It only parses.

/** One line of /stats/prometheus. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** `name: value` lines; histograms keep their text. */
export function parseStats(text: string): Record<string, number | string> {
  const stats: Record<string, number | string> = {};
  for (const line of text.split('\n')) {
    const colon = line.lastIndexOf(': ');
    if (colon <= 0) continue;
    const value = line.slice(colon + 2);
    stats[line.slice(0, colon)] = /^\d+$/.test(value) ? Number(value) : value;
  }
  return stats;
}

/** The samples of a Prometheus page; comment lines are left out. */
export function parsePrometheus(text: string): Sample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(parseSample);
}

function parseSample(line: string): Sample {
  const brace = line.indexOf('{');
  const end = line.lastIndexOf('}');
  const space = line.lastIndexOf(' ');
  const name = line.slice(0, brace < 0 ? space : brace);
  return {
    name,
    labels: brace < 0 ? {} : parseLabels(line.slice(brace + 1, end)),
    value: parseNumber(line.slice(space + 1)),
  };
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(/([A-Za-z_][A-Za-z0-9_]*)="((?:[^"\\]|\\.)*)"/g)) {
    if (name !== undefined && value !== undefined)
      labels[name] = value.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c));
  }
  return labels;
}

function parseNumber(text: string): number {
  if (text === '+Inf' || text === 'Inf') return Infinity;
  return text === '-Inf' ? -Infinity : Number(text);
}

/** The value of the sample with this name and at least these labels; undefined where there is none. */
export function sampleValue(
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  return samples.find(
    (sample) =>
      sample.name === name &&
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  )?.value;
}
