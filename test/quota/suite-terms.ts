// What a suite says about its quotas: limits, overrides and dimensions in the tables' words, translated to parameters
// of memquota and typed values. A key that is not known is a failure with its name: an override that nobody read would
// otherwise pass as one that nobody needed.

import { onlyFields, UnreadableTable } from '../conformance/fields.ts';
import type { EngineSetup, TypeName, Value } from './engine.ts';

/** Named values of the dimensions of one instance. */
export type Dimensions = Readonly<Record<string, unknown>>;

/** One quota of a table. */
export type QuotaTerms = Readonly<Record<string, unknown>>;

const NS_PER_SECOND = 1_000_000_000;
const OWN_FIELDS = ['name', 'max_amount', 'valid_duration_ns', 'valid_duration_s'];
const QUOTA_FIELDS = [...OWN_FIELDS, 'overrides'];
const OVERRIDE_FIELDS = [...OWN_FIELDS.slice(1), 'dimensions'];
const CONFIG_FIELDS = [
  'quotas',
  'min_deduplication_duration_s',
  'min_deduplication_duration_ns',
  'instance_dimensions',
];
const TYPED_FIELDS = ['type', 'value'];

/** The quotas of a configuration: a list, or the configuration itself is one. */
export function quotasOf(config: Readonly<Record<string, unknown>>): readonly QuotaTerms[] {
  const isOne = !('quotas' in config) && 'max_amount' in config;
  onlyFields(
    'config',
    config,
    isOne ? [...QUOTA_FIELDS, ...CONFIG_FIELDS.slice(1)] : CONFIG_FIELDS,
  );
  if (!isOne) return (config['quotas'] ?? []) as readonly QuotaTerms[];
  const own = Object.entries(config).filter(([name]) => QUOTA_FIELDS.includes(name));
  return [{ name: 'quota', ...Object.fromEntries(own) }];
}

/** Parameters of memquota for a configuration. What the table leaves out stays left out. */
export function paramsOf(config: Readonly<Record<string, unknown>>): object {
  const period = durationOf(config, 'min_deduplication_duration');
  return {
    quotas: quotasOf(config).map(quotaParams),
    ...(period !== undefined && { minDeduplicationDuration: period }),
  };
}

/** How long a deduplication id lives at least, in nanoseconds. */
export function periodNsOf(config: Readonly<Record<string, unknown>>): bigint {
  return BigInt((durationOf(config, 'min_deduplication_duration') ?? '1000000000ns').slice(0, -2));
}

function quotaParams(quota: QuotaTerms): object {
  onlyFields('a quota', quota, QUOTA_FIELDS);
  const overrides = (quota['overrides'] ?? []) as readonly QuotaTerms[];
  return { ...limitParams(quota), name: quota['name'], overrides: overrides.map(overrideParams) };
}

function overrideParams(override: QuotaTerms): object {
  onlyFields('an override', override, OVERRIDE_FIELDS);
  const dimensions = override['dimensions'];
  return { ...limitParams(override), ...(dimensions !== undefined && { dimensions }) };
}

function limitParams(terms: QuotaTerms): object {
  const duration = durationOf(terms, 'valid_duration');
  return {
    maxAmount: terms['max_amount'],
    ...(duration !== undefined && { validDuration: duration }),
  };
}

function durationOf(terms: QuotaTerms, name: string): string | undefined {
  const [ns, seconds] = [terms[`${name}_ns`], terms[`${name}_s`]];
  if (ns !== undefined) return `${BigInt(Number(ns))}ns`;
  return seconds === undefined ? undefined : `${Math.round(Number(seconds) * NS_PER_SECOND)}ns`;
}

/** Values by name as the engine takes them: names ascending, each with a type. */
export function valuesOf(dimensions: Dimensions): [name: string, value: Value][] {
  return Object.keys(dimensions)
    .sort()
    .map((name) => [name, typed(name, dimensions[name])]);
}

/** The instances of a suite, all with the same dimensions. */
export function instancesOf(names: readonly string[], given: Dimensions): EngineSetup['instances'] {
  const types: Record<string, TypeName> = Object.fromEntries(
    valuesOf(given).map(([name, { type }]) => [name, type]),
  );
  return names.map((name) =>
    Object.keys(types).length === 0 ? { name } : { name, dimensions: types },
  );
}

function typed(name: string, value: unknown): Value {
  if (typeof value === 'string') return { type: 'STRING', value };
  if (typeof value === 'boolean') return { type: 'BOOL', value: value ? 1n : 0n };
  if (typeof value === 'number' && Number.isSafeInteger(value))
    return { type: 'INT64', value: BigInt(value) };
  if (typeof value === 'number') return { type: 'DOUBLE', value };
  if (Array.isArray(value)) return { type: 'STRING', value: Uint8Array.from(value as number[]) };
  if (typeof value === 'object' && value !== null) return fromObject(name, value);
  throw new UnreadableTable(`dimension ${name} has a value of no type`);
}

/** A map of texts, or `{ type, value }` where JSON has no form of its own for the type. */
function fromObject(name: string, given: object): Value {
  const type: unknown = 'type' in given ? given.type : undefined;
  if (typeof type !== 'string' || !('value' in given))
    return { type: 'STRING_MAP', value: Object.entries(given) as [string, string][] };
  onlyFields(`dimension ${name}`, given, TYPED_FIELDS);
  const text = String(given.value);
  if (type === 'STRING') return { type, value: text };
  if (type === 'INT64' || type === 'DURATION') return { type, value: BigInt(text) };
  if (type === 'BOOL') return { type, value: text === 'true' ? 1n : 0n };
  if (type === 'DOUBLE') return { type, value: Number(text) };
  if (type === 'TIMESTAMP') return { type, value: secondsOf(text) };
  if (type === 'IP_ADDRESS') return { type, value: addressOf(name, text) };
  throw new UnreadableTable(`dimension ${name} has the unknown type ${type}`);
}

function secondsOf(text: string): [bigint, number] {
  const ms = Date.parse(text);
  return [BigInt(Math.floor(ms / 1000)), (ms - Math.floor(ms / 1000) * 1000) * 1_000_000];
}

/** The four bytes of an address; tables have no others. */
function addressOf(name: string, text: string): Uint8Array {
  const bytes = text.split('.').map(Number);
  if (bytes.length === 4 && bytes.every((byte) => byte >= 0 && byte < 256))
    return Uint8Array.from(bytes);
  throw new UnreadableTable(`dimension ${name} is no IPv4 address: ${text}`);
}
