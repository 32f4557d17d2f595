// Verdicts of callouts that all workers of an Envoy share: a fixed number of buckets in shared
// data, each a list of entries of bounded size. A worker that finds an entry takes a part of its
// uses, so that all together never use it more often than the backend allowed. Buckets outlive
// documents: an entry's key begins with its document's hash. Parsed as hostile. Hot.
//
// Bucket: u32 version, then entries: u64 hash, u64 expiry, i32 uses, u32 key size, u32 value size,
// u64 checksum of all the rest, key, value. Bytes that somebody has spoilt count as absent; against
// a plugin that forges whole entries there is no help but a vm_id of its own.

import { CHECK_CACHE_BUCKET_COUNT, CHECK_CACHE_BUCKET_SIZE_MAX_BYTES } from "../shared/limits";
import { takeArena } from "../memory/arena";
import { equal, hash as hashOf } from "../memory/bytes";
import { literal } from "../memory/literal";
import { ABSENT, Slice, endOf, isPresent, sizeOf, slice, startOf } from "../memory/slice";
import { Writer } from "../memory/writer";
import { Stored, readShared, sharedVersion, writeShared } from "../abi/shared-data";

const NAME = literal("mixer.checks");
const FORMAT: u32 = 2;
const ENTRY_HEAD_SIZE_BYTES: usize = 36;
const CHECKSUM_AT: usize = 28;
const KEY_SIZE_MAX_BYTES: usize = 512;
/** One part in so many of an entry's uses is taken at once. */
const SHARE: i32 = 4;

const key = new Writer();
const out = new Writer();

/** What was found: when it ends and how often this worker may use it. */
export let sharedExpiryNs: u64 = 0;
export let sharedUses: i32 = 0;

/** The value under a question's key, with sharedExpiryNs and sharedUses; ABSENT for none. */
export function takeSharedVerdict(plugin: Slice, question: Slice, hash: u64, nowNs: u64): Slice {
  const bucket = readShared(bucketKey(plugin, hash));
  const version = sharedVersion();
  const entry = findEntry(bucket, question, hash);
  if (entry == 0 || load<u64>(entry, 8) <= nowNs) return ABSENT;
  const left = load<i32>(entry, 16);
  if (left == 0) return ABSENT;
  if (left > 0) {
    sharedUses = left / SHARE + 1;
    // The bytes are a copy of ours: they are changed in place and stored if nobody else has.
    store<i32>(entry, left - sharedUses, 16);
    store<u64>(entry, checksumOf(entry), CHECKSUM_AT);
    const stored = writeShared(bucketKey(plugin, hash), bucket, version);
    if (stored != Stored.Yes) return ABSENT;
  } else {
    sharedUses = left;
  }
  sharedExpiryNs = load<u64>(entry, 8);
  const keySize = <usize>load<u32>(entry, 20);
  const at = entry + ENTRY_HEAD_SIZE_BYTES + keySize;
  return slice(at, <usize>load<u32>(entry, 24));
}

/** Keeps a value for all workers; what does not fit pushes the oldest entries out. */
export function shareVerdict(plugin: Slice, entry: SharedEntry, nowNs: u64): void {
  const size = ENTRY_HEAD_SIZE_BYTES + sizeOf(entry.key) + sizeOf(entry.value);
  const room: usize = CHECK_CACHE_BUCKET_SIZE_MAX_BYTES;
  if (size + 4 > room) return;
  const bucket = readShared(bucketKey(plugin, entry.hash));
  const version = sharedVersion();
  const at = takeArena(room);
  if (at == 0) return;
  out.open(at, room);
  out.u32(FORMAT);
  writeEntry(entry);
  copyOthers(bucket, entry, nowNs, room);
  writeShared(bucketKey(plugin, entry.hash), out.written, version);
}

/** One entry to be shared. */
export class SharedEntry {
  key: Slice = ABSENT;
  value: Slice = ABSENT;
  hash: u64 = 0;
  expiryNs: u64 = 0;
  uses: i32 = 0;
}

function writeEntry(entry: SharedEntry): void {
  const start = startOf(out.written) + out.size;
  out.u64(entry.hash);
  out.u64(entry.expiryNs);
  out.u32(<u32>entry.uses);
  out.u32(<u32>sizeOf(entry.key));
  out.u32(<u32>sizeOf(entry.value));
  out.u64(0);
  out.bytes(entry.key);
  out.bytes(entry.value);
  store<u64>(start, checksumOf(start), CHECKSUM_AT);
}

// Of an entry that stands whole.
function checksumOf(entry: usize): u64 {
  const rest = slice(entry + ENTRY_HEAD_SIZE_BYTES, entrySize(entry) - ENTRY_HEAD_SIZE_BYTES);
  return hashOf(slice(entry, CHECKSUM_AT), hashOf(rest, FORMAT));
}

// The newest stand first, so that the oldest fall off the end.
function copyOthers(bucket: Slice, entry: SharedEntry, nowNs: u64, room: usize): void {
  let at = firstEntry(bucket);
  while (at != 0) {
    const size = entrySize(at);
    const isOld = load<u64>(at, 8) <= nowNs || load<i32>(at, 16) == 0;
    if (!isOld && !isSame(at, entry.key, entry.hash)) {
      if (out.size + size > room) return;
      out.bytes(slice(at, size));
    }
    at = nextEntry(bucket, at);
  }
}

function findEntry(bucket: Slice, question: Slice, hash: u64): usize {
  let at = firstEntry(bucket);
  while (at != 0 && !isSame(at, question, hash)) at = nextEntry(bucket, at);
  return at != 0 && load<u64>(at, CHECKSUM_AT) == checksumOf(at) ? at : 0;
}

function isSame(entry: usize, question: Slice, hash: u64): bool {
  if (load<u64>(entry) != hash) return false;
  return equal(slice(entry + ENTRY_HEAD_SIZE_BYTES, <usize>load<u32>(entry, 20)), question);
}

function firstEntry(bucket: Slice): usize {
  if (!isPresent(bucket) || sizeOf(bucket) < 4) return 0;
  const start = startOf(bucket);
  return load<u32>(start) == FORMAT ? whole(bucket, start + 4) : 0;
}

function nextEntry(bucket: Slice, entry: usize): usize {
  return whole(bucket, entry + entrySize(entry));
}

function entrySize(entry: usize): usize {
  return ENTRY_HEAD_SIZE_BYTES + <usize>load<u32>(entry, 20) + <usize>load<u32>(entry, 24);
}

// The entry at an address, or 0 where none stands whole within the bucket.
function whole(bucket: Slice, at: usize): usize {
  const end = endOf(bucket);
  if (at > end || end - at < ENTRY_HEAD_SIZE_BYTES) return 0;
  const size = <u64>load<u32>(at, 20) + <u64>load<u32>(at, 24) + ENTRY_HEAD_SIZE_BYTES;
  return size <= <u64>(end - at) ? at : 0;
}

function bucketKey(plugin: Slice, hash: u64): Slice {
  const at = takeArena(KEY_SIZE_MAX_BYTES);
  key.open(at, at == 0 ? 0 : KEY_SIZE_MAX_BYTES);
  key.bytes(NAME);
  key.byte(<u8>FORMAT);
  key.u32(<u32>sizeOf(plugin));
  key.bytes(plugin);
  key.u16(<u16>((hash >>> 32) % <u64>CHECK_CACHE_BUCKET_COUNT));
  return key.written;
}
