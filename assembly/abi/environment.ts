// The environment of the VM: what `vm_config.environment_variables` hands on, in Envoy by WASI.
// Cold.

import { takeArena } from "../memory/arena";
import { equal, indexOfByte } from "../memory/bytes";
import { ABSENT, Slice, sizeOf, slice, subSlice } from "../memory/slice";
import { OUT_AT, OUT_SIZE } from "./out";

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "environ_sizes_get")
declare function environ_sizes_get(count: usize, size: usize): u32;

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "environ_get")
declare function environ_get(pointers: usize, bytes: usize): u32;

const EQUALS: u8 = 61;

/** The value of a variable, in the arena; ABSENT when it is not set or not handed on. */
export function environmentValue(name: Slice): Slice {
  if (environ_sizes_get(OUT_AT, OUT_SIZE) != 0) return ABSENT;
  const count = <usize>load<u32>(OUT_AT);
  const size = <usize>load<u32>(OUT_SIZE);
  const pointers = takeArena((count << 2) + size);
  const bytes = pointers + (count << 2);
  if (pointers == 0 || environ_get(pointers, bytes) != 0) return ABSENT;
  for (let at: usize = 0; at < count; at++) {
    const pair = textAt(load<u32>(pointers + (at << 2)), bytes + size);
    const equals = indexOfByte(pair, EQUALS);
    if (equals < 0 || !equal(subSlice(pair, 0, <usize>equals), name)) continue;
    return subSlice(pair, <usize>equals + 1, sizeOf(pair));
  }
  return ABSENT;
}

// As far as its NUL, and never beyond what was handed over.
function textAt(start: usize, end: usize): Slice {
  let at = start;
  while (at < end && load<u8>(at) != 0) at++;
  return slice(start, at - start);
}
