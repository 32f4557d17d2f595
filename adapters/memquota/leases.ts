// What one worker has taken of keys that it is charged for again and again, so that most charges
// need no shared data. A lease is used only while that cannot exceed the limit; what it leaves is
// given back with the next charge of its key, or on the tick. One worker's memory: a block taken
// when the first lease comes. Hot: allocates nothing managed.
//
// An entry: | left i64 | lent i64 | moment i64 | limit u32 | key size u16 | shadow u8 | used u8 |
//           | key |.

import {
  Ledger,
  QUOTA_LEASE_COUNT_MAX,
  QUOTA_LEASE_KEY_SIZE_MAX_BYTES,
  Settled,
  Slice,
  Terms,
  equal,
  giveBlock,
  hash,
  randomSeed,
  sizeOf,
  slice,
  startOf,
  takeBlock,
} from "../../assembly/sdk";
import { Account } from "./account";
import { Limit } from "./quota-definition";

const KEY_AT: usize = 32;
const ENTRY_SIZE_BYTES: usize = 32 + QUOTA_LEASE_KEY_SIZE_MAX_BYTES;
const SIZE_BYTES: usize = <usize>QUOTA_LEASE_COUNT_MAX * ENTRY_SIZE_BYTES;

/** The leases of one handler. */
export class Leases {
  private block: usize = 0;
  private seed: u64 = 0;
  /** The entry of the charge at hand; 0 = it has none. */
  private entry: usize = 0;
  private readonly terms: Terms = new Terms();

  /**
   * Serves a charge from the lease of its key. Else false, and the working copy knows what to take
   * and give back when the ledger charges it next; `keep` must follow.
   */
  serve(limit: Limit, isShadow: bool, key: Slice, terms: Terms): bool {
    this.entry = 0;
    if (!limit.hasLeases || terms.amount < 0) return false;
    const account = limit.table.account;
    const entry = this.claim(limit, isShadow, key);
    if (entry == 0) return false;
    const left = load<i64>(entry);
    const moment = load<i64>(entry, 16);
    const isCurrent = account.isCurrent(moment, terms);
    if (isCurrent && left >= terms.amount) {
      store<i64>(entry, left - terms.amount);
      store<u8>(entry, 1, 31);
      account.moment = moment;
      return true;
    }
    this.entry = entry;
    fillAccount(entry, account);
    account.leaseSize = isCurrent ? limit.leaseSize : 0;
    return false;
  }

  /** Remembers what the ledger took beyond the charge; nothing where it could not charge. */
  keep(limit: Limit, isSettled: bool): void {
    const account = limit.table.account;
    if (this.entry != 0 && isSettled) {
      store<i64>(this.entry, account.leased);
      store<i64>(this.entry, account.leased, 8);
      store<i64>(this.entry, account.moment, 16);
      store<u8>(this.entry, 1, 31);
    }
    account.lent = 0;
    account.leaseSize = 0;
  }

  /** Gives back what can no longer be used, and what was not used since the last call. */
  sweep(ledger: Ledger, nowNs: u64): void {
    if (this.block == 0) return;
    for (let index = 0; index < QUOTA_LEASE_COUNT_MAX; index++) {
      const entry = this.block + <usize>index * ENTRY_SIZE_BYTES;
      if (load<i64>(entry, 8) > 0 && !this.isInUse(entry, nowNs)) this.giveBack(entry, ledger);
      store<u8>(entry, 0, 31);
    }
  }

  /** Gives back everything, and the memory. */
  close(ledger: Ledger, nowNs: u64): void {
    this.sweep(ledger, nowNs);
    this.sweep(ledger, nowNs);
    if (this.block != 0) giveBlock(this.block, SIZE_BYTES);
    this.block = 0;
  }

  private isInUse(entry: usize, nowNs: u64): bool {
    const limit = limitOf(entry);
    limit.fill(this.terms, nowNs);
    const isCurrent = limit.table.account.isCurrent(load<i64>(entry, 16), this.terms);
    return isCurrent && load<u8>(entry, 31) != 0;
  }

  // When shared data fail the lease stays, and the next tick tries again.
  private giveBack(entry: usize, ledger: Ledger): void {
    const limit = limitOf(entry);
    const account = limit.table.account;
    fillAccount(entry, account);
    ledger.window = account;
    const settled = ledger.charge(limit.table, load<u8>(entry, 30) != 0, keyOf(entry), this.terms);
    account.lent = 0;
    if (settled == Settled.Failed) return;
    store<i64>(entry, 0);
    store<i64>(entry, 0, 8);
  }

  // The entry of the key. One that holds nothing is taken over; then its moment is long ago, so
  // that only a second charge of a new key takes a lease.
  private claim(limit: Limit, isShadow: bool, key: Slice): usize {
    if (sizeOf(key) > <usize>QUOTA_LEASE_KEY_SIZE_MAX_BYTES) return 0;
    if (this.block == 0 && !this.open()) return 0;
    const number = <u32>changetype<usize>(limit);
    const code = hash(key, this.seed + <u64>number * 2 + <u64>isShadow);
    const entry = this.block + <usize>(code % QUOTA_LEASE_COUNT_MAX) * ENTRY_SIZE_BYTES;
    if (load<u32>(entry, 24) == number && load<u8>(entry, 30) == <u8>isShadow) {
      if (equal(keyOf(entry), key)) return entry;
    }
    if (load<i64>(entry, 8) > 0) return 0;
    store<i64>(entry, i64.MIN_VALUE >> 1, 16);
    store<u32>(entry, number, 24);
    store<u16>(entry, <u16>sizeOf(key), 28);
    store<u8>(entry, <u8>isShadow, 30);
    memory.copy(entry + KEY_AT, startOf(key), sizeOf(key));
    return entry;
  }

  private open(): bool {
    this.block = takeBlock(SIZE_BYTES);
    if (this.block == 0) return false;
    memory.fill(this.block, 0, SIZE_BYTES);
    this.seed = randomSeed();
    return true;
  }
}

// Limits live as long as the handler, and so do its leases.
// @ts-ignore: decorator
@inline
function limitOf(entry: usize): Limit {
  return changetype<Limit>(<usize>load<u32>(entry, 24));
}

function fillAccount(entry: usize, account: Account): void {
  account.unused = load<i64>(entry);
  account.lent = load<i64>(entry, 8);
  account.lentAt = load<i64>(entry, 16);
}

// @ts-ignore: decorator
@inline
function keyOf(entry: usize): Slice {
  return slice(entry + KEY_AT, load<u16>(entry, 28));
}
