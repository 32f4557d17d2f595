// The header values that one document names, filled by a single walk over the host's pairs. Both:
// built when the document is laid out, filled per callback without allocation.
//
// Named headers are told from the others by their size and last byte: most of a request's headers
// are named by nobody, and cost no comparison.

import { HeaderMap } from "../shared/abi";
import { equal } from "../memory/bytes";
import { ABSENT, FAILED, Slice, endOf, isPresent, sizeOf, slice, startOf } from "../memory/slice";
import { takeArena } from "../memory/arena";
import { Region } from "../memory/region";
import { readHeader, readHeaders } from "../abi/headers";
import { firstKey, firstSizes, joinPairs, pairCount } from "../abi/pairs";
import { fieldValue } from "../text/field-value";

const COMMA: u8 = 44;
const SEMICOLON: u8 = 59;
const BLANK: u8 = 32;
const BUCKET_COUNT: u32 = 64;
/** In front of joined lines stands how many bytes they may grow to where they are. */
const ROOM_HEAD_SIZE_BYTES: usize = 8;

/** Slots for the named headers of one map. */
export class HeaderTable {
  /** The whole map as the host gave it; read with `block()`. */
  private pairs: Slice = ABSENT;
  /** The host's pairs that are being walked. */
  private walked: Slice = ABSENT;
  private isLoaded: bool = false;
  /** Whether trailers are there too and read as further headers: in the log. */
  hasTrailers: bool = false;
  /** The slot that was read alone in this callback; -1 for none. */
  private loneSlot: i32 = -1;
  private readonly count: i32;
  private readonly names: usize;
  private readonly values: usize;
  /** Slot + 1 of the first name of each bucket, and of the next name of the same bucket. */
  private readonly heads: usize;
  private readonly nexts: usize;
  /** The buckets that have a name. */
  private buckets: u64 = 0;
  private cookieSlot: i32 = -1;

  constructor(
    private readonly map: HeaderMap,
    names: string[],
    region: Region,
  ) {
    this.count = names.length;
    this.names = region.take((<usize>names.length) << 3);
    this.values = region.take((<usize>names.length) << 3);
    this.heads = region.take((<usize>BUCKET_COUNT) << 1);
    this.nexts = region.take((<usize>names.length) << 1);
    for (let slot = 0; slot < names.length; slot++) this.addName(slot, names[slot], region);
  }

  private addName(slot: i32, text: string, region: Region): void {
    const name = region.text(text);
    store<u64>(this.names + ((<usize>slot) << 3), name);
    // A header without a name is never there.
    if (sizeOf(name) == 0) return;
    const bucket = bucketOf(startOf(name), <u32>sizeOf(name));
    const head = this.heads + ((<usize>bucket) << 1);
    store<u16>(this.nexts + ((<usize>slot) << 1), load<u16>(head));
    store<u16>(head, <u16>(slot + 1));
    this.buckets |= (<u64>1) << bucket;
    if (text == "cookie") this.cookieSlot = slot;
  }

  /** Forgets the values of the callback before. */
  // @ts-ignore: decorator
  @inline
  forget(): void {
    this.isLoaded = false;
    this.loneSlot = -1;
  }

  /** The joined value of a named header, in the arena; ABSENT or FAILED. */
  // @ts-ignore: decorator
  @inline
  value(slot: u32): Slice {
    if (!this.isLoaded) this.load();
    return load<u64>(this.values + ((<usize>slot) << 3));
  }

  /** The value of a header that has at most one line, read alone. */
  single(slot: u32): Slice {
    const cell = this.values + ((<usize>slot) << 3);
    if (this.isLoaded || this.loneSlot == <i32>slot) return load<u64>(cell);
    const value = readHeader(this.map, load<u64>(this.names + ((<usize>slot) << 3)));
    store<u64>(cell, value);
    this.loneSlot = <i32>slot;
    return value;
  }

  /** The whole map as packed pairs, in the arena. */
  block(): Slice {
    if (!this.isLoaded) this.load();
    return this.pairs;
  }

  private load(): void {
    this.isLoaded = true;
    const pairs = readHeaders(this.map);
    this.pairs = pairs;
    const missing = pairs == FAILED ? FAILED : ABSENT;
    const end = this.values + ((<usize>this.count) << 3);
    for (let cell = this.values; cell < end; cell += 8) store<u64>(cell, missing);
    if (isPresent(pairs)) this.walk(pairs);
    if (this.hasTrailers) this.loadTrailers();
  }

  private loadTrailers(): void {
    const trailers = readHeaders(HeaderMap.ResponseTrailers);
    if (!isPresent(trailers)) return;
    this.walk(trailers);
    this.pairs = isPresent(this.pairs) ? joinPairs(this.pairs, trailers) : trailers;
  }

  // In locals only: it runs for every header of every request. Ends at a pair that runs past the
  // block.
  private walk(block: Slice): void {
    this.walked = block;
    const buckets = this.buckets;
    const end = <u64>endOf(block);
    const count = pairCount(block);
    let sizes = firstSizes(block);
    const last = firstKey(block, count);
    let key = <u64>last;
    for (; sizes < last; sizes += 8) {
      const keySize = load<u32>(sizes);
      const valueSize = load<u32>(sizes, 4);
      const next = key + <u64>keySize + <u64>valueSize + 2;
      if (next > end) return;
      const bucket = bucketOf(<usize>key, keySize);
      if (((buckets >> bucket) & 1) != 0) {
        const value = <usize>key + keySize + 1;
        this.keep(slice(<usize>key, keySize), slice(value, valueSize), bucket);
      }
      key = next;
    }
  }

  // @ts-ignore: decorator
  @inline
  private keep(key: Slice, line: Slice, bucket: u64): void {
    let next = <u32>load<u16>(this.heads + ((<usize>bucket) << 1));
    while (next != 0) {
      const slot = next - 1;
      if (equal(load<u64>(this.names + ((<usize>slot) << 3)), key)) {
        const cell = this.values + ((<usize>slot) << 3);
        const before = load<u64>(cell);
        const value = fieldValue(line);
        // What could not be joined stays failed: a later line alone is not the header's value.
        if (before == ABSENT) store<u64>(cell, value);
        else if (isPresent(before)) store<u64>(cell, this.join(before, value, <i32>slot));
        return;
      }
      next = <u32>load<u16>(this.nexts + ((<usize>slot) << 1));
    }
  }

  // RFC 9110, section 5.3: lines of one field join by a comma; cookies by "; " (RFC 6265). Joined
  // lines have room for as much again, so that many lines cost as much as their bytes.
  private join(first: Slice, second: Slice, slot: i32): Slice {
    const gap: usize = slot == this.cookieSlot ? 2 : 1;
    const size = sizeOf(first) + gap + sizeOf(second);
    const at = this.hasRoom(first, size) ? startOf(first) : this.movedToRoom(first, size << 1);
    if (at == 0) return FAILED;
    let end = at + sizeOf(first);
    if (gap == 2) {
      store<u8>(end++, SEMICOLON);
      store<u8>(end++, BLANK);
    } else {
      store<u8>(end++, COMMA);
    }
    memory.copy(end, startOf(second), sizeOf(second));
    return slice(at, size);
  }

  // What lies in the host's pairs is a single line yet, and must not grow into its neighbour.
  private hasRoom(text: Slice, size: usize): bool {
    const at = startOf(text);
    // An empty line lies nowhere.
    if (sizeOf(text) == 0) return false;
    if (isWithin(this.walked, at) || isWithin(this.pairs, at)) return false;
    return <usize>load<u32>(at - ROOM_HEAD_SIZE_BYTES) >= size;
  }

  private movedToRoom(text: Slice, room: usize): usize {
    const head = takeArena(ROOM_HEAD_SIZE_BYTES + room);
    if (head == 0) return 0;
    store<u32>(head, <u32>room);
    const at = head + ROOM_HEAD_SIZE_BYTES;
    memory.copy(at, startOf(text), sizeOf(text));
    return at;
  }
}

function isWithin(block: Slice, at: usize): bool {
  return isPresent(block) && at >= startOf(block) && at <= endOf(block);
}

// Of an empty name the byte in front of it stands for its last one.
// @ts-ignore: decorator
@inline
function bucketOf(name: usize, size: u32): u64 {
  return (<u64>((size << 2) ^ load<u8>(name + size - 1))) & (BUCKET_COUNT - 1);
}
