// Time that moves only when told. The wall clock has Envoy's resolution of one microsecond, the monotonic one of a
// nanosecond; both start at a fixed moment, so that two runs give the same trace.

const NS_PER_US = 1_000n;

export class Clock {
  #wallNs: bigint;
  #monotonicNs = 1_000_000_000n;
  /** Added to both clocks before each read by the guest, for filters that must see time pass. */
  stepPerReadUs = 0;

  constructor(nowMs: number) {
    this.#wallNs = BigInt(Math.round(nowMs * 1000)) * NS_PER_US;
  }

  get nowNs(): bigint {
    return this.#wallNs;
  }

  get nowMs(): number {
    return Number(this.#wallNs / NS_PER_US) / 1000;
  }

  get monotonicNs(): bigint {
    return this.#monotonicNs;
  }

  /** Moves both clocks on. */
  advance(ms: number): void {
    this.advanceNs(msToNs(ms));
  }

  advanceNs(ns: bigint): void {
    this.#wallNs += ns;
    this.#monotonicNs += ns;
  }

  /** Sets the wall clock alone, also backwards, as an operator or NTP does. */
  setWall(nowMs: number): void {
    this.#wallNs = BigInt(Math.round(nowMs * 1000)) * NS_PER_US;
  }

  /** A read by the guest. */
  read(): bigint {
    if (this.stepPerReadUs > 0) this.advance(this.stepPerReadUs / 1000);
    return this.#wallNs;
  }
}

/** Fractions of a microsecond are lost: Envoy's wall clock has none. */
export function msToNs(ms: number): bigint {
  return BigInt(Math.round(ms * 1000)) * NS_PER_US;
}
