// The cheapest steps that make the bytes, by given prices: dynamic programming from the first byte to the last, each
// place with the best way to it.

import { SIZE_MAX, commonSize, type Matches } from './matches.ts';
import {
  CONTEXT,
  NEW_SIZE_MIN,
  flagContext,
  literalContext,
  offsetContext,
  type Step,
} from './model.ts';
import type { Prices } from './prices.ts';

/** A repetition of so many bytes is taken whole, without a look at shorter ones. */
const SIZE_GOOD = 64;

/** The best way known to each place. */
class Ways {
  readonly price: Float64Array;
  readonly size: Int32Array;
  /** Of the step that ends here; 0: a literal. */
  readonly offset: Int32Array;
  /** Of the last repetition so far. */
  readonly last: Int32Array;

  constructor(count: number) {
    this.price = new Float64Array(count).fill(Infinity);
    this.size = new Int32Array(count);
    this.offset = new Int32Array(count);
    this.last = new Int32Array(count);
    this.price[0] = 0;
  }

  offer(from: number, size: number, offset: number, price: number): void {
    const at = from + size;
    if (price >= this.price[at]!) return;
    this.price[at] = price;
    this.size[at] = size;
    this.offset[at] = offset;
    this.last[at] = offset === 0 ? this.last[from]! : offset;
  }
}

/** Steps from the first byte to the last. */
export function parse(bytes: Uint8Array, matches: readonly Matches[], prices: Prices): Step[] {
  const ways = new Ways(bytes.length + 1);
  for (let at = 0; at < bytes.length;) {
    at += offerSteps(bytes, at, matches[at]!, prices, ways);
  }
  const steps: Step[] = [];
  for (let end = bytes.length; end > 0; end -= ways.size[end]!) {
    const size = ways.size[end]!;
    steps.push({ at: end - size, size, offset: ways.offset[end]! });
  }
  return steps.reverse();
}

/** How far to go on. */
function offerSteps(
  bytes: Uint8Array,
  at: number,
  matches: Matches,
  prices: Prices,
  ways: Ways,
): number {
  const isBehind = at > 0 && ways.offset[at]! > 0;
  const flag = flagContext(at, isBehind);
  const here = ways.price[at]!;
  const literal = prices.literal(literalContext(bytes, at), bytes[at]!);
  ways.offer(at, 1, 0, here + prices.of(flag, 0) + literal);
  const repeated = here + prices.of(flag, 1);
  const last = ways.last[at]!;
  if (!isBehind && last > 0) {
    const price = repeated + prices.of(CONTEXT.isSame, 1);
    for (let size = commonSize(bytes, at - last, at); size > 0; size--) {
      ways.offer(at, size, last, price + prices.number(CONTEXT.sameSize, size, SIZE_MAX));
    }
  }
  const price = repeated + (isBehind ? 0 : prices.of(CONTEXT.isSame, 0));
  return offerMatches(at, matches, price, prices, ways);
}

function offerMatches(
  at: number,
  matches: Matches,
  price: number,
  prices: Prices,
  ways: Ways,
): number {
  let from = NEW_SIZE_MIN;
  const most = ways.price.length;
  for (let index = 0; index < matches.length; index += 2) {
    const [offset, longest] = [matches[index]!, matches[index + 1]!];
    if (longest >= SIZE_GOOD) from = longest;
    for (let size = from; size <= longest; size++) {
      const way = prices.number(offsetContext(size), offset, most);
      const length = prices.number(CONTEXT.size, size - NEW_SIZE_MIN + 1, SIZE_MAX);
      ways.offer(at, size, offset, price + way + length);
    }
    if (longest >= SIZE_GOOD && index + 2 >= matches.length) return longest;
    from = longest + 1;
  }
  return 1;
}
