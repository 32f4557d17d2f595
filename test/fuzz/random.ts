// Random choices that a seed repeats: MIXER_FUZZ_SEED, else the clock; MIXER_FUZZ_COUNT scales how many.

/** Choices that depend on nothing but the seed. */
export class Random {
  #state: number;

  constructor(readonly seed: number) {
    this.#state = seed >>> 0;
  }

  /** An integer from 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  /** From 0 to below 1 (mulberry32). */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** One of several. */
  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new Error('nothing to choose from');
    return choice;
  }

  /** 64 random bits. */
  bits(): bigint {
    return (BigInt(this.below(4_294_967_296)) << 32n) | BigInt(this.below(4_294_967_296));
  }
}

/** The seed of this run; printed by whoever uses it, so that the run can be repeated. */
export function runSeed(): number {
  return Number(process.env['MIXER_FUZZ_SEED'] ?? Date.now() % 4_294_967_296);
}

/** How many rounds to run: `briefly`, or MIXER_FUZZ_COUNT. */
export function rounds(briefly: number): number {
  return Number(process.env['MIXER_FUZZ_COUNT'] ?? briefly);
}
