// The bodies of a fetched list in shared data: two of them, the one in force and the next, each in
// chunks of LIST_CHUNK_SIZE_BYTES. Nothing can be removed there, so the keys are always the same.
// Hot: the next body is stored while its answer is delivered.
//
// A key: | key of the head | generation & 1, u8 | number of the chunk, u32 |, a value:
// | generation u32 | bytes |.

import {
  ANY_VERSION,
  FAILED,
  LIST_CHUNK_SIZE_BYTES,
  Region,
  Slice,
  Stored,
  hash,
  isPresent,
  markArena,
  readShared,
  releaseArena,
  sizeOf,
  slice,
  startOf,
  takeArena,
  writeShared,
} from "../../assembly/sdk";

const TAIL_SIZE_BYTES: usize = 5;
const STAMP_SIZE_BYTES: usize = 4;
/** The hash of an empty body; each chunk's hash begins with that of the chunks before it. */
export const FIRST_HASH: u64 = 0;

/** Stores and reads the chunks of one list. */
export class SharedBody {
  private readonly keyAt: usize;
  private readonly keySize: usize;

  /** `key` is the head's. */
  constructor(key: Slice, region: Region) {
    this.keySize = sizeOf(key) + TAIL_SIZE_BYTES;
    this.keyAt = region.take(this.keySize);
    memory.copy(this.keyAt, startOf(key), sizeOf(key));
  }

  /** Stores one chunk; false when shared data refuses. */
  store(generation: u32, number: u32, bytes: Slice): bool {
    const mark = markArena();
    const size = STAMP_SIZE_BYTES + sizeOf(bytes);
    const at = takeArena(size);
    if (at == 0) return false;
    store<u32>(at, generation);
    memory.copy(at + STAMP_SIZE_BYTES, startOf(bytes), sizeOf(bytes));
    const stored = writeShared(this.key(generation, number), slice(at, size), ANY_VERSION);
    releaseArena(mark);
    return stored == Stored.Yes;
  }

  /** One chunk in the arena; FAILED when it is missing or belongs to another generation. */
  read(generation: u32, number: u32): Slice {
    const stored = readShared(this.key(generation, number));
    if (!isPresent(stored) || sizeOf(stored) < STAMP_SIZE_BYTES) return FAILED;
    const at = startOf(stored);
    if (load<u32>(at) != generation) return FAILED;
    return slice(at + STAMP_SIZE_BYTES, sizeOf(stored) - STAMP_SIZE_BYTES);
  }

  private key(generation: u32, number: u32): Slice {
    const tail = this.keyAt + this.keySize - TAIL_SIZE_BYTES;
    store<u8>(tail, <u8>(generation & 1));
    store<u32>(tail, number, 1);
    return slice(this.keyAt, this.keySize);
  }
}

/** How many chunks a body has. */
export function chunkCountOf(bodySize: u32): u32 {
  return (bodySize + LIST_CHUNK_SIZE_BYTES - 1) / LIST_CHUNK_SIZE_BYTES;
}

/** The hash of a body with one more chunk. */
export function hashOfNext(before: u64, chunk: Slice): u64 {
  return hash(chunk, before);
}
