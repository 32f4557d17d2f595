// What each algorithm promises, written down a second time, as plainly as it goes: lists and big integers, no shared
// data, no bytes, no leases. The tests of properties hold the adapter against it.

/** One key of one quota. */
export interface Model {
  /** How much could be granted now. */
  available(nowNs: bigint): bigint;
  take(amount: bigint, nowNs: bigint): void;
  /** Gives back at most the amount; returns how much it was. */
  release(amount: bigint, nowNs: bigint): bigint;
}

/** The parameters of one quota. */
export interface Quota {
  readonly limit: bigint;
  readonly windowNs: bigint;
}

const SECOND = 1_000_000_000n;
const min = (left: bigint, right: bigint): bigint => (left < right ? left : right);
const max = (left: bigint, right: bigint): bigint => (left > right ? left : right);

/** Every grant with its slot; a slot counts until it is a window old. */
export class RollingModel implements Model {
  readonly #grants: { slot: bigint; amount: bigint }[] = [];
  readonly #slots: bigint;
  readonly #slotNs: bigint;

  constructor(readonly quota: Quota) {
    const { windowNs } = quota;
    const isLong = windowNs > 60n * SECOND;
    this.#slots = isLong ? 600n : ((windowNs + SECOND - 1n) / SECOND) * 10n;
    this.#slotNs = isLong ? (windowNs + 599n) / 600n : SECOND / 10n;
  }

  available(nowNs: bigint): bigint {
    const oldest = nowNs / this.#slotNs - this.#slots;
    let used = 0n;
    for (const { slot, amount } of this.#grants) if (slot > oldest) used += amount;
    return this.quota.limit - used;
  }

  take(amount: bigint, nowNs: bigint): void {
    this.#grants.push({ slot: nowNs / this.#slotNs, amount });
  }

  release(amount: bigint, nowNs: bigint): bigint {
    const oldest = nowNs / this.#slotNs - this.#slots;
    let left = amount;
    for (const grant of this.#grants.toReversed()) {
      if (grant.slot <= oldest) continue;
      const given = min(left, grant.amount);
      grant.amount -= given;
      left -= given;
    }
    return amount - left;
  }
}

/** The window that the first charge opened. */
export class FixedModel implements Model {
  #used = 0n;
  #endNs = 0n;

  constructor(readonly quota: Quota) {}

  available(nowNs: bigint): bigint {
    if (nowNs >= this.#endNs) {
      this.#used = 0n;
      this.#endNs = nowNs + this.quota.windowNs;
    }
    return this.quota.limit - this.#used;
  }

  take(amount: bigint): void {
    this.#used += amount;
  }

  release(amount: bigint, nowNs: bigint): bigint {
    const given = nowNs >= this.#endNs ? 0n : min(amount, this.#used);
    this.#used -= given;
    return given;
  }
}

/** A bucket that counts in parts of a token, of which no fraction is lost. */
export class TokenModel implements Model {
  /** Tokens that are missing, times the nanoseconds of the window. */
  #missing = 0n;
  #atNs = 0n;

  constructor(readonly quota: Quota) {}

  available(nowNs: bigint): bigint {
    const { limit, windowNs } = this.quota;
    this.#missing = max(this.#missing - max(nowNs - this.#atNs, 0n) * limit, 0n);
    this.#atNs = max(nowNs, this.#atNs);
    return (limit * windowNs - this.#missing) / windowNs;
  }

  take(amount: bigint): void {
    this.#missing += amount * this.quota.windowNs;
  }

  release(amount: bigint, nowNs: bigint): bigint {
    this.available(nowNs);
    const { windowNs } = this.quota;
    const given = min(amount, (this.#missing + windowNs - 1n) / windowNs);
    this.#missing = max(this.#missing - given * windowNs, 0n);
    return given;
  }
}

/** The models by the names of the algorithms. */
export const MODELS = {
  ROLLING_WINDOW: RollingModel,
  FIXED_WINDOW: FixedModel,
  TOKEN_BUCKET: TokenModel,
};
export type AlgorithmName = keyof typeof MODELS;
