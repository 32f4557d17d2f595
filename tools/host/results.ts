// Hands bytes to the guest: into memory that its own allocator gives, address and size into its out parameters.

import { Status } from './abi.ts';
import { OutOfMemoryBounds } from './errors.ts';
import type { Vm } from './vm.ts';

/** Nothing is allocated for an empty result: address and size are 0. */
export function give(
  vm: Vm,
  bytes: Uint8Array | string,
  outAddress: number,
  outSize: number,
): number {
  let address = 0;
  if (bytes.length > 0) {
    address = vm.allocate(bytes.length);
    if (address === 0) throw new OutOfMemoryBounds('the guest has no memory for the result');
    if (typeof bytes === 'string') vm.memory.writeBinary(address, bytes);
    else vm.memory.write(address, bytes);
  }
  vm.memory.writeU32(outAddress, address);
  vm.memory.writeU32(outSize, bytes.length);
  return Status.OK;
}

/** Argument tuples of host calls, by their number of i32 parameters. */
export type One = readonly [number];
export type Two = readonly [number, number];
export type Three = readonly [number, number, number];
export type Four = readonly [number, number, number, number];
export type Five = readonly [number, number, number, number, number];
export type Six = readonly [number, number, number, number, number, number];
