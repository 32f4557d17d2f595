// What an adapter does beyond its declaration, seen by running the first example of its README in the emulator: the
// standard instances that it brings, and the metrics that it defines.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describe } from '../../host/describe.ts';
import { Host } from '../../host/host.ts';

export interface StandardInstance {
  readonly name: string;
  readonly template: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

export interface ObservedMetric {
  readonly name: string;
  readonly kind: 'number' | 'histogram';
  /** Label to the values that were seen. */
  readonly labels: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface Observation {
  readonly instances: readonly StandardInstance[];
  readonly metrics: readonly ObservedMetric[];
}

/** Long enough for what is added up in the guest to be handed over. */
const FLUSH_MS = 1_000;
const EXAMPLE = /```yaml\n([\s\S]*?)```/g;

/** The YAML blocks of the README that are documents with a handler of this adapter; the first one is run. */
export function readmeExamples(folder: string, adapter: string): string[] {
  const file = join(folder, 'README.md');
  if (!existsSync(file)) return [];
  const blocks = [...readFileSync(file, 'utf8').matchAll(EXAMPLE)].map(([, text = '']) => text);
  const uses = new RegExp(`adapter: ${adapter}\\b`);
  return blocks.filter((text) => uses.test(text) && text.includes('rules:'));
}

/** Runs the example; null where the filter refuses it or has no such adapter. */
export async function observe(
  adapter: string,
  example: string,
  wasm: string,
): Promise<Observation | null> {
  const document = JSON.stringify(parse(example));
  const { accepted, handlers } = await describe(wasm, document, { pluginName: 'mixer' });
  if (!accepted) return null;
  const own = handlers.filter((handler) => handler.adapter === adapter);
  const instances = own.flatMap(({ standardInstances }) => standardInstances as StandardInstance[]);
  return { instances, metrics: await metricsOf(adapter, document, wasm) };
}

async function metricsOf(
  adapter: string,
  document: string,
  wasm: string,
): Promise<ObservedMetric[]> {
  const host = await Host.load({ wasm, configuration: document });
  if (!host.start()) return [];
  host.request({ method: 'GET', path: '/' });
  host.connect().open().close();
  host.advance(FLUSH_MS);
  const found = new Map<
    string,
    { kind: ObservedMetric['kind']; labels: Map<string, Set<string>> }
  >();
  for (const [stat, value] of host.metrics()) {
    const [name = '', ...pairs] = splitStat(stat);
    const entry = found.get(name) ?? {
      kind: kindOf(value),
      labels: new Map<string, Set<string>>(),
    };
    const labels = pairs.map((pair) => pair.split('='));
    if (!isOwn(name, labels, adapter)) continue;
    found.set(name, entry);
    for (const [label = '', text = ''] of labels)
      entry.labels.set(label, (entry.labels.get(label) ?? new Set()).add(text));
  }
  return [...found].map(([name, { kind, labels }]) => ({ name, kind, labels }));
}

/** `name.a=x;b=y;` as the name and its pairs. */
function splitStat(stat: string): string[] {
  const dot = stat.search(/\.[A-Za-z_][A-Za-z0-9_]*=/);
  if (dot < 0) return [stat];
  return [
    stat.slice(0, dot),
    ...stat
      .slice(dot + 1)
      .replace(/;\.?$/, '')
      .split(/;\.?/),
  ];
}

/** The runtime's own metrics are not an adapter's, but those that name it. */
function isOwn(name: string, labels: readonly string[][], adapter: string): boolean {
  if (!name.startsWith('mixer_')) return true;
  return labels.some(([label, value]) => label === 'adapter' && value === adapter);
}

function kindOf(value: unknown): ObservedMetric['kind'] {
  return typeof value === 'number' ? 'number' : 'histogram';
}
