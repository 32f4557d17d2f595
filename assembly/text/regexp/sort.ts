// Sorting of raw numbers in place, in n log n steps for any input. Both.

/** Sorts `count` u64 at `start`, ascending. */
export function sortNumbers(start: usize, count: u32): void {
  for (let root = count >>> 1; root > 0; root--) sink(start, root - 1, count);
  for (let size = count; size > 1; size--) {
    swap(start, 0, size - 1);
    sink(start, 0, size - 1);
  }
}

// Moves a number down the heap until no child is larger.
function sink(start: usize, root: u32, count: u32): void {
  while (true) {
    let child: u32 = 2 * root + 1;
    if (child >= count) return;
    if (child + 1 < count && numberAt(start, child + 1) > numberAt(start, child)) child++;
    if (numberAt(start, root) >= numberAt(start, child)) return;
    swap(start, root, child);
    root = child;
  }
}

// @ts-ignore: decorator
@inline
function numberAt(start: usize, index: u32): u64 {
  return load<u64>(start + (index << 3));
}

function swap(start: usize, left: u32, right: u32): void {
  const kept = numberAt(start, left);
  store<u64>(start + (left << 3), numberAt(start, right));
  store<u64>(start + (right << 3), kept);
}
