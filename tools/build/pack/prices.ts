// What each bit costs, in bits, as an earlier pass over the same bytes has counted them: what the search for the
// cheapest steps weighs.

import { CONTEXT_COUNT, writeLiteral, writeNumber, type BitSink } from './model.ts';

/** Before anything is counted every bit costs one; a little weight keeps what was never seen from costing too much. */
const PRIOR = 0.4;

/** Counts the bits of one pass. */
export class BitCounts implements BitSink {
  readonly zeros = new Float64Array(CONTEXT_COUNT).fill(PRIOR);
  readonly ones = new Float64Array(CONTEXT_COUNT).fill(PRIOR);

  bit(context: number, value: number): void {
    const counts = value === 0 ? this.zeros : this.ones;
    counts[context]!++;
  }
}

/** Prices by what was counted. */
export class Prices implements BitSink {
  readonly #zero: Float64Array;
  readonly #one: Float64Array;
  readonly #numbers = new Map<number, Float64Array>();
  #sum = 0;

  constructor({ zeros, ones }: BitCounts) {
    this.#zero = zeros.map((count, at) => Math.log2((count + ones[at]!) / count));
    this.#one = ones.map((count, at) => Math.log2((count + zeros[at]!) / count));
  }

  of(context: number, value: number): number {
    return (value === 0 ? this.#zero : this.#one)[context]!;
  }

  literal(context: number, byte: number): number {
    this.#sum = 0;
    writeLiteral(this, context, byte);
    return this.#sum;
  }

  /** Prices of the numbers up to `most`, NaN where nobody has asked yet. */
  number(context: number, number: number, most: number): number {
    let known = this.#numbers.get(context);
    if (!known) this.#numbers.set(context, (known = new Float64Array(most + 1).fill(NaN)));
    const price = known[number]!;
    if (!Number.isNaN(price)) return price;
    this.#sum = 0;
    writeNumber(this, context, number);
    return (known[number] = this.#sum);
  }

  bit(context: number, value: number): void {
    this.#sum += this.of(context, value);
  }
}
