// Documents with one metric or one log, and what comes out of them.

import type { Host } from '../../tools/host/host.ts';

/** Counts or sets `value`, by the dimensions. */
export function metricDocument(
  value: unknown,
  dimensions: Record<string, string>,
  metric: object = {},
): object {
  return {
    handlers: [
      {
        name: 'metrics',
        adapter: 'prometheus',
        params: { metrics: [{ namespace: '', name: 'seen', kind: 'COUNTER', ...metric }] },
      },
    ],
    instances: [{ name: 'seen', template: 'metric', params: { value, dimensions } }],
    rules: [{ name: 'all', actions: [{ handler: 'metrics', instances: ['seen'] }] }],
  };
}

/** Logs the variables. */
export function logDocument(
  variables: Record<string, unknown>,
  params: object = {},
  instance: object = {},
): object {
  return {
    handlers: [{ name: 'log', adapter: 'stdio', params }],
    instances: [{ name: 'line', template: 'logentry', params: { variables, ...instance } }],
    rules: [{ name: 'all', actions: [{ handler: 'log', instances: ['line'] }] }],
  };
}

/** Counters and gauges whose stat name begins with `prefix`, without it. */
export function numbers(host: Host, prefix: string): Map<string, number> {
  const found = [...host.metrics()].filter(
    (entry): entry is [string, number] =>
      entry[0].startsWith(prefix) && typeof entry[1] === 'number',
  );
  return new Map(found.map(([name, value]) => [name.slice(prefix.length), value]));
}

/** What the handler dropped for a reason, once the tick has handed it over. */
export function dropped(host: Host, adapter: string, reason: string): number {
  host.advance(1000);
  const value = host.metrics().get(`mixer_dropped_total.adapter=${adapter};reason=${reason};`);
  return typeof value === 'number' ? value : 0;
}

/** The JSON lines that came out. */
export function jsonLines(host: Host): Record<string, unknown>[] {
  return host.logs
    .filter(({ text }) => text.startsWith('{"level"'))
    .map(({ text }) => JSON.parse(text) as Record<string, unknown>);
}
