// Unsigned integers of up to 163 words in static memory: the exact arithmetic behind reading and
// printing doubles. Results never exceed the size: the callers bound their exponents. Both.
//
//   0            4                 8
//   | word count | word 0 (lowest) | …

// @ts-ignore: decorator
@inline
function word(number: usize, index: u32): u64 {
  return <u64>load<u32>(number + ((index + 1) << 2));
}

// @ts-ignore: decorator
@inline
function setWord(number: usize, index: u32, value: u32): void {
  store<u32>(number + ((index + 1) << 2), value);
}

/** Sets a number to a 64-bit value. */
export function setBignum(number: usize, value: u64): void {
  setWord(number, 0, <u32>value);
  setWord(number, 1, <u32>(value >>> 32));
  store<u32>(number, value == 0 ? 0 : value >>> 32 ? 2 : 1);
}

/** Copies a number. */
export function copyBignum(to: usize, from: usize): void {
  memory.copy(to, from, <usize>((load<u32>(from) + 1) << 2));
}

/** number = number × factor + addend. */
export function multiplyAdd(number: usize, factor: u32, addend: u32): void {
  const count = load<u32>(number);
  let carry: u64 = addend;
  for (let index: u32 = 0; index < count; index++) {
    carry += word(number, index) * <u64>factor;
    setWord(number, index, <u32>carry);
    carry >>>= 32;
  }
  if (carry == 0) return;
  setWord(number, count, <u32>carry);
  store<u32>(number, count + 1);
}

/** number = number × 10^exponent. */
export function multiplyPowerOfTen(number: usize, exponent: u32): void {
  for (; exponent >= 9; exponent -= 9) multiplyAdd(number, 1_000_000_000, 0);
  let rest: u32 = 1;
  for (; exponent > 0; exponent--) rest *= 10;
  if (rest > 1) multiplyAdd(number, rest, 0);
}

/** number = number × 2^bits. */
export function shiftLeft(number: usize, bits: u32): void {
  const count = load<u32>(number);
  if (count == 0) return;
  const words = bits >>> 5;
  if (words > 0) {
    memory.copy(number + 4 + (words << 2), number + 4, <usize>(count << 2));
    memory.fill(number + 4, 0, <usize>(words << 2));
    store<u32>(number, count + words);
  }
  const rest = bits & 31;
  if (rest > 0) multiplyAdd(number, 1 << rest, 0);
}

/** How many bits the number has; 0 for zero. */
export function bitCount(number: usize): u32 {
  const count = load<u32>(number);
  if (count == 0) return 0;
  return (count << 5) - clz<u32>(<u32>word(number, count - 1));
}

/** Below 0, 0 or above 0. */
export function compareBignums(left: usize, right: usize): i32 {
  const count = load<u32>(left);
  const other = load<u32>(right);
  if (count != other) return count < other ? -1 : 1;
  for (let index = count; index > 0; index--) {
    const leftWord = word(left, index - 1);
    const rightWord = word(right, index - 1);
    if (leftWord != rightWord) return leftWord < rightWord ? -1 : 1;
  }
  return 0;
}

/** to = left + right; `to` may be one of them. */
export function addBignums(to: usize, left: usize, right: usize): void {
  const leftCount = load<u32>(left);
  const rightCount = load<u32>(right);
  const count = leftCount > rightCount ? leftCount : rightCount;
  let carry: u64 = 0;
  for (let index: u32 = 0; index < count; index++) {
    if (index < leftCount) carry += word(left, index);
    if (index < rightCount) carry += word(right, index);
    setWord(to, index, <u32>carry);
    carry >>>= 32;
  }
  if (carry) setWord(to, count, <u32>carry);
  store<u32>(to, carry ? count + 1 : count);
}

/** number = number − other. The caller has checked that other ≤ number. */
export function subtract(number: usize, other: usize): void {
  let count = load<u32>(number);
  const otherCount = load<u32>(other);
  let borrow: u64 = 0;
  for (let index: u32 = 0; index < count; index++) {
    const taken = (index < otherCount ? word(other, index) : 0) + borrow;
    const value = word(number, index) - taken;
    setWord(number, index, <u32>value);
    borrow = value >>> 63;
  }
  while (count > 0 && word(number, count - 1) == 0) count--;
  store<u32>(number, count);
}
