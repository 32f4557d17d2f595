// Where the windows of one quota lie in shared data. Both: made while a document is loaded, read
// per request.
//
// A key: | version | plugin name | definition hash | adapter | handler | quota | window |
//        | mode | kind | bucket or group u64 |; names behind their sizes.

import { QUOTA_BUCKET_COUNT } from "../../shared/limits";
import { hash } from "../../memory/bytes";
import { Region } from "../../memory/region";
import { Slice, endOf, sizeOf, slice } from "../../memory/slice";
import { Writer } from "../../memory/writer";

const KEY_VERSION: u8 = 2;
const TAIL_SIZE_BYTES: usize = 10;

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
    readonly adapter: string,
    readonly plugin: string,
    readonly handler: string,
    readonly quota: string,
    /** Names and types of the dimensions, the algorithm, and whatever else counts. */
    readonly definition: string,
  ) {}
}

/** Tells keys of one table apart: mode, kind, and as much of bucket or group as either has. */
// @ts-ignore: decorator
@inline
export function tailOf(key: Slice): u64 {
  return load<u64>(endOf(key) - TAIL_SIZE_BYTES);
}

/** The windows of one length of one quota. */
export class QuotaTable {
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
  }

  /**
   * The key of a bucket, by the hash of an entry's key; of the entry that keys without a place
   * share, by their group; or of the seed, by 0. Valid until the next call.
   */
  key(kind: KeyKind, isShadow: bool, code: u64): Slice {
    const tail = this.keyStart + this.keySize - TAIL_SIZE_BYTES;
    store<u8>(tail, <u8>isShadow);
    store<u8>(tail, <u8>kind, 1);
    store<u64>(tail, kind == KeyKind.Bucket ? code % QUOTA_BUCKET_COUNT : code, 2);
    return slice(this.keyStart, this.keySize);
  }
}

function keyOf(name: TableName, windowNs: i64, region: Region): Slice {
  const plugin = region.text(name.plugin);
  const handler = region.text(name.handler);
  const quota = region.text(name.quota);
  const adapter = region.text(name.adapter);
  const capacity = sizeOf(adapter) + sizeOf(plugin) + sizeOf(handler) + sizeOf(quota) + 64;
  const out = new Writer();
  out.open(region.take(capacity), capacity);
  out.byte(KEY_VERSION);
  writeName(out, plugin);
  out.u64(definitionHash(handler, quota, region.text(name.definition), windowNs));
  writeName(out, adapter);
  writeName(out, handler);
  writeName(out, quota);
  out.u64(windowNs);
  for (let index: usize = 0; index < TAIL_SIZE_BYTES; index++) out.byte(0);
  return out.written;
}

function writeName(out: Writer, name: Slice): void {
  out.u32(<u32>sizeOf(name));
  out.bytes(name);
}

function definitionHash(handler: Slice, quota: Slice, definition: Slice, windowNs: i64): u64 {
  return hash(definition, hash(quota, hash(handler, windowNs)));
}
