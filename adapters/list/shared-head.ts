// What all workers know of a fetched list: one value in shared data, changed by compare-and-set.
// Whoever holds the lease in it may ask the provider and write the next generation. Times are of
// the monotonic clock, which all workers of a process share. Both: read on the tick and when an
// answer comes; what is read may be anything.
//
//   0        4            8         16          24            32           40     48
//   | format | generation | fetched | attempted | lease until | lease owner | hash | size u32 |
//   52        56         60         64
//   | failure | failures | tag size | tag, 128 bytes |

import {
  ABSENT,
  ANY_VERSION,
  FAILED,
  LIST_BODY_SIZE_MAX_BYTES,
  LIST_ENTITY_TAG_SIZE_MAX_BYTES,
  Slice,
  Stored,
  isPresent,
  readShared,
  sharedVersion,
  sizeOf,
  slice,
  startOf,
  writeShared,
} from "../../assembly/sdk";

const FORMAT: u32 = 1;
const TAG_AT: usize = 64;
const TAG_SIZE_MAX_BYTES: usize = LIST_ENTITY_TAG_SIZE_MAX_BYTES;
const HEAD_SIZE_BYTES: usize = TAG_AT + TAG_SIZE_MAX_BYTES;
/** No lease and no time lies further ahead than this; what claims to is not believed. */
const AHEAD_MAX_NS: u64 = 120_000_000_000;

const HEAD: usize = memory.data(192, 8);

/** The head of one fetched list. One instance for each VM: read it before each use. */
export class SharedHead {
  private version: u32 = ANY_VERSION;

  /** Reads the head of a list; one that is missing or not understood is that of a new list. */
  read(key: Slice, nowNs: u64): bool {
    const stored = readShared(key);
    if (stored == FAILED) return false;
    this.version = sharedVersion();
    if (isHead(stored)) memory.copy(HEAD, startOf(stored), HEAD_SIZE_BYTES);
    else memory.fill(HEAD, 0, HEAD_SIZE_BYTES);
    store<u32>(HEAD, FORMAT);
    if (this.fetchedNs > nowNs) store<u64>(HEAD, 0, 8);
    if (this.attemptedNs > nowNs) store<u64>(HEAD, 0, 16);
    if (this.leaseUntilNs > nowNs + AHEAD_MAX_NS) store<u64>(HEAD, 0, 24);
    return true;
  }

  /** Stores the head as changed since `read`; false when another worker was faster. */
  write(key: Slice): bool {
    return writeShared(key, slice(HEAD, HEAD_SIZE_BYTES), this.version) == Stored.Yes;
  }

  /** Number of the list in force; 0 = none was ever fetched. */
  get generation(): u32 {
    return load<u32>(HEAD, 4);
  }

  /** When it was last known to be good; 0 = never. */
  get fetchedNs(): u64 {
    return load<u64>(HEAD, 8);
  }

  /** When the provider was last asked; 0 = never. */
  get attemptedNs(): u64 {
    return load<u64>(HEAD, 16);
  }

  /** Until when nobody but the owner may ask. */
  get leaseUntilNs(): u64 {
    return load<u64>(HEAD, 24);
  }

  get leaseOwner(): u64 {
    return load<u64>(HEAD, 32);
  }

  /** Hash of the body of this generation. */
  get hash(): u64 {
    return load<u64>(HEAD, 40);
  }

  /** Size of the body of this generation. */
  get bodySize(): u32 {
    return load<u32>(HEAD, 48);
  }

  /** How the last attempt failed: a FetchFailure or an HTTP status; 0 = it did not. */
  get failure(): u32 {
    return load<u32>(HEAD, 52);
  }

  /** Failed attempts in a row. */
  get failureCount(): u32 {
    return load<u32>(HEAD, 56);
  }

  /** The entity tag of this generation; empty without one. */
  get entityTag(): Slice {
    return slice(HEAD + TAG_AT, load<u32>(HEAD, 60));
  }

  /** Takes or renews the lease; 0 gives it back. */
  setLease(owner: u64, untilNs: u64): void {
    store<u64>(HEAD, untilNs, 24);
    store<u64>(HEAD, owner, 32);
  }

  /** The provider is asked now, or (0) is to be asked as soon as possible. */
  setAttempted(nowNs: u64): void {
    store<u64>(HEAD, nowNs, 16);
  }

  /** How an attempt ended. */
  setFailure(failure: u32): void {
    store<u32>(HEAD, failure, 52);
    store<u32>(HEAD, failure == 0 ? 0 : min(this.failureCount + 1, 1000), 56);
  }

  /** The body is lost: whatever the provider serves next is new. */
  spoil(): void {
    store<u64>(HEAD, 0, 16);
    store<u64>(HEAD, 0, 40);
    store<u32>(HEAD, 0, 60);
  }

  /** The list is known to be good now. */
  setFetched(nowNs: u64): void {
    store<u64>(HEAD, nowNs, 8);
  }

  /** The next generation is in force; `tag` may be ABSENT. */
  setGeneration(generation: u32, hash: u64, bodySize: u32, tag: Slice): void {
    const size = isPresent(tag) && sizeOf(tag) <= TAG_SIZE_MAX_BYTES ? sizeOf(tag) : 0;
    store<u32>(HEAD, generation, 4);
    store<u64>(HEAD, hash, 40);
    store<u32>(HEAD, bodySize, 48);
    store<u32>(HEAD, <u32>size, 60);
    memory.fill(HEAD + TAG_AT, 0, TAG_SIZE_MAX_BYTES);
    if (size > 0) memory.copy(HEAD + TAG_AT, startOf(tag), size);
  }
}

function isHead(stored: Slice): bool {
  if (stored == ABSENT || sizeOf(stored) != HEAD_SIZE_BYTES) return false;
  const at = startOf(stored);
  return (
    load<u32>(at) == FORMAT &&
    load<u32>(at, 48) <= <u32>LIST_BODY_SIZE_MAX_BYTES &&
    load<u32>(at, 60) <= <u32>LIST_ENTITY_TAG_SIZE_MAX_BYTES
  );
}
