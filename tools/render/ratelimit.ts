// What a rate limit service needs for a document: the file that names its domain, and its environment. Limits stand in
// the document alone: each question of the filter carries its own.

import { stringify } from 'yaml';

/** One service: handlers of one domain share it. */
export interface RateLimitService {
  readonly domain: string;
  readonly redisUrl: string;
  /** Connections to Redis; 0 = the service's own default. */
  readonly poolSize: number;
  /** Where the filter asks it, where the document gives an address. */
  readonly port: number | null;
}

type Fields = Readonly<Record<string, unknown>>;

const ADAPTER = 'redisquota';
const DOMAIN = 'mixer';
const REDIS_URL = 'localhost:6379';
const POOL_SIZE = 10;

/** The services of a document that the filter has accepted, the first handler of each domain counting. */
export function rateLimitServices(json: string): RateLimitService[] {
  const services = new Map<string, RateLimitService>();
  for (const handler of handlersOf(JSON.parse(json) as Fields)) {
    const service = serviceOf(handler);
    if (service !== null && !services.has(service.domain)) services.set(service.domain, service);
  }
  return [...services.values()];
}

/** The service's file as YAML, its environment in the comment above. */
export function rateLimitFile(service: RateLimitService): string {
  const environment = [
    ...(service.port === null ? [] : [`GRPC_PORT=${service.port}`]),
    'REDIS_SOCKET_TYPE=tcp',
    `REDIS_URL=${service.redisUrl}`,
    ...(service.poolSize === 0 ? [] : [`REDIS_POOL_SIZE=${service.poolSize}`]),
    'USE_STATSD=false',
    'DISABLE_STATS=true',
    'RUNTIME_ROOT=/data',
    'RUNTIME_SUBDIRECTORY=ratelimit',
    'RUNTIME_WATCH_ROOT=false',
  ];
  return [
    '# Written by `mixer render --part ratelimit`, for github.com/envoyproxy/ratelimit: put it into',
    '# /data/ratelimit/config/, and start the service with this environment:',
    ...environment.map((line) => `#   ${line}`),
    '# Limits stand in the document alone; each question carries its own.',
    stringify({ domain: service.domain, descriptors: [] }),
  ].join('\n');
}

function serviceOf(handler: Fields): RateLimitService | null {
  const connection = fieldsOf(handler['connection']);
  const adapter = handler['adapter'] ?? handler['compiledAdapter'];
  if (adapter !== ADAPTER || connection === null) return null;
  const params = fieldsOf(handler['params']) ?? {};
  const port = /:(\d+)$/.exec(textOf(connection['address'], ''))?.[1];
  return {
    domain: textOf(params['domain'], DOMAIN),
    redisUrl: textOf(params['redisServerUrl'] ?? params['redis_server_url'], REDIS_URL),
    poolSize: Number(params['connectionPoolSize'] ?? params['connection_pool_size'] ?? POOL_SIZE),
    port: port === undefined ? null : Number(port),
  };
}

/** Those of the list, and those that are written in actions. */
function handlersOf(document: Fields): Fields[] {
  const actions = listOf(document['rules']).flatMap((rule) => listOf(rule['actions']));
  const inline = actions.map((action) => fieldsOf(action['handler']));
  return [...listOf(document['handlers']), ...inline.filter((each) => each !== null)];
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map((each) => fieldsOf(each) ?? {}) : [];
}

function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : null;
}

function textOf(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}
