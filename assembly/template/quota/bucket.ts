// A bucket: the windows of a few keys in one shared value. Charges one key and writes the bucket
// anew. Pure: bytes in, bytes out. Hot: allocates nothing.
//
// | version u8 | entries u8 | and for each: | key size | key | window size | window |

import {
  QUOTA_BUCKET_WAY_COUNT,
  QUOTA_KEY_SIZE_MAX_BYTES,
  QUOTA_SLOT_COUNT_MAX,
} from "../../shared/limits";
import { equal } from "../../memory/bytes";
import { ABSENT, Slice, isPresent, sizeOf, slice } from "../../memory/slice";
import { Writer } from "../../memory/writer";
import { writeVarint } from "../../text/wire";
import { StoredReader } from "./stored-reader";
import { QuotaWindow, Terms, WINDOW_SIZE_MAX_BYTES } from "./window";

/** Version of the stored form; another one counts as absent. */
export const BUCKET_VERSION: u8 = 1;

/** What a charge can add to the size of a bucket, in bytes. */
export const BUCKET_GROWTH_MAX_BYTES: usize =
  <usize>QUOTA_KEY_SIZE_MAX_BYTES + WINDOW_SIZE_MAX_BYTES + 16;

/** What a charge did to the bucket. */
export const enum Charged {
  /** Nothing is to be written. */
  Unchanged = 0,
  /** The bucket was written anew. */
  Changed = 1,
  /** All entries are in use by other keys. */
  Full = 2,
}

// Entries of the bucket at hand: | whole entry | key | window |, each a slice.
const ENTRY_SIZE_BYTES: usize = 24;
const ENTRIES: usize = memory.data(QUOTA_BUCKET_WAY_COUNT * 24, 8);
const WINDOW: usize = memory.data(32 + QUOTA_SLOT_COUNT_MAX * 11);
const reader = new StoredReader();
const windowWriter = new Writer();

/** Charges keys of one bucket by one algorithm. */
export class Bucket {
  /** What the last charge granted or gave back. */
  granted: i64 = 0;
  private count: i32 = 0;

  constructor(private readonly window: QuotaWindow) {}

  /** Charges `key` in a stored bucket, which may be ABSENT; writes the new one when it changes. */
  charge(stored: Slice, key: Slice, terms: Terms, out: Writer): Charged {
    if (!this.parse(stored)) this.count = 0;
    const own = this.find(key);
    const window = this.window;
    const hasChanged = window.charge(own >= 0 ? windowAt(own) : ABSENT, terms);
    this.granted = window.granted;
    if (!hasChanged) return Charged.Unchanged;
    if (own < 0 && this.liveCount(terms) == QUOTA_BUCKET_WAY_COUNT) {
      this.granted = 0;
      return Charged.Full;
    }
    this.write(own, key, terms, out);
    return Charged.Changed;
  }

  // False for bytes of another version and for broken ones.
  private parse(stored: Slice): bool {
    this.count = 0;
    if (!isPresent(stored)) return true;
    reader.open(stored);
    if (reader.byte() != BUCKET_VERSION) return false;
    const count = <i32>reader.byte();
    if (count > QUOTA_BUCKET_WAY_COUNT) return false;
    for (let index = 0; index < count; index++) {
      const start = reader.at;
      const key = reader.bytes(QUOTA_KEY_SIZE_MAX_BYTES);
      const window = reader.bytes(WINDOW_SIZE_MAX_BYTES);
      const entry = ENTRIES + <usize>index * ENTRY_SIZE_BYTES;
      store<u64>(entry, slice(start, reader.at - start));
      store<u64>(entry, key, 8);
      store<u64>(entry, window, 16);
    }
    this.count = count;
    return reader.isComplete;
  }

  private find(key: Slice): i32 {
    for (let index = 0; index < this.count; index++) {
      if (equal(load<u64>(ENTRIES + <usize>index * ENTRY_SIZE_BYTES, 8), key)) return index;
    }
    return -1;
  }

  private liveCount(terms: Terms): i32 {
    let live = 0;
    for (let index = 0; index < this.count; index++) if (this.isLive(index, terms)) live++;
    return live;
  }

  // @ts-ignore: decorator
  @inline
  private isLive(index: i32, terms: Terms): bool {
    return this.window.isLive(windowAt(index), terms);
  }

  // The charged key comes first; windows that have refilled are forgotten, which changes nothing.
  private write(own: i32, key: Slice, terms: Terms, out: Writer): void {
    const isKept = !this.window.isEmpty;
    let count = this.liveCount(terms);
    if (own >= 0 && this.isLive(own, terms)) count--;
    if (isKept) count++;
    out.byte(BUCKET_VERSION);
    out.byte(<u8>count);
    if (isKept) this.writeOwn(key, out);
    for (let index = 0; index < this.count; index++) {
      if (index == own || !this.isLive(index, terms)) continue;
      out.bytes(load<u64>(ENTRIES + <usize>index * ENTRY_SIZE_BYTES));
    }
  }

  private writeOwn(key: Slice, out: Writer): void {
    writeVarint(out, sizeOf(key));
    out.bytes(key);
    windowWriter.open(WINDOW, WINDOW_SIZE_MAX_BYTES);
    this.window.write(windowWriter);
    writeVarint(out, windowWriter.size);
    out.bytes(windowWriter.written);
  }
}

// @ts-ignore: decorator
@inline
function windowAt(index: i32): Slice {
  return load<u64>(ENTRIES + <usize>index * ENTRY_SIZE_BYTES, 16);
}
