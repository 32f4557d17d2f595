// Makes entries of a body in shared data, in steps of well below a millisecond each, so that a list
// of any size is built between requests: first the body is copied and hashed, then memory is made
// ready, line after line is read, and addresses are sorted. No step does more for a longer list:
// each moves LIST_CHUNK_SIZE_BYTES, or reads LINE_COUNT lines, at most. Cold: runs on the tick.

import {
  FAILED,
  LIST_CHUNK_SIZE_BYTES,
  LIST_ENTRY_COUNT_MAX,
  Region,
  Slice,
  indexOfByte,
  markArena,
  releaseArena,
  sizeOf,
  slice,
  startOf,
} from "../../assembly/sdk";
import { EntryType } from "./config";
import { countBytes } from "./count-bytes";
import { Entries } from "./entries";
import { LineTaker, takerFor } from "./line-takers";
import { FIRST_HASH, SharedBody, chunkCountOf, hashOfNext } from "./shared-body";

/** Lines, or entries in a line, of one step. */
const LINE_COUNT: i32 = 512;

/** Where a build stands. */
export const enum BuildState {
  Working = 0,
  Done = 1,
  /** A line is no entry. */
  BadEntries = 2,
  TooLarge = 3,
  /** The body in shared data is not what was announced. */
  Broken = 4,
  /** The whole body was read, and its hash is known; to be gone on with where it is wanted. */
  Copied = 5,
  /** The body is that of the list in force. */
  Unchanged = 6,
}

/** One list that is being built. */
export class ListBuild {
  /** Memory of the entries. */
  readonly region: Region;
  /** The hash of the body, as far as it was copied. */
  hash: u64 = FIRST_HASH;
  // Entries of addresses and patterns have what they need of it; texts stay where they are.
  private readonly textRegion: Region;
  private readonly text: usize;
  private isCopied: bool = false;
  private isReady: bool = false;
  private isRead: bool = false;
  private chunk: u32 = 0;
  private lineCount: u32 = 1;
  private commaCount: u32 = 0;
  /** Where the next line begins, and how far its end was looked for. */
  private at: u32 = 0;
  private looked: u32 = 0;
  private taker: LineTaker | null = null;

  constructor(
    readonly type: EntryType,
    private readonly body: SharedBody,
    readonly generation: u32,
    private readonly size: u32,
    private readonly seed: u64,
  ) {
    const isTextKept = type != EntryType.IpAddresses && type != EntryType.Regex;
    const region = new Region();
    const textRegion = isTextKept ? region : new Region();
    this.region = region;
    this.textRegion = textRegion;
    // Not zeroed: the chunks of the body fill it.
    this.text = heap.alloc(size);
    textRegion.adopt(this.text);
  }

  /** The lines that were read; null before the first. */
  get lines(): LineTaker | null {
    return this.taker;
  }

  /** Goes one step on. */
  step(): BuildState {
    if (!this.isCopied) return this.copy();
    const taker = this.taker;
    if (taker === null) return this.begin();
    if (!this.isReady) {
      this.isReady = taker.prepare();
      return BuildState.Working;
    }
    if (!this.isRead) return this.readLines(taker);
    if (taker.badCount > 0 || taker.isOpen) return BuildState.BadEntries;
    return taker.finish() ? BuildState.Done : BuildState.Working;
  }

  /** The entries of a list that is done, in its region; gives back what they do not need. */
  entries(): Entries {
    const entries = this.taker!.entries(this.region);
    if (this.textRegion !== this.region) this.textRegion.free();
    return entries;
  }

  /** Gives all memory back: there will be no entries. */
  drop(): void {
    const taker = this.taker;
    if (taker !== null) taker.drop();
    if (this.textRegion !== this.region) this.textRegion.free();
    this.region.free();
  }

  private copy(): BuildState {
    const chunkCount = chunkCountOf(this.size);
    if (this.chunk < chunkCount && !this.copyChunk()) return BuildState.Broken;
    this.isCopied = this.chunk == chunkCount;
    return this.isCopied ? BuildState.Copied : BuildState.Working;
  }

  private copyChunk(): bool {
    const mark = markArena();
    const start = this.chunk * LIST_CHUNK_SIZE_BYTES;
    const size = min<u32>(LIST_CHUNK_SIZE_BYTES, this.size - start);
    const bytes = this.body.read(this.generation, this.chunk);
    const isGood = bytes != FAILED && sizeOf(bytes) == <usize>size;
    if (isGood) {
      memory.copy(this.text + <usize>start, startOf(bytes), <usize>size);
      this.hash = hashOfNext(this.hash, bytes);
      this.lineCount += countBytes(bytes, 10);
      // Many addresses may stand in one line.
      if (this.type == EntryType.IpAddresses) this.commaCount += countBytes(bytes, 44);
    }
    releaseArena(mark);
    this.chunk++;
    return isGood;
  }

  private begin(): BuildState {
    const most: u32 = LIST_ENTRY_COUNT_MAX;
    if (this.lineCount > most) return BuildState.TooLarge;
    const countMax = min(this.lineCount + this.commaCount, most + 1);
    this.taker = takerFor(this.type, countMax, this.region, this.seed);
    return BuildState.Working;
  }

  private readLines(taker: LineTaker): BuildState {
    const isSlow = this.type == EntryType.Regex;
    const until = this.at + LIST_CHUNK_SIZE_BYTES;
    for (let count = 0; count < LINE_COUNT && this.at < until; count++) {
      if (taker.takeNext()) {
        if (isSlow) break;
        continue;
      }
      this.isRead = this.at >= this.size;
      if (this.isRead || !this.findLineEnd()) break;
      taker.open(this.nextLine());
    }
    return taker.isTooLarge ? BuildState.TooLarge : BuildState.Working;
  }

  // Looks for the end of the next line in the next LIST_CHUNK_SIZE_BYTES; false: it is not there.
  private findLineEnd(): bool {
    const from = max(this.at, this.looked);
    const size = min<u32>(LIST_CHUNK_SIZE_BYTES, this.size - from);
    const end = indexOfByte(slice(this.text + <usize>from, <usize>size), 10);
    this.looked = from + (end < 0 ? size : <u32>end);
    return end >= 0 || this.looked == this.size;
  }

  // Lines end with LF or CR LF; the last one may have no end.
  private nextLine(): Slice {
    const start = this.text + <usize>this.at;
    let size = <usize>(this.looked - this.at);
    this.at = this.looked + 1;
    if (size > 0 && load<u8>(start + size - 1) == 13) size--;
    return slice(start, size);
  }
}
