// Where the windows of one quota lie in shared data, and how long their slots are. Both: made while
// a document is loaded, read per request.
//
// A key: | version | plugin name | definition hash | "memquota" | handler | quota | window |
//        | mode | kind | bucket u16 |; names behind their sizes.

import {
  QUOTA_BUCKET_COUNT,
  Region,
  Slice,
  Writer,
  hash,
  literal,
  sizeOf,
  slice,
} from "../../assembly/sdk";

const KEY_VERSION: u8 = 1;
const TICK_NS: i64 = 100_000_000;
const SECOND: i64 = 1_000_000_000;
const TICKS_PER_SECOND: i64 = 10;
const TICKED_WINDOW_MAX_NS: i64 = 60 * SECOND;
const LONG_WINDOW_SLOT_COUNT: i64 = 600;
const ADAPTER = literal("memquota");
const TAIL_SIZE_BYTES: usize = 4;

/** Which key of a table. */
export const enum KeyKind {
  Bucket = 0,
  /** The entry that new keys share while their bucket is full. */
  Overflow = 1,
  /** The seed of the hash that chooses buckets. */
  Seed = 2,
}

/** What makes the definition of a quota; a change of any of it begins new windows. */
export class TableName {
  constructor(
    readonly plugin: string,
    readonly handler: string,
    readonly quota: string,
    /** Names and types of the dimensions. */
    readonly dimensions: string,
  ) {}
}

/** The windows of one length of one quota. */
export class Table {
  /** Length of a slot in nanoseconds, and slots of a window; 0 slots = nothing is ever returned. */
  readonly slotNs: i64;
  readonly slotCount: i32;
  private readonly keyStart: usize;
  private readonly keySize: usize;

  constructor(
    name: TableName,
    readonly windowNs: i64,
    region: Region,
  ) {
    const key = keyOf(name, windowNs, region);
    this.keyStart = <usize>(<u32>key);
    this.keySize = sizeOf(key);
    if (windowNs <= TICKED_WINDOW_MAX_NS) {
      this.slotNs = TICK_NS;
      this.slotCount = <i32>(((windowNs + SECOND - 1) / SECOND) * TICKS_PER_SECOND);
    } else {
      this.slotNs = (windowNs + LONG_WINDOW_SLOT_COUNT - 1) / LONG_WINDOW_SLOT_COUNT;
      this.slotCount = <i32>LONG_WINDOW_SLOT_COUNT;
    }
  }

  /** The slot of a moment; 0 without slots. */
  tickAt(nowNs: u64): i64 {
    return this.slotCount == 0 ? 0 : <i64>(nowNs / <u64>this.slotNs);
  }

  /**
   * The key of a bucket, by the hash of an entry's key, or of another kind. Valid until the next
   * call.
   */
  key(kind: KeyKind, isShadow: bool, code: u64): Slice {
    const tail = this.keyStart + this.keySize - TAIL_SIZE_BYTES;
    store<u8>(tail, <u8>isShadow);
    store<u8>(tail, <u8>kind, 1);
    store<u16>(tail, kind == KeyKind.Bucket ? <u16>(code % QUOTA_BUCKET_COUNT) : 0, 2);
    return slice(this.keyStart, this.keySize);
  }
}

function keyOf(name: TableName, windowNs: i64, region: Region): Slice {
  const plugin = region.text(name.plugin);
  const handler = region.text(name.handler);
  const quota = region.text(name.quota);
  const capacity = sizeOf(plugin) + sizeOf(handler) + sizeOf(quota) + 64;
  const out = new Writer();
  out.open(region.take(capacity), capacity);
  out.byte(KEY_VERSION);
  writeName(out, plugin);
  out.u64(definitionHash(handler, quota, region.text(name.dimensions), windowNs));
  writeName(out, ADAPTER);
  writeName(out, handler);
  writeName(out, quota);
  out.u64(windowNs);
  out.u32(0);
  return out.written;
}

function writeName(out: Writer, name: Slice): void {
  out.u32(<u32>sizeOf(name));
  out.bytes(name);
}

function definitionHash(handler: Slice, quota: Slice, dimensions: Slice, windowNs: i64): u64 {
  return hash(dimensions, hash(quota, hash(handler, windowNs)));
}
