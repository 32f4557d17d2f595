// Tells a list of metadata from a struct whose values are all empty: Envoy packs both alike, as
// elements or keys with nothing behind them. A struct has members that can be read, a list none.
// Hot: one more read of a property, for such values only; allocates in the arena.

import { takeArena } from "../memory/arena";
import { copyBytes } from "../memory/bytes";
import { ABSENT, Slice, sizeOf, slice, startOf } from "../memory/slice";
import { readProperty } from "../abi/properties";
import { MetadataKind, metadataKind } from "./decode-metadata";

/**
 * Whether the bytes, which are the property at this path, are a list. One without elements cannot
 * be told from a struct without members, and counts as that.
 */
export function isListAt(path: Slice, bytes: Slice): bool {
  if (metadataKind(bytes) != MetadataKind.List) return false;
  const block = startOf(bytes);
  const count = load<u32>(block);
  return (
    count > 0 && !hasMember(path, slice(block + 4 + ((<usize>count) << 3), load<u32>(block, 4)))
  );
}

function hasMember(path: Slice, name: Slice): bool {
  const size = sizeOf(path) + 1 + sizeOf(name);
  const at = sizeOf(name) == 0 ? 0 : takeArena(size);
  if (at == 0) return false;
  copyBytes(at, startOf(path), sizeOf(path));
  store<u8>(at + sizeOf(path), 0);
  copyBytes(at + sizeOf(path) + 1, startOf(name), sizeOf(name));
  // What is there is empty, so the host takes no memory for it, also while configuring.
  return readProperty(slice(at, size)) != ABSENT;
}
