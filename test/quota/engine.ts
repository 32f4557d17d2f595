// Runs memquota without a proxy: compiles the probe once, gives it shared data and a random seed, and drives its charges.
// Several engines on one store behave like several workers of one Envoy.

import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Compilers } from '../../tools/build/compile.ts';
import { ROOT } from '../../tools/build/root.ts';

const PROBE = 'build/test/quota-probe.wasm';
const OK = 0;
const NOT_FOUND = 1;
const CAS_MISMATCH = 8;
const UNIMPLEMENTED = 12;
const FLAGS = [
  '--runtime',
  'minimal',
  '--exportStart',
  '_initialize',
  '--use',
  'abort=assembly/abi/abort/abort',
];

/** Numbers of value types, as in assembly/shared/types.ts. */
export const TYPES = {
  STRING: 1,
  INT64: 2,
  DOUBLE: 3,
  BOOL: 4,
  TIMESTAMP: 5,
  IP_ADDRESS: 6,
  DURATION: 10,
  STRING_MAP: 11,
};
export type TypeName = keyof typeof TYPES;

/** A dimension's value. INT64, BOOL and DURATION (ns) are bigints, a TIMESTAMP is [seconds, nanos]. */
export type Value =
  | { type: 'STRING'; value: string | Uint8Array }
  | { type: 'IP_ADDRESS'; value: Uint8Array }
  | { type: 'INT64' | 'BOOL' | 'DURATION'; value: bigint }
  | { type: 'DOUBLE'; value: number }
  | { type: 'TIMESTAMP'; value: [bigint, number] }
  | { type: 'STRING_MAP'; value: [string, string][] };

export interface EngineSetup {
  readonly plugin?: string;
  readonly handler?: string;
  readonly params: unknown;
  readonly instances: readonly { name: string; dimensions?: Readonly<Record<string, TypeName>> }[];
}

export interface Charge {
  readonly instance?: number;
  readonly amount?: number | bigint;
  readonly bestEffort?: boolean;
  readonly shadow?: boolean;
  readonly nowNs?: bigint;
  readonly id?: string;
}

export interface Granted {
  readonly amount: number;
  readonly validNs: bigint;
  readonly failed: boolean;
}

interface Probe {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  areaStart(): number;
  proxy_on_memory_allocate(size: number): number;
  configure(size: number): number;
  standardInstances(): number;
  setBytes(instance: number, position: number, type: number, size: number): void;
  setInteger(instance: number, position: number, type: number, value: bigint): void;
  setNumber(instance: number, position: number, value: number): void;
  setTime(instance: number, position: number, seconds: bigint, nanos: number): void;
  charge(instance: number, amount: bigint, flags: number, nowNs: bigint, idSize: number): bigint;
  validityNs(): bigint;
  drops(reason: number): bigint;
  close(): void;
  storeBucket(size: number): void;
  readBucket(): number;
  setTerms(limit: bigint, slotCount: number, isBestEffort: number): void;
  chargeBucket(keySize: number, amount: bigint, tick: bigint): bigint;
  usedOfBucket(): bigint;
}

/** Shared data of one Envoy: values with versions, and what a test does to them. */
export class Store {
  readonly values = new Map<string, { bytes: Uint8Array; version: number }>();
  gets = 0;
  sets = 0;
  /** Runs before a set is looked at: a test changes the value here, as another worker would. */
  beforeSet: ((key: string) => void) | null = null;
  /** Every call answers this instead. */
  failure: number | null = null;

  set(key: string, bytes: Uint8Array, version: number): number {
    const known = this.values.get(key);
    if (known !== undefined && version !== 0 && version !== known.version) return CAS_MISMATCH;
    this.values.set(key, { bytes, version: (known?.version ?? 0) + 1 });
    return OK;
  }

  /** The largest value, in bytes. */
  get sizeMaxBytes(): number {
    return Math.max(0, ...[...this.values.values()].map(({ bytes }) => bytes.length));
  }
}

let compiled: Promise<WebAssembly.Module> | null = null;

async function compileProbe(): Promise<WebAssembly.Module> {
  mkdirSync(join(ROOT, 'build/test'), { recursive: true });
  const compilers = new Compilers();
  try {
    const flags = [...FLAGS, '--outFile', PROBE];
    const { ok, messages } = await compilers.compile({
      root: ROOT,
      entry: 'test/quota/probe.ts',
      flags,
    });
    if (!ok) throw new Error(messages);
  } finally {
    compilers.close();
  }
  return WebAssembly.compile(new Uint8Array(await readFile(join(ROOT, PROBE))));
}

/** One worker. */
export class Engine {
  readonly store: Store;
  readonly #probe: Probe;
  readonly #area: number;

  private constructor(probe: Probe, store: Store) {
    this.#probe = probe;
    this.store = store;
    probe._initialize();
    this.#area = probe.areaStart();
  }

  static async start(store = new Store()): Promise<Engine> {
    compiled ??= compileProbe();
    const module = await compiled;
    const holder: { probe?: Probe } = {};
    const imports = importsOf(module, store, () => holder.probe!);
    const instance = await WebAssembly.instantiate(module, imports);
    holder.probe = instance.exports as unknown as Probe;
    return new Engine(holder.probe, store);
  }

  /** Builds the handler; returns the diagnostics, '' when it is in force. */
  configure({ plugin = 'plugin', handler = 'limits', params, instances }: EngineSetup): string {
    const dimensions = (types: Readonly<Record<string, TypeName>>): Record<string, number> =>
      Object.fromEntries(Object.entries(types).map(([name, type]) => [name, TYPES[type]]));
    const listed = instances.map(({ name, dimensions: types }) => ({
      name,
      ...(types && { dimensions: dimensions(types) }),
    }));
    const size = this.#write(JSON.stringify({ plugin, handler, params, instances: listed }));
    return this.#text(this.#probe.configure(size));
  }

  standardInstances(): string {
    return this.#text(this.#probe.standardInstances());
  }

  /** Sets the dimensions of an instance, in the order in which they were declared. */
  setDimensions(values: readonly Value[], instance = 0): void {
    for (const [position, value] of values.entries()) this.#setDimension(instance, position, value);
  }

  charge({
    instance = 0,
    amount = 1,
    bestEffort = false,
    shadow = false,
    nowNs = 0n,
    id = '',
  }: Charge): Granted {
    const flags = Number(bestEffort) | (Number(shadow) << 1);
    const granted = this.#probe.charge(instance, BigInt(amount), flags, nowNs, this.#write(id));
    const validNs = this.#probe.validityNs();
    return { amount: Number(granted), validNs: validNs < 0n ? 0n : validNs, failed: validNs < 0n };
  }

  /** Counts since the last call: [overflow, key_too_long, deduplication_full]. */
  drops(): number[] {
    return [0, 1, 2].map((reason) => Number(this.#probe.drops(reason)));
  }

  close(): void {
    this.#probe.close();
  }

  /** One bucket without shared data. `stored` is what stands there; undefined = nothing. */
  storeBucket(stored?: Uint8Array): void {
    this.#probe.storeBucket(stored === undefined ? 0 : this.#write(stored));
  }

  readBucket(): Uint8Array {
    return this.#bytes(this.#probe.readBucket());
  }

  setTerms(limit: number | bigint, slotCount: number, bestEffort = false): void {
    this.#probe.setTerms(BigInt(limit), slotCount, Number(bestEffort));
  }

  /** What was granted or given back; -1 when the bucket is full. */
  chargeBucket(key: string, amount: number | bigint, tick: number): number {
    return Number(this.#probe.chargeBucket(this.#write(key), BigInt(amount), BigInt(tick)));
  }

  get usedOfBucket(): number {
    return Number(this.#probe.usedOfBucket());
  }

  #setDimension(instance: number, position: number, { type, value }: Value): void {
    const number = TYPES[type];
    if (type === 'DOUBLE') this.#probe.setNumber(instance, position, value);
    else if (type === 'TIMESTAMP') this.#probe.setTime(instance, position, value[0], value[1]);
    else if (type === 'STRING_MAP')
      this.#probe.setBytes(instance, position, number, this.#write(pairs(value)));
    else if (typeof value === 'bigint') this.#probe.setInteger(instance, position, number, value);
    else this.#probe.setBytes(instance, position, number, this.#write(value));
  }

  #write(value: string | Uint8Array): number {
    const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
    new Uint8Array(this.#probe.memory.buffer).set(bytes, this.#area);
    return bytes.length;
  }

  #bytes(size: number): Uint8Array {
    return new Uint8Array(this.#probe.memory.buffer).slice(this.#area, this.#area + size);
  }

  #text(size: number): string {
    return new TextDecoder().decode(this.#bytes(size));
  }
}

/** The host's packed form of a map. */
function pairs(entries: readonly [string, string][]): Uint8Array {
  const encoder = new TextEncoder();
  const texts = entries.map(
    ([key, value]) => [encoder.encode(key), encoder.encode(value)] as const,
  );
  const sizes = new Uint32Array([
    texts.length,
    ...texts.flatMap(([key, value]) => [key.length, value.length]),
  ]);
  const zero = new Uint8Array(1);
  const bytes = texts.flatMap(([key, value]) => [key, zero, value, zero]);
  return new Uint8Array(Buffer.concat([new Uint8Array(sizes.buffer), ...bytes]));
}

function importsOf(
  module: WebAssembly.Module,
  store: Store,
  probe: () => Probe,
): WebAssembly.Imports {
  const known = sharedData(store, probe);
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    if (kind === 'function') (imports[from] ??= {})[name] = known[name] ?? (() => UNIMPLEMENTED);
  }
  return imports;
}

type HostFunction = (...args: number[]) => number;

function sharedData(store: Store, probe: () => Probe): Record<string, HostFunction> {
  const view = (): DataView => new DataView(probe().memory.buffer);
  const bytes = (at: number, size: number): Uint8Array =>
    new Uint8Array(probe().memory.buffer).slice(at, at + size);
  const keyOf = (at: number, size: number): string =>
    Buffer.from(bytes(at, size)).toString('latin1');
  return {
    proxy_get_shared_data(keyAt = 0, keySize = 0, outAt = 0, outSize = 0, outVersion = 0): number {
      store.gets++;
      if (store.failure !== null) return store.failure;
      const found = store.values.get(keyOf(keyAt, keySize));
      if (found === undefined) return NOT_FOUND;
      const at = probe().proxy_on_memory_allocate(found.bytes.length);
      new Uint8Array(probe().memory.buffer).set(found.bytes, at);
      view().setUint32(outAt, at, true);
      view().setUint32(outSize, found.bytes.length, true);
      view().setUint32(outVersion, found.version, true);
      return OK;
    },
    proxy_set_shared_data(keyAt = 0, keySize = 0, at = 0, size = 0, version = 0): number {
      store.sets++;
      if (store.failure !== null) return store.failure;
      const key = keyOf(keyAt, keySize);
      store.beforeSet?.(key);
      return store.set(key, bytes(at, size), version >>> 0);
    },
    random_get(at = 0, size = 0): number {
      new Uint8Array(probe().memory.buffer).fill(7, at, at + size);
      return OK;
    },
  };
}
