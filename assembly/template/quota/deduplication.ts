// Charges by their deduplication id, in two generations as in Mixer: ids are found in both, written
// to the younger one, and forgotten after one to two periods. One worker's memory. Hot: blocks are
// taken when the first id comes, and bounded.
//
// A block: | slots u32, offset of an entry or 0 |, then entries: | amount | expiry ns | size | id
// |.

import { QUOTA_DEDUPLICATION_COUNT_MAX, QUOTA_DEDUPLICATION_SIZE_BYTES } from "../../shared/limits";
import { giveBlock, takeBlock } from "../../memory/blocks";
import { equal, hash } from "../../memory/bytes";
import { Slice, sizeOf, slice, startOf } from "../../memory/slice";
import { randomSeed } from "../../abi/random";
import { Grant } from "../instances";

const SLOT_COUNT: u32 = QUOTA_DEDUPLICATION_COUNT_MAX * 2;
const INDEX_SIZE_BYTES: usize = SLOT_COUNT * 4;
const HEAD_SIZE_BYTES: usize = 20;

/** The ids of one handler. */
export class Deduplication {
  private younger: usize = 0;
  private older: usize = 0;
  private period: u64 = 0;
  private seed: u64 = 0;
  /** Entries of the younger generation, and where the next one goes. */
  private count: i32 = 0;
  private next: u32 = 0;

  /** `periodNs` is how long an id is remembered at least. */
  constructor(private readonly periodNs: i64) {}

  /** Repeats the grant of an id that was charged before; false when it is new. */
  find(id: Slice, nowNs: u64, grant: Grant): bool {
    if (this.younger == 0) return false;
    this.moveTo(nowNs / <u64>this.periodNs);
    const code = <u32>hash(id, this.seed);
    let entry = findEntry(this.younger, id, code);
    if (entry == 0) entry = findEntry(this.older, id, code);
    if (entry == 0) return false;
    const expiry = load<u64>(entry, 8);
    grant.give(load<i64>(entry), expiry > nowNs ? <i64>(expiry - nowNs) : 0);
    return true;
  }

  /** Remembers what an id was granted, in place of what was known; false when there is no room. */
  remember(id: Slice, nowNs: u64, grant: Grant): bool {
    if (this.younger == 0 && !this.open(nowNs)) return false;
    const known = findEntry(this.younger, id, <u32>hash(id, this.seed));
    if (known != 0) {
      write(known, nowNs, grant);
      return true;
    }
    const size = (<u32>(HEAD_SIZE_BYTES + sizeOf(id) + 7)) & ~7;
    const isFull = this.count == QUOTA_DEDUPLICATION_COUNT_MAX;
    if (isFull || sizeOf(id) > <usize>QUOTA_DEDUPLICATION_SIZE_BYTES) return false;
    if (this.next + size > <u32>QUOTA_DEDUPLICATION_SIZE_BYTES) return false;
    const entry = this.younger + this.next;
    write(entry, nowNs, grant);
    store<u32>(entry, <u32>sizeOf(id), 16);
    memory.copy(entry + HEAD_SIZE_BYTES, startOf(id), sizeOf(id));
    store<u32>(freeSlot(this.younger, <u32>hash(id, this.seed)), this.next);
    this.next += size;
    this.count++;
    return true;
  }

  /** Gives the memory back. */
  close(): void {
    if (this.younger != 0) giveBlock(this.younger, QUOTA_DEDUPLICATION_SIZE_BYTES);
    if (this.older != 0) giveBlock(this.older, QUOTA_DEDUPLICATION_SIZE_BYTES);
    this.younger = 0;
    this.older = 0;
  }

  private open(nowNs: u64): bool {
    this.younger = takeBlock(QUOTA_DEDUPLICATION_SIZE_BYTES);
    this.older = takeBlock(QUOTA_DEDUPLICATION_SIZE_BYTES);
    if (this.younger == 0 || this.older == 0) {
      this.close();
      return false;
    }
    this.seed = randomSeed();
    this.period = nowNs / <u64>this.periodNs;
    memory.fill(this.older, 0, INDEX_SIZE_BYTES);
    this.begin();
    return true;
  }

  // A clock that was set back changes nothing until it has caught up.
  private moveTo(period: u64): void {
    if (period <= this.period) return;
    const steps = period - this.period;
    this.period = period;
    const older = this.younger;
    this.younger = this.older;
    this.older = older;
    if (steps > 1) memory.fill(this.older, 0, INDEX_SIZE_BYTES);
    this.begin();
  }

  private begin(): void {
    memory.fill(this.younger, 0, INDEX_SIZE_BYTES);
    this.count = 0;
    this.next = <u32>INDEX_SIZE_BYTES;
  }
}

function write(entry: usize, nowNs: u64, grant: Grant): void {
  store<i64>(entry, grant.amount);
  store<u64>(entry, grant.validDurationNs > 0 ? nowNs + grant.validDurationNs : 0, 8);
}

function findEntry(block: usize, id: Slice, code: u32): usize {
  let index = code % SLOT_COUNT;
  for (let probe: u32 = 0; probe < SLOT_COUNT; probe++) {
    const offset = load<u32>(block + ((<usize>index) << 2));
    if (offset == 0) return 0;
    const entry = block + offset;
    if (equal(slice(entry + HEAD_SIZE_BYTES, load<u32>(entry, 16)), id)) return entry;
    index = (index + 1) % SLOT_COUNT;
  }
  return 0;
}

// At most half of the slots are in use.
function freeSlot(block: usize, code: u32): usize {
  let index = code % SLOT_COUNT;
  while (load<u32>(block + ((<usize>index) << 2)) != 0) index = (index + 1) % SLOT_COUNT;
  return block + ((<usize>index) << 2);
}
