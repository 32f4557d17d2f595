// Shared data of one Envoy as the probe sees it, with what a test does to it: conflicts and failures. As in Envoy, a
// key that does not exist is stored whatever the version.

const OK = 0;
const NOT_FOUND = 1;
const CAS_MISMATCH = 8;
const UNIMPLEMENTED = 12;

/** The part of a module that host calls need. */
export interface Guest {
  readonly memory: WebAssembly.Memory;
  proxy_on_memory_allocate(size: number): number;
}

/** Values with versions, and what a test does to them. */
export class Store {
  readonly values = new Map<string, { bytes: Uint8Array; version: number }>();
  /** The host's clock. */
  nowNs = 0n;
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

  /** Puts other bytes where a value stands, as if somebody else had written them long ago. */
  replace(key: string, bytes: Uint8Array): void {
    const known = this.values.get(key);
    if (known !== undefined) known.bytes = bytes;
  }

  /** The newest key, and its value. */
  last(): [key: string, bytes: Uint8Array] {
    const [key, value] = [...this.values].pop() ?? ['', { bytes: new Uint8Array() }];
    return [key, value.bytes];
  }

  /** Keys and values together, in bytes. */
  get sizeBytes(): number {
    let size = 0;
    for (const [key, { bytes }] of this.values) size += key.length + bytes.length;
    return size;
  }

  /** The largest value, in bytes. */
  get sizeMaxBytes(): number {
    let size = 0;
    for (const { bytes } of this.values.values()) size = Math.max(size, bytes.length);
    return size;
  }
}

/** What the probe imports: shared data, randomness, and refusals for everything else. */
export function importsOf(
  module: WebAssembly.Module,
  store: Store,
  guest: () => Guest,
): WebAssembly.Imports {
  const known = sharedData(store, guest);
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    if (kind === 'function') (imports[from] ??= {})[name] = known[name] ?? (() => UNIMPLEMENTED);
  }
  return imports;
}

type HostFunction = (...args: number[]) => number;

function sharedData(store: Store, guest: () => Guest): Record<string, HostFunction> {
  const view = (): DataView => new DataView(guest().memory.buffer);
  const bytes = (at: number, size: number): Uint8Array =>
    new Uint8Array(guest().memory.buffer).slice(at, at + size);
  const keyOf = (at: number, size: number): string =>
    Buffer.from(bytes(at, size)).toString('latin1');
  return {
    proxy_get_shared_data(keyAt = 0, keySize = 0, outAt = 0, outSize = 0, outVersion = 0): number {
      store.gets++;
      if (store.failure !== null) return store.failure;
      const found = store.values.get(keyOf(keyAt, keySize));
      if (found === undefined) return NOT_FOUND;
      const at = guest().proxy_on_memory_allocate(found.bytes.length);
      new Uint8Array(guest().memory.buffer).set(found.bytes, at);
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
    proxy_get_current_time_nanoseconds(outAt = 0): number {
      view().setBigUint64(outAt, store.nowNs, true);
      return OK;
    },
    random_get(at = 0, size = 0): number {
      new Uint8Array(guest().memory.buffer).fill(7, at, at + size);
      return OK;
    },
  };
}
