// Raw linear memory by whole pages, outside the managed heap: for arenas, stream slots and tables.
// Pages are never given back, so callers keep and reuse what they took. Both.

const PAGE_SIZE_BYTES: usize = 65536;

/** Takes at least `sizeBytes` of zeroed memory; 0 when the host refuses to grow. */
export function takePages(sizeBytes: usize): usize {
  const count = <i32>((sizeBytes + PAGE_SIZE_BYTES - 1) / PAGE_SIZE_BYTES);
  const before = memory.grow(count);
  return before < 0 ? 0 : <usize>before * PAGE_SIZE_BYTES;
}
