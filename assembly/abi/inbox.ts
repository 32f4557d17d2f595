// Where the host puts what it hands to us: while a root context is being configured on the raw
// heap (the reader frees it), while serving in the arena of the callback. Both.

import { takeArena } from "../memory/arena";

let configuring: bool = false;

/** From here on host answers come from the heap; the caller of each read frees them. */
export function enterConfiguration(): void {
  configuring = true;
}

/** From here on host answers live in the arena until the next callback. */
export function leaveConfiguration(): void {
  configuring = false;
}

/** `size` bytes for the host; 0 refuses, and the host call fails. */
export function allocateForHost(size: usize): usize {
  return configuring ? allocateForConfiguration(size) : takeArena(size);
}

/** Cold branch of allocateForHost. */
export function allocateForConfiguration(size: usize): usize {
  return heap.alloc(size);
}

/** Frees what a host call answered while configuring. */
export function freeFromHost(at: usize): void {
  if (at != 0) heap.free(at);
}
