// Charges in shared data, exact for all workers: a bucket is read, charged, and stored only if
// nobody changed it meanwhile; else everything is done again. Hot: one get and one set for a
// charge, and as long as nobody else charges the bucket, the set alone.

import { QUOTA_RETRY_COUNT_MAX } from "../../shared/limits";
import { markArena, releaseArena, takeArena } from "../../memory/arena";
import { copyBytes, hash } from "../../memory/bytes";
import {
  ABSENT,
  FAILED,
  Slice,
  emptySlice,
  isPresent,
  sizeOf,
  slice,
  startOf,
} from "../../memory/slice";
import { Writer } from "../../memory/writer";
import { randomSeed } from "../../abi/random";
import { ANY_VERSION, Stored, readShared, sharedVersion, writeShared } from "../../abi/shared-data";
import { BUCKET_GROWTH_MAX_BYTES, Bucket, Charged } from "./bucket";
import { KeyKind, QuotaTable, tailOf } from "./table";
import { QuotaWindow, Terms } from "./window";

const SEED_SIZE_BYTES: usize = 8;
const SEED: usize = memory.data(8, 8);
const writer = new Writer();

// The bucket that was stored last, in the working memory of all ledgers, since one charges after
// another. Versions are numbers of the host in order: while nobody stores anything, the next one
// is that of this bucket, and one that somebody else stored here never has it.
const LAST_SIZE_MAX_BYTES: usize = 128;
const LAST: usize = memory.data(128, 8);
let lastKey: Slice = ABSENT;
let lastTail: u64 = 0;
let lastSize: usize = 0;
let lastVersion: u32 = 0;
/** Whether nobody else had stored there when that was last asked. */
let isAlone: bool = false;

/** How a charge ended. */
export const enum Settled {
  Yes = 0,
  /** Shared data could not be read or stored. */
  Failed = 1,
  /** The key's bucket is full; nothing was charged. */
  Full = 2,
}

/** Charges the tables of one handler. */
export class Ledger {
  private seed: u64 = 0;
  private hasSeed: bool = false;
  private isFull: bool = false;
  private readonly bucket: Bucket;

  /**
   * `seedTable` gives the key of the seed, one for all quotas of the plugin; `window` is the
   * algorithm of the first charge.
   */
  constructor(
    private readonly seedTable: QuotaTable,
    window: QuotaWindow,
  ) {
    this.bucket = new Bucket(window);
    // Its tables' keys may lie where those of a document that is gone lay.
    lastKey = ABSENT;
  }

  /** What the last charge granted or gave back. */
  get granted(): i64 {
    return this.bucket.granted;
  }

  /** Whether the last charge made windows smaller, so that something comes back later. */
  get hasShrunk(): bool {
    return this.bucket.hasShrunk;
  }

  /** The algorithm of the next charges. */
  set window(window: QuotaWindow) {
    this.bucket.window = window;
  }

  /** Charges the entry with this key in the bucket that its hash chooses. */
  charge(table: QuotaTable, isShadow: bool, key: Slice, terms: Terms): Settled {
    if (!this.hasSeed && !this.agreeOnSeed()) return Settled.Failed;
    const code = hash(key, this.seed);
    return this.chargeAt(table.key(KeyKind.Bucket, isShadow, code), key, terms);
  }

  /** Charges the entry that keys without a place share. */
  chargeOverflow(table: QuotaTable, isShadow: bool, terms: Terms): Settled {
    const key = table.key(KeyKind.Overflow, isShadow, terms.overflowGroup);
    return this.chargeAt(key, emptySlice(), terms);
  }

  private chargeAt(sharedKey: Slice, key: Slice, terms: Terms): Settled {
    for (let attempt = 0; attempt < QUOTA_RETRY_COUNT_MAX; attempt++) {
      const mark = markArena();
      const stored = this.attempt(sharedKey, key, terms);
      releaseArena(mark);
      if (stored == Stored.Failed) return Settled.Failed;
      if (stored == Stored.Yes) return this.isFull ? Settled.Full : Settled.Yes;
    }
    return Settled.Failed;
  }

  private attempt(sharedKey: Slice, key: Slice, terms: Terms): Stored {
    const isLast = lastKey == sharedKey && lastTail == tailOf(sharedKey);
    const isSpared = isLast && isAlone;
    let before = slice(LAST, lastSize);
    let version = lastVersion;
    if (!isSpared) {
      before = readShared(sharedKey);
      if (before == FAILED) return Stored.Failed;
      version = sharedVersion();
      isAlone = isLast && version == lastVersion;
    }
    const capacity = sizeOf(before) + BUCKET_GROWTH_MAX_BYTES;
    const room = takeArena(capacity);
    if (room == 0) return Stored.Failed;
    writer.open(room, capacity);
    const charged = this.bucket.charge(before, key, terms, writer);
    this.isFull = charged == Charged.Full;
    let stored = isSpared ? Stored.Conflict : Stored.Yes;
    if (charged == Charged.Changed) {
      stored = writeShared(sharedKey, writer.written, version);
      if (stored == Stored.Yes) remember(sharedKey, version);
    }
    // A refusal, too, is given only by what is there now.
    if (stored != Stored.Yes) isAlone = false;
    return stored;
  }

  // The first worker's random number serves all, so that a client cannot choose whose bucket it
  // fills, and every worker finds an entry in the same bucket.
  private agreeOnSeed(): bool {
    const key = this.seedTable.key(KeyKind.Seed, false, 0);
    for (let attempt = 0; attempt < QUOTA_RETRY_COUNT_MAX; attempt++) {
      const stored = readShared(key);
      if (stored == FAILED) return false;
      if (isPresent(stored) && sizeOf(stored) == SEED_SIZE_BYTES) {
        this.seed = load<u64>(startOf(stored));
        this.hasSeed = true;
        return true;
      }
      const version = sharedVersion();
      store<u64>(SEED, randomSeed());
      const outcome = writeShared(key, slice(SEED, SEED_SIZE_BYTES), version);
      if (outcome == Stored.Failed) return false;
    }
    return false;
  }
}

function remember(sharedKey: Slice, version: u32): void {
  const written = writer.written;
  lastKey = ABSENT;
  lastSize = sizeOf(written);
  lastVersion = version + 1;
  if (lastSize > LAST_SIZE_MAX_BYTES || lastVersion == ANY_VERSION) return;
  lastKey = sharedKey;
  lastTail = tailOf(sharedKey);
  copyBytes(LAST, startOf(written), lastSize);
}
