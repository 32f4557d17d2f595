// Makes entries of a body in shared data, in steps of well below a millisecond each, so that a list
// of any size is built between requests: first the body is copied and its hash verified, then line
// after line is read, then addresses are sorted. Cold: runs on the tick.

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
  subSlice,
} from "../../assembly/sdk";
import { EntryType } from "./config";
import { Entries } from "./entries";
import { LineTaker, takerFor } from "./line-takers";
import { FIRST_HASH, SharedBody, chunkCountOf, hashOfNext } from "./shared-body";

/** Lines of one step. */
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
}

/** One list that is being built. */
export class ListBuild {
  /** Memory of the entries. */
  readonly region: Region;
  // What is read of it is copied for addresses and patterns; texts stay where they are.
  private readonly textRegion: Region;
  private readonly text: usize;
  private isRead: bool = false;
  private chunk: u32 = 0;
  private hash: u64 = FIRST_HASH;
  private lineCount: u32 = 1;
  private at: usize = 0;
  private taker: LineTaker | null = null;

  constructor(
    readonly type: EntryType,
    private readonly body: SharedBody,
    readonly generation: u32,
    private readonly size: u32,
    private readonly expectedHash: u64,
    private readonly seed: u64,
  ) {
    const isCopied = type == EntryType.IpAddresses || type == EntryType.Regex;
    const region = new Region();
    const textRegion = isCopied ? new Region() : region;
    this.region = region;
    this.textRegion = textRegion;
    this.text = textRegion.take(size);
  }

  /** The lines that were read; null before the first. */
  get lines(): LineTaker | null {
    return this.taker;
  }

  /** Goes one step on. */
  step(): BuildState {
    if (this.chunk < chunkCountOf(this.size)) return this.copyChunk();
    let taker = this.taker;
    if (taker === null) {
      if (this.hash != this.expectedHash) return BuildState.Broken;
      if (this.lineCount > <u32>LIST_ENTRY_COUNT_MAX) return BuildState.TooLarge;
      taker = takerFor(this.type, this.lineCount, this.region, this.seed);
      this.taker = taker;
    }
    if (!this.isRead) return this.readLines(taker);
    if (taker.isTooLarge) return BuildState.TooLarge;
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

  private copyChunk(): BuildState {
    const mark = markArena();
    const start = this.chunk * LIST_CHUNK_SIZE_BYTES;
    const size = min<u32>(LIST_CHUNK_SIZE_BYTES, this.size - start);
    const bytes = this.body.read(this.generation, this.chunk);
    const isGood = bytes != FAILED && sizeOf(bytes) == <usize>size;
    if (isGood) {
      const to = this.text + <usize>start;
      memory.copy(to, startOf(bytes), <usize>size);
      this.hash = hashOfNext(this.hash, bytes);
      for (let at = to; at < to + <usize>size; at++) if (load<u8>(at) == 10) this.lineCount++;
    }
    releaseArena(mark);
    this.chunk++;
    return isGood ? BuildState.Working : BuildState.Broken;
  }

  private readLines(taker: LineTaker): BuildState {
    const isSlow = this.type == EntryType.Regex;
    for (let count = 0; count < LINE_COUNT; count++) {
      if (taker.takeNext()) {
        if (isSlow) break;
        continue;
      }
      this.isRead = this.at >= <usize>this.size;
      if (this.isRead) break;
      taker.open(this.nextLine());
    }
    return taker.isTooLarge ? BuildState.TooLarge : BuildState.Working;
  }

  // Lines end with LF or CR LF; the last one may have no end.
  private nextLine(): Slice {
    const rest = slice(this.text + this.at, <usize>this.size - this.at);
    const end = indexOfByte(rest, 10);
    let size = end < 0 ? sizeOf(rest) : <usize>end;
    this.at += size + 1;
    if (size > 0 && load<u8>(startOf(rest) + size - 1) == 13) size--;
    return subSlice(rest, 0, size);
  }
}
