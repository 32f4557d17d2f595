// The adapters of this module. The build writes an entry file that installs each folder's adapter;
// nobody registers anything by hand. Cold.

import { Adapter } from "../template/adapter";

const adapters: Adapter[] = [];

/** Adds an adapter; called while the module is initialised. */
export function install(adapter: Adapter): void {
  adapters.push(adapter);
}

/** Every installed adapter. */
export function installedAdapters(): Adapter[] {
  return adapters;
}
