// The series that one metric has in the whole process: Envoy never frees one, so all workers, and
// all documents after each other, share a budget in shared data. Hot: runs when a VM sees a series
// for the first time.
//
// Keys: | version | 0, as metrics belong to no plugin | 0, and to no definition | "prometheus" |
// metric | bucket u16 |; names behind their sizes. The bucket after the last is the counter, a
// u32; the others hold | size u32 | kind u8 and stat name |, one after another. All values begin
// with the version.

import {
  FAILED,
  Region,
  SERIES_BUCKET_COUNT,
  SERIES_COUNT_MAX,
  SERIES_RETRY_COUNT_MAX,
  Slice,
  Stored,
  Writer,
  endOf,
  hash,
  isPresent,
  literal,
  markArena,
  readShared,
  releaseArena,
  sameBytes,
  sharedVersion,
  sizeOf,
  slice,
  startOf,
  takeArena,
  writeShared,
} from "../../assembly/sdk";

const VERSION: u8 = 1;
const ADAPTER = literal("prometheus");
const COUNTER_SIZE_BYTES: usize = 5;
const COUNTER: usize = memory.data(8, 8);
const SIZE_SIZE_BYTES: usize = 4;
const COUNTER_BUCKET: u16 = <u16>SERIES_BUCKET_COUNT;
const COUNT_MAX: u32 = SERIES_COUNT_MAX;
const TAIL_SIZE_BYTES: usize = 2;
// All workers must look into the same bucket; a client that fills one finds no more than the
// budget.
const SEED: u64 = 0;
const writer = new Writer();

/** What came of a claim. */
export const enum Claim {
  /** The series is one of the process's, as of now or before. */
  Granted = 0,
  /** The budget is used up by other series. */
  Full = 1,
  /** Shared data could not be read or stored. */
  Failed = 2,
}

/** The series of one metric. */
export class Registry {
  private readonly keyStart: usize;
  private readonly keySize: usize;
  private isFull: bool = false;

  constructor(metric: Slice, region: Region) {
    const capacity = sizeOf(metric) + 64;
    writer.open(region.take(capacity), capacity);
    writer.byte(VERSION);
    writer.u32(0);
    writer.u64(0);
    writeName(ADAPTER);
    writeName(metric);
    writer.u16(0);
    const key = writer.written;
    this.keyStart = startOf(key);
    this.keySize = sizeOf(key);
  }

  /** Asks for a series by its kind and stat name, which stand together in `entry`. */
  claim(entry: Slice): Claim {
    const bucket = <u16>(hash(entry, SEED) % SERIES_BUCKET_COUNT);
    let isReserved = false;
    for (let attempt = 0; attempt < SERIES_RETRY_COUNT_MAX; attempt++) {
      const mark = markArena();
      const stored = readShared(this.key(bucket));
      const version = sharedVersion();
      let claim = stored == FAILED ? Claim.Failed : Claim.Granted;
      const size = knownSize(stored);
      const isKnown = claim == Claim.Granted && has(stored, size, entry);
      if (claim == Claim.Granted && !isKnown && !isReserved) {
        claim = this.reserve();
        isReserved = claim == Claim.Granted;
      }
      let isDone = claim != Claim.Granted || isKnown;
      if (!isDone) {
        const outcome = this.append(bucket, slice(startOf(stored), size), entry, version);
        if (outcome == Stored.Yes) isReserved = false;
        if (outcome == Stored.Failed) claim = Claim.Failed;
        isDone = outcome != Stored.Conflict;
      }
      releaseArena(mark);
      if (!isDone) continue;
      if (isReserved) this.change(-1);
      return claim;
    }
    if (isReserved) this.change(-1);
    return Claim.Failed;
  }

  /** Forgets that the budget was used up, as another worker may have given a place back. */
  lookAgain(): void {
    this.isFull = false;
  }

  private reserve(): Claim {
    if (this.isFull) return Claim.Full;
    const claim = this.change(1);
    this.isFull = claim == Claim.Full;
    return claim;
  }

  // Adds to the counter of claimed series, within the budget.
  private change(by: i32): Claim {
    for (let attempt = 0; attempt < SERIES_RETRY_COUNT_MAX; attempt++) {
      const stored = readShared(this.key(COUNTER_BUCKET));
      if (stored == FAILED) return Claim.Failed;
      const count = countIn(stored);
      if (by > 0 && count >= COUNT_MAX) return Claim.Full;
      if (by < 0 && count == 0) return Claim.Granted;
      store<u8>(COUNTER, VERSION);
      store<u32>(COUNTER + 1, count + <u32>by);
      const value = slice(COUNTER, COUNTER_SIZE_BYTES);
      const outcome = writeShared(this.key(COUNTER_BUCKET), value, sharedVersion());
      if (outcome == Stored.Yes) return Claim.Granted;
      if (outcome == Stored.Failed) return Claim.Failed;
    }
    return Claim.Failed;
  }

  private append(bucket: u16, stored: Slice, entry: Slice, version: u32): Stored {
    const capacity = sizeOf(stored) + 1 + SIZE_SIZE_BYTES + sizeOf(entry);
    const room = takeArena(capacity);
    if (room == 0) return Stored.Failed;
    writer.open(room, capacity);
    if (sizeOf(stored) == 0) writer.byte(VERSION);
    else writer.bytes(stored);
    writer.u32(<u32>sizeOf(entry));
    writer.bytes(entry);
    return writeShared(this.key(bucket), writer.written, version);
  }

  private key(bucket: u16): Slice {
    store<u16>(this.keyStart + this.keySize - TAIL_SIZE_BYTES, bucket);
    return slice(this.keyStart, this.keySize);
  }
}

function writeName(name: Slice): void {
  writer.u32(<u32>sizeOf(name));
  writer.bytes(name);
}

// 0 for an absent counter, and for bytes that are none.
function countIn(stored: Slice): u32 {
  if (!isPresent(stored) || sizeOf(stored) != COUNTER_SIZE_BYTES) return 0;
  return load<u8>(startOf(stored)) == VERSION ? load<u32>(startOf(stored) + 1) : 0;
}

// How many bytes of a bucket are whole entries, with the version in front; 0 for other versions.
function knownSize(stored: Slice): usize {
  if (!isPresent(stored) || sizeOf(stored) == 0) return 0;
  if (load<u8>(startOf(stored)) != VERSION) return 0;
  const end = endOf(stored);
  let at = startOf(stored) + 1;
  while (end - at >= SIZE_SIZE_BYTES) {
    const size = <usize>load<u32>(at);
    if (size > end - at - SIZE_SIZE_BYTES) break;
    at += SIZE_SIZE_BYTES + size;
  }
  return at - startOf(stored);
}

function has(stored: Slice, knownSize: usize, entry: Slice): bool {
  if (knownSize == 0) return false;
  const end = startOf(stored) + knownSize;
  for (let at = startOf(stored) + 1; at < end;) {
    const size = <usize>load<u32>(at);
    at += SIZE_SIZE_BYTES;
    if (size == sizeOf(entry) && sameBytes(at, startOf(entry), size)) return true;
    at += size;
  }
  return false;
}
