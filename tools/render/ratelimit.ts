// What a rate limit service needs for a document: the file that names its domain, and its environment. Limits stand in
// the document alone: each question of the filter carries its own.

import { stringify } from 'yaml';

import { adapterOf, fieldOf, fieldsOf, handlersOf, type Fields } from '../document/fields.ts';

/** One service: handlers of one domain share it. */
export interface RateLimitService {
  readonly domain: string;
  readonly redisUrl: string;
  /** Connections to Redis; 0 = the service's own default. */
  readonly poolSize: number;
  /** Where the filter asks it, where the document gives an address. */
  readonly port: number | null;
}

const ADAPTER = 'redisquota';
const DOMAIN = 'mixer';
const REDIS_URL = 'localhost:6379';
const POOL_SIZE = 10;

/** The services of a document that the filter has accepted, the first handler of each domain counting. */
export function rateLimitServices(json: string): RateLimitService[] {
  const services = new Map<string, RateLimitService>();
  for (const handler of handlersOf(JSON.parse(json))) {
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
  const connection = fieldsOf(fieldOf(handler, 'connection'));
  if (adapterOf(handler) !== ADAPTER || connection === null) return null;
  const params = fieldOf(handler, 'params');
  const port = /:(\d+)$/.exec(textOf(fieldOf(connection, 'address'), ''))?.[1];
  return {
    domain: textOf(fieldOf(params, 'domain'), DOMAIN),
    redisUrl: textOf(fieldOf(params, 'redisServerUrl'), REDIS_URL),
    poolSize: Number(fieldOf(params, 'connectionPoolSize') ?? POOL_SIZE),
    port: port === undefined ? null : Number(port),
  };
}

function textOf(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}
