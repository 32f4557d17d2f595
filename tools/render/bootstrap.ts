// A document becomes a complete bootstrap of Envoy, as data. Same input, same bytes: no time, no
// random number, no path that was not given. Text is made by the yaml package from this data, never
// by pasting strings.

import { stringify } from 'yaml';

import { backendCluster, upstreamCluster } from './cluster.ts';
import { ecdsResource, mixerFilter, revisionOf } from './filter.ts';
import { listener } from './listener.ts';
import { statsTags } from './stats-tags.ts';
import type { Config, RenderOptions } from './types.ts';

/** What may be asked for alone: for an Envoy that is already configured, or one that is configured by ECDS. */
export type Part = 'all' | 'filter' | 'stats' | 'ecds';
export const PARTS: readonly Part[] = ['all', 'filter', 'stats', 'ecds'];

/** Envoy warns without a limit; a proxy without one can be made to run out of file descriptors. */
const CONNECTION_COUNT_MAX = 50_000;
const CONNECTION_MONITOR =
  'envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig';

/** One part as data. `filter` and `ecds` speak of the first listener. */
export function render(part: Part, options: RenderOptions): Config {
  const first = options.listeners[0];
  if (first === undefined) throw new Error('a bootstrap needs a listener');
  if (part === 'filter') return mixerFilter(first, options);
  if (part === 'ecds') return ecdsResource(first, options);
  return part === 'stats' ? stats(options) : bootstrap(options);
}

/** The YAML text of rendered data, with a first line that says where it comes from. */
export function toYaml(config: Config, comment: string): string {
  const head = comment
    .split('\n')
    .map((line) => `# ${line}\n`)
    .join('');
  return head + stringify(config, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** The document as Envoy gets it: with the version of its format and a revision that follows from its content. */
export function documentForEnvoy(json: string): string {
  const document = parsed(json);
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return json;
  const added = [
    ...('apiVersion' in document || 'api_version' in document ? [] : ['"apiVersion":"mixer/v1"']),
    ...('revision' in document ? [] : [`"revision":"${revisionOf(json)}"`]),
    ...(json === '{}' ? [] : [json.slice(1, -1)]),
  ];
  return `{${added.join(',')}}`;
}

// A document that is no JSON goes to Envoy as it is: saying why it is wrong is the filter's part.
function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return null;
  }
}

function stats(options: RenderOptions): Config {
  return {
    stats_config: { stats_tags: statsTags(options.described.labels).map((tag) => ({ ...tag })) },
  };
}

function bootstrap(options: RenderOptions): Config {
  return {
    node: { id: 'mixer', cluster: 'mixer' },
    admin: {
      address: { socket_address: { address: options.admin.host, port_value: options.admin.port } },
    },
    ...stats(options),
    ...(options.statsFlushInterval === undefined
      ? {}
      : { stats_flush_interval: options.statsFlushInterval }),
    overload_manager: {
      resource_monitors: [
        {
          name: 'envoy.resource_monitors.global_downstream_max_connections',
          typed_config: {
            '@type': `type.googleapis.com/${CONNECTION_MONITOR}`,
            max_active_downstream_connections: CONNECTION_COUNT_MAX,
          },
        },
      ],
    },
    static_resources: {
      listeners: options.listeners.map((each) => listener(each, options)),
      clusters: [
        upstreamCluster(options),
        ...(options.described.clusters ?? []).map(backendCluster),
      ],
    },
  };
}
