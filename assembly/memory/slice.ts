// Borrowed bytes in one register: address in the low 32 bits, size in the high 32 bits.
// A slice owns nothing; whoever made the bytes says how long they live. Both: used everywhere.

/** Bytes that somebody else owns: `size << 32 | address`. */
export type Slice = u64;

/** There is no such value. Not the same as an empty value. */
export const ABSENT: Slice = 0;

/** The host refused to say; already counted where it happened. */
export const FAILED: Slice = 1;

/** Addresses below this one are never bytes; they mark ABSENT and FAILED. */
const FIRST_ADDRESS: u32 = 8;

/** Any valid address: the empty value stands here. */
const NOWHERE: usize = memory.data(8);

/** Packs an address and a size in bytes. A size of 0 is the empty value, whatever the address. */
// @ts-ignore: decorator
@inline
export function slice(at: usize, size: usize): Slice {
  return ((<u64>size) << 32) | (<u64>(size == 0 ? NOWHERE : at));
}

/** The empty value, which is present. */
// @ts-ignore: decorator
@inline
export function emptySlice(): Slice {
  return <u64>NOWHERE;
}

/** Where the bytes begin. Only of a present slice. */
// @ts-ignore: decorator
@inline
export function startOf(bytes: Slice): usize {
  return <usize>(<u32>bytes);
}

/** How many bytes; 0 for ABSENT and FAILED. */
// @ts-ignore: decorator
@inline
export function sizeOf(bytes: Slice): usize {
  return <usize>(bytes >>> 32);
}

/** The address right behind the last byte. */
// @ts-ignore: decorator
@inline
export function endOf(bytes: Slice): usize {
  return startOf(bytes) + sizeOf(bytes);
}

/** Whether there is a value, be it empty. */
// @ts-ignore: decorator
@inline
export function isPresent(bytes: Slice): bool {
  return <u32>bytes >= FIRST_ADDRESS;
}

/** The bytes from `from` to `until`, both clamped to the slice. */
// @ts-ignore: decorator
@inline
export function subSlice(bytes: Slice, from: usize, until: usize): Slice {
  const size = sizeOf(bytes);
  const end = until < size ? until : size;
  const start = from < end ? from : end;
  return slice(startOf(bytes) + start, end - start);
}

/** The byte at `index`. The caller has checked that index < sizeOf(bytes). */
// @ts-ignore: decorator
@inline
export function byteAt(bytes: Slice, index: usize): u8 {
  return load<u8>(startOf(bytes) + index);
}
