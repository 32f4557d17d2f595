// Key, value and version, shared by all VMs of one vm_id string in the process. Versions ("cas") come from one counter
// for all keys; there is no removal, only empty values.

import { Status } from './abi.ts';
import { binaryToBytes, toBinary } from './bytes.ts';

interface Item {
  readonly value: Uint8Array;
  readonly cas: number;
}

export class SharedData {
  readonly #byVmId = new Map<string, Map<string, Item>>();
  #lastCas = 0;

  get(vmId: string, key: string): Item | undefined {
    return this.#byVmId.get(vmId)?.get(key);
  }

  /** Status 0, or CAS_MISMATCH; a key that is missing is created whatever the cas. */
  set(vmId: string, key: string, value: Uint8Array, cas: number): number {
    let items = this.#byVmId.get(vmId);
    if (items === undefined) {
      items = new Map<string, Item>();
      this.#byVmId.set(vmId, items);
    }
    const known = items.get(key);
    if (cas !== 0 && known !== undefined && known.cas !== cas) return Status.CAS_MISMATCH;
    this.#lastCas = (this.#lastCas + 1) >>> 0 || 1;
    items.set(key, { value, cas: this.#lastCas });
    return Status.OK;
  }

  keys(vmId: string): string[] {
    return [...(this.#byVmId.get(vmId)?.keys() ?? [])];
  }
}

/** What a test may do to the store of its own vm_id; keys as text or bytes. */
export class SharedDataView {
  readonly #store: SharedData;
  readonly #vmId: string;

  constructor(store: SharedData, vmId: string) {
    this.#store = store;
    this.#vmId = vmId;
  }

  get(key: string | Uint8Array): Uint8Array | undefined {
    return this.#store.get(this.#vmId, toBinary(key))?.value;
  }

  set(key: string | Uint8Array, value: Uint8Array): void {
    this.#store.set(this.#vmId, toBinary(key), value, 0);
  }

  keys(): Uint8Array[] {
    return this.#store.keys(this.#vmId).map(binaryToBytes);
  }

  /** All values together: what a memory bound is held against. */
  get sizeBytes(): number {
    return this.#store.keys(this.#vmId).reduce((sum, key) => sum + this.#size(key), 0);
  }

  #size(key: string): number {
    return key.length + (this.#store.get(this.#vmId, key)?.value.length ?? 0);
  }
}
