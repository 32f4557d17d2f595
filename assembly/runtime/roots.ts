// The root contexts of this VM. Several live side by side: listeners with the same code share a VM,
// and a reload leaves the old one until its last stream has ended. Cold.

import { Root } from "./root";

const roots: Map<u32, Root> = new Map<u32, Root>();
let lastConfigured: Root | null = null;

/** The root with this id, or null. */
export function rootById(id: u32): Root | null {
  return roots.has(id) ? roots.get(id) : null;
}

/** Makes the root of a context: `isAnnounced` when it has just been created. */
export function addRoot(id: u32, isAnnounced: bool): Root {
  const root = new Root(id, isAnnounced);
  roots.set(id, root);
  return root;
}

/** Forgets a root; the collector takes it at the next tick or document. */
export function removeRoot(id: u32): void {
  roots.delete(id);
}

/** Every live root. */
export function allRoots(): Root[] {
  return roots.values();
}

/** Remembers which root was configured last, for `mixer_describe`. */
export function noteConfigured(root: Root): void {
  lastConfigured = root;
}

/** What `mixer_describe` tells: of the last configuration, accepted or not. */
export function lastDescription(): string {
  const root = lastConfigured;
  return root == null ? "" : root.description;
}
