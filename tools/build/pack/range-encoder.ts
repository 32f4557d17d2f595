// Binary arithmetic coding with adaptive probabilities: a likely bit costs a small part of a bit. Each probability is
// that of a 0, in 65,536ths, and moves by a sixteenth towards what was seen.

import { CONTEXT_COUNT, type BitSink } from './model.ts';

export const PROBABILITY_BITS = 16;
export const PROBABILITY_START = 0x8080;
export const ADAPTATION_SHIFT = 4;
/** Below this the range takes in a byte. */
export const RANGE_MIN = 2 ** 24;
/** How many bytes the decoder has read before its first bit. */
export const HEAD_SIZE_BYTES = 4;
const FULL_RANGE = 2 ** 32;
const BYTE = 256;

/** Turns bits into bytes. */
export class RangeEncoder implements BitSink {
  readonly #probabilities = new Uint16Array(CONTEXT_COUNT).fill(PROBABILITY_START);
  readonly #bytes: number[] = [];
  #low = 0;
  #range = FULL_RANGE - 1;

  bit(context: number, value: number): void {
    const probability = this.#probabilities[context]!;
    const bound = Math.floor(this.#range / 2 ** PROBABILITY_BITS) * probability;
    if (value === 0) {
      this.#range = bound;
      const rest = 2 ** PROBABILITY_BITS - probability;
      this.#probabilities[context] = probability + (rest >> ADAPTATION_SHIFT);
    } else {
      this.#add(bound);
      this.#range -= bound;
      this.#probabilities[context] = probability - (probability >> ADAPTATION_SHIFT);
    }
    while (this.#range < RANGE_MIN) {
      this.#shift();
      this.#range *= BYTE;
    }
  }

  /** The bytes of all bits so far; the encoder is used up. */
  finish(): Uint8Array {
    for (let left = HEAD_SIZE_BYTES; left > 0; left--) this.#shift();
    return Uint8Array.from(this.#bytes);
  }

  // A sum beyond 32 bits is carried into the bytes that are out already.
  #add(amount: number): void {
    this.#low += amount;
    if (this.#low < FULL_RANGE) return;
    this.#low -= FULL_RANGE;
    let at = this.#bytes.length - 1;
    for (; this.#bytes[at] === BYTE - 1; at--) this.#bytes[at] = 0;
    this.#bytes[at]!++;
  }

  #shift(): void {
    this.#bytes.push(Math.floor(this.#low / RANGE_MIN));
    this.#low = (this.#low % RANGE_MIN) * BYTE;
  }
}
