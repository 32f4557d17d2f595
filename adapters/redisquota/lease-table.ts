// The pools of one worker, by quota and dimension values, and the questions that are under way for
// them. Bounded: of eight pools that could stand in a place the one that was used longest ago makes
// room, unless an answer is due. Hot: blocks are taken when the first charge comes.
//
//   0      4          8          16      24          32      40      48            56
//   | size | instance | key size | limit | remaining | reset | until | last use ns | pool | key
//
// The highest bit of the instance says that charges are in SHADOW mode: pools of their own.
// `remaining` is what the window has left until `reset`; `until` when a failure is forgotten.

import {
  QUOTA_PREFETCH_CALL_COUNT_MAX,
  QUOTA_PREFETCH_POOL_COUNT_MAX,
  Slice,
  equal,
  giveBlock,
  hash,
  randomSeed,
  sizeOf,
  slice,
  startOf,
  takeBlock,
} from "../../assembly/sdk";
import { POOL_SIZE_BYTES, PrefetchPool } from "./prefetch-pool";

const SHADOW: u32 = 0x8000_0000;
const WAY_COUNT: u32 = 8;
const SET_COUNT: u32 = QUOTA_PREFETCH_POOL_COUNT_MAX / WAY_COUNT;
const HEAD_SIZE_BYTES: usize = 56;
const PLACES_SIZE_BYTES: usize = QUOTA_PREFETCH_POOL_COUNT_MAX * 4;
/** | token | ticket | lease | pad | wanted | sent |. */
const CALL_SIZE_BYTES: usize = 32;
const CALLS_SIZE_BYTES: usize = QUOTA_PREFETCH_CALL_COUNT_MAX * CALL_SIZE_BYTES;

/** The leases of one handler in one worker. */
export class LeaseTable {
  private places: usize = 0;
  private calls: usize = 0;
  private seed: u64 = 0;
  private readonly pool: PrefetchPool = new PrefetchPool();

  /** The lease of a quota's key; 0 without room. */
  find(instance: i32, isShadow: bool, key: Slice, nowNs: u64): usize {
    if (this.places == 0 && !this.open()) return 0;
    const name = isShadow ? (<u32>instance) | SHADOW : <u32>instance;
    const code = hash(key, this.seed ^ (<u64>name));
    const set = this.places + ((<usize>(<u32>code % SET_COUNT) * WAY_COUNT) << 2);
    for (let way: usize = 0; way < <usize>WAY_COUNT; way++) {
      const lease = <usize>load<u32>(set + (way << 2));
      if (lease == 0 || load<u32>(lease, 4) != name) continue;
      if (!equal(leaseKey(lease), key)) continue;
      store<u64>(lease, nowNs, 48);
      return lease;
    }
    return this.add(set, name, key, nowNs);
  }

  /** Remembers a question; false when too many are under way. */
  addCall(token: u32, lease: usize, ticket: u32, wanted: i64, sent: i64): bool {
    const call = this.findCall(0);
    if (call == 0) return false;
    store<u32>(call, token);
    store<u32>(call, ticket, 4);
    store<u32>(call, <u32>lease, 8);
    store<i64>(call, wanted, 16);
    store<i64>(call, sent, 24);
    return true;
  }

  /** The question with this token, 0 for the first free place; 0 when there is none. */
  findCall(token: u32): usize {
    if (this.calls == 0) return 0;
    const end = this.calls + CALLS_SIZE_BYTES;
    for (let call = this.calls; call < end; call += CALL_SIZE_BYTES) {
      if (load<u32>(call) == token) return call;
    }
    return 0;
  }

  /** Gives the memory back. */
  close(): void {
    if (this.places == 0) return;
    const end = this.places + PLACES_SIZE_BYTES;
    for (let place = this.places; place < end; place += 4) drop(place);
    giveBlock(this.places, PLACES_SIZE_BYTES);
    giveBlock(this.calls, CALLS_SIZE_BYTES);
    this.places = 0;
    this.calls = 0;
  }

  private open(): bool {
    const places = takeBlock(PLACES_SIZE_BYTES);
    const calls = takeBlock(CALLS_SIZE_BYTES);
    if (places == 0 || calls == 0) {
      if (places != 0) giveBlock(places, PLACES_SIZE_BYTES);
      if (calls != 0) giveBlock(calls, CALLS_SIZE_BYTES);
      return false;
    }
    memory.fill(places, 0, PLACES_SIZE_BYTES);
    memory.fill(calls, 0, CALLS_SIZE_BYTES);
    this.places = places;
    this.calls = calls;
    this.seed = randomSeed();
    return true;
  }

  private add(set: usize, name: u32, key: Slice, nowNs: u64): usize {
    const place = this.room(set);
    if (place == 0) return 0;
    const size = HEAD_SIZE_BYTES + POOL_SIZE_BYTES + sizeOf(key);
    const lease = takeBlock(size);
    if (lease == 0) return 0;
    drop(place);
    memory.fill(lease, 0, HEAD_SIZE_BYTES);
    store<u32>(lease, <u32>size);
    store<u32>(lease, name, 4);
    store<u32>(lease, <u32>sizeOf(key), 8);
    store<u64>(lease, nowNs, 48);
    this.pool.begin(poolAt(lease));
    memory.copy(poolAt(lease) + POOL_SIZE_BYTES, startOf(key), sizeOf(key));
    store<u32>(place, <u32>lease);
    return lease;
  }

  // A free place, or that of the lease that was used longest ago and waits for nothing.
  private room(set: usize): usize {
    let oldest: usize = 0;
    let usedNs: u64 = u64.MAX_VALUE;
    for (let way: usize = 0; way < <usize>WAY_COUNT; way++) {
      const place = set + (way << 2);
      const lease = <usize>load<u32>(place);
      if (lease == 0) return place;
      this.pool.open(poolAt(lease));
      if (this.pool.pending > 0 || load<u64>(lease, 48) >= usedNs) continue;
      usedNs = load<u64>(lease, 48);
      oldest = place;
    }
    return oldest;
  }
}

function drop(place: usize): void {
  const lease = <usize>load<u32>(place);
  if (lease != 0) giveBlock(lease, load<u32>(lease));
  store<u32>(place, 0);
}

/** The pool of a lease. */
// @ts-ignore: decorator
@inline
export function poolAt(lease: usize): usize {
  return lease + HEAD_SIZE_BYTES;
}

/** The key of a lease. */
// @ts-ignore: decorator
@inline
export function leaseKey(lease: usize): Slice {
  return slice(poolAt(lease) + POOL_SIZE_BYTES, load<u32>(lease, 8));
}

/** The number of the quota's instance. */
// @ts-ignore: decorator
@inline
export function leaseInstance(lease: usize): i32 {
  return <i32>(load<u32>(lease, 4) & ~SHADOW);
}

/** Whether its charges are in SHADOW mode. */
// @ts-ignore: decorator
@inline
export function isShadowLease(lease: usize): bool {
  return (load<u32>(lease, 4) & SHADOW) != 0;
}
