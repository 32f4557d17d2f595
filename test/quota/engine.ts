// Runs memquota without a proxy: gives the probe shared data and a random seed, and drives its charges. Several engines
// on one store behave like several workers of one Envoy.

import { compileProbe } from './compile.ts';
import { Store, importsOf } from './store.ts';

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

export { Store };

export interface EngineSetup {
  /** memquota unless it says otherwise. */
  readonly adapter?: string;
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
  /** The rpc code of a failure; 0 without one. */
  readonly code: number;
}

/** What a pool said of a charge. */
export interface PoolTaken {
  readonly isGranted: boolean;
  /** How much it asks for; 0 = nothing. */
  readonly asked: number;
  readonly ticket: number;
}

/** What a rate limit server grants of what a pool asked for. */
export interface PoolAnswer {
  readonly amount: number;
  readonly validNs: bigint;
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
  tick(nowNs: bigint): void;
  failureCode(): number;
  beginPools(): void;
  takeFromPool(client: number, amount: bigint, nowNs: bigint): number;
  poolWants(): bigint;
  poolTicket(): number;
  answerPool(asked: bigint, granted: bigint): void;
  settlePool(client: number, ticket: number, validNs: bigint, nowNs: bigint): void;
  close(): void;
  storeBucket(size: number): void;
  readBucket(): number;
  setTerms(limit: bigint, slotCount: number, isBestEffort: number): void;
  chargeBucket(keySize: number, amount: bigint, tick: bigint): bigint;
  usedOfBucket(): bigint;
}

/** One worker. */
export class Engine {
  readonly store: Store;
  readonly #probe: Probe;
  readonly #area: number;
  #poolNowNs = 0n;

  private constructor(probe: Probe, store: Store) {
    this.#probe = probe;
    this.store = store;
    probe._initialize();
    this.#area = probe.areaStart();
  }

  static async start(store = new Store()): Promise<Engine> {
    const module = await compileProbe();
    const holder: { probe?: Probe } = {};
    const imports = importsOf(module, store, () => holder.probe!);
    const instance = await WebAssembly.instantiate(module, imports);
    holder.probe = instance.exports as unknown as Probe;
    return new Engine(holder.probe, store);
  }

  /** Builds the handler; returns the diagnostics, '' when it is in force. */
  configure({
    adapter,
    plugin = 'plugin',
    handler = 'limits',
    params,
    instances,
  }: EngineSetup): string {
    const dimensions = (types: Readonly<Record<string, TypeName>>): Record<string, number> =>
      Object.fromEntries(Object.entries(types).map(([name, type]) => [name, TYPES[type]]));
    const listed = instances.map(({ name, dimensions: types }) => ({
      name,
      ...(types && { dimensions: dimensions(types) }),
    }));
    const size = this.#write(
      JSON.stringify({ adapter, plugin, handler, params, instances: listed }),
    );
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
    const failed = validNs < 0n;
    const code = failed ? this.#probe.failureCode() : 0;
    return { amount: Number(granted), validNs: failed ? 0n : validNs, failed, code };
  }

  /** Counts since the last call: [overflow, key_too_long, deduplication_full, slot_precision]. */
  drops(): number[] {
    return [0, 1, 2, 3].map((reason) => Number(this.#probe.drops(reason)));
  }

  tick(nowNs: bigint): void {
    this.#probe.tick(nowNs);
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

  /** Begins the prefetch pools of all clients anew. */
  beginPools(): void {
    this.#probe.beginPools();
  }

  /** The clock of the pools. */
  setPoolClock(nowNs: bigint): void {
    this.#poolNowNs = nowNs;
  }

  /** Whether a client's pool grants an amount, and what it asks for. */
  takeFromPool(client: number, amount: number): PoolTaken {
    const isGranted = this.#probe.takeFromPool(client, BigInt(amount), this.#poolNowNs) !== 0;
    const asked = Number(this.#probe.poolWants());
    return { isGranted, asked, ticket: this.#probe.poolTicket() };
  }

  /** The answer to what a pool asked for. */
  settlePool(client: number, taken: PoolTaken, { amount, validNs }: PoolAnswer): void {
    this.#probe.answerPool(BigInt(taken.asked), BigInt(amount));
    this.#probe.settlePool(client, taken.ticket, validNs, this.#poolNowNs);
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
