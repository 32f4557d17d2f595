// Strings of the source as UTF-8 bytes that live as long as the VM. Cold: call it from module-level
// constants or while configuring, never per request.

import { Slice, emptySlice, slice } from "./slice";

/** The UTF-8 bytes of `text`, never freed. */
export function literal(text: string): Slice {
  const size = <usize>String.UTF8.byteLength(text);
  if (size == 0) return emptySlice();
  const at = heap.alloc(size);
  String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, at);
  return slice(at, size);
}

/** The bytes as a string, bytes that are no UTF-8 replaced: only to show them to a person. */
export function textOf(bytes: Slice): string {
  return String.UTF8.decodeUnsafe(<usize>(<u32>bytes), <usize>(bytes >>> 32));
}
