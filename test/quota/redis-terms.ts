// What a suite says about quotas of redisquota, in the tables' words, translated to the adapter's parameters.

import { onlyFields } from '../conformance/fields.ts';
import type { QuotaTerms } from './suite-terms.ts';

const NS_PER_SECOND = 1_000_000_000;
const LIMIT_FIELDS = ['max_amount'];
const DURATION_FIELDS = ['valid_duration', 'bucket_duration'].flatMap((name) => [
  `${name}_ns`,
  `${name}_s`,
]);
const QUOTA_FIELDS = [
  ...LIMIT_FIELDS,
  ...DURATION_FIELDS,
  ...['name', 'quota', 'algorithm', 'rate_limit_algorithm', 'overrides'],
];
const CONFIG_FIELDS = ['quotas', 'redis_server_url', 'connection_pool_size'];
/** What tables write where a running Redis is meant. */
const RUNNING = /^<.*>$/;

/** The quotas of a configuration: a list, or the configuration itself is one. */
export function redisQuotasOf(config: QuotaTerms): readonly QuotaTerms[] {
  if ('quotas' in config) {
    onlyFields('config', config, [...CONFIG_FIELDS, 'instance_dimensions']);
    return (config['quotas'] ?? []) as readonly QuotaTerms[];
  }
  onlyFields('config', config, [
    ...QUOTA_FIELDS,
    ...CONFIG_FIELDS,
    'instance_dimensions',
    'instance_dimensions_expr',
  ]);
  const own = Object.entries(config).filter(([name]) => QUOTA_FIELDS.includes(name));
  return [Object.fromEntries(own)];
}

/** Parameters of redisquota for a configuration. What the table leaves out or has null stays left out. */
export function redisParamsOf(config: QuotaTerms): object {
  const { redis_server_url: url, connection_pool_size: size } = config;
  return {
    quotas: redisQuotasOf(config).map(quotaParams),
    ...(typeof url === 'string' && !RUNNING.test(url) && { redisServerUrl: url }),
    ...(size !== undefined && size !== null && { connectionPoolSize: size }),
  };
}

function quotaParams(terms: QuotaTerms): object {
  onlyFields('a quota', terms, QUOTA_FIELDS);
  const algorithm = terms['algorithm'] ?? terms['rate_limit_algorithm'];
  const name = terms['name'] ?? terms['quota'];
  return {
    ...(name !== undefined && { name }),
    ...(terms['max_amount'] !== undefined && { maxAmount: terms['max_amount'] }),
    ...durationParam(terms, 'valid_duration', 'validDuration'),
    ...durationParam(terms, 'bucket_duration', 'bucketDuration'),
    ...(algorithm !== undefined && { rateLimitAlgorithm: algorithm }),
    overrides: ((terms['overrides'] ?? []) as readonly QuotaTerms[]).map(overrideParams),
  };
}

function overrideParams(terms: QuotaTerms): object {
  onlyFields('an override', terms, [...LIMIT_FIELDS, 'dimensions']);
  const { max_amount: maxAmount, dimensions } = terms;
  return {
    ...(maxAmount !== undefined && { maxAmount }),
    dimensions: dimensions ?? {},
  };
}

function durationParam(terms: QuotaTerms, name: string, parameter: string): object {
  const [ns, seconds] = [terms[`${name}_ns`], terms[`${name}_s`]];
  if (ns !== undefined) return { [parameter]: `${BigInt(Number(ns))}ns` };
  if (seconds === undefined) return {};
  return { [parameter]: `${Math.round(Number(seconds) * NS_PER_SECOND)}ns` };
}
