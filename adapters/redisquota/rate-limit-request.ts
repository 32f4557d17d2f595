// A charge as envoy.service.ratelimit.v3.RateLimitRequest: one descriptor with the quota's name,
// its dimensions and its own limit, so that the service needs no limits of its own. A charge in
// SHADOW mode has one more entry, and so a counter of its own. Hot: written into the arena.
//
// The service joins entries with `_` into a key of Redis: in values that byte and all that are not
// plain stand as %XX, so that no two sets of values have one key.

import {
  ABSENT,
  DimensionSet,
  FAILED,
  Slice,
  ValueType,
  Writer,
  beginMessage,
  canonicalValueAt,
  endMessage,
  endOf,
  isPresent,
  literal,
  startOf,
  takeArena,
  typeAt,
  writeBytesField,
  writeValue,
  writeVarintField,
  RATE_LIMIT_REQUEST_SIZE_MAX_BYTES,
} from "../../assembly/sdk";
import { QuotaDefinition } from "./quota-definition";

const REQUEST_SIZE_MAX_BYTES: usize = RATE_LIMIT_REQUEST_SIZE_MAX_BYTES;
const TEXT_SIZE_MAX_BYTES: usize = 4_096;
const QUOTA = literal("quota");
const OVERFLOW = literal("overflow");
const SHADOW = literal("shadow");
const TRUE = literal("true");
const PERCENT: u8 = 37;

/** Numbers of the fields. */
const DOMAIN: u32 = 1;
const DESCRIPTORS: u32 = 2;
const HITS_ADDEND: u32 = 3;
const ENTRIES: u32 = 1;
const LIMIT: u32 = 2;
const ENTRY_KEY: u32 = 1;
const ENTRY_VALUE: u32 = 2;
const REQUESTS_PER_UNIT: u32 = 1;
const UNIT: u32 = 2;

const out = new Writer();
const text = new Writer();
const plain = new Writer();

/** What is asked of the service. One instance for each VM. */
export class RateLimitRequest {
  amount: i64 = 0;
  limit: i64 = 0;
  isShadow: bool = false;
  dimensions: DimensionSet | null = null;
  /** ABSENT: the values are too long, and share one counter with others of that kind. */
  key: Slice = ABSENT;

  /** The message in the arena; FAILED when it does not fit. */
  write(definition: QuotaDefinition): Slice {
    const at = takeArena(REQUEST_SIZE_MAX_BYTES);
    if (at == 0 || this.amount > <i64>u32.MAX_VALUE) return FAILED;
    out.open(at, REQUEST_SIZE_MAX_BYTES);
    writeBytesField(out, DOMAIN, definition.remote.domain);
    const descriptor = beginMessage(out, DESCRIPTORS);
    writeEntry(QUOTA, escaped(definition.remote.name));
    if (this.isShadow) writeEntry(SHADOW, TRUE);
    if (isPresent(this.key)) this.writeDimensions(definition.values);
    else writeEntry(OVERFLOW, TRUE);
    const limit = beginMessage(out, LIMIT);
    writeVarintField(out, REQUESTS_PER_UNIT, this.limit);
    writeVarintField(out, UNIT, definition.remote.unit);
    endMessage(out, limit);
    endMessage(out, descriptor);
    writeVarintField(out, HITS_ADDEND, this.amount);
    return out.isTruncated ? FAILED : out.written;
  }

  private writeDimensions(values: usize): void {
    const set = this.dimensions;
    if (set === null) return;
    for (let position = 0; position < set.count; position++) {
      writeEntry(set.name(position), escaped(textOf(set, position, values)));
    }
  }
}

function writeEntry(key: Slice, value: Slice): void {
  const entry = beginMessage(out, ENTRIES);
  writeBytesField(out, ENTRY_KEY, key);
  writeBytesField(out, ENTRY_VALUE, value);
  endMessage(out, entry);
}

// The text of a map does not tell its parts apart; its canonical bytes, which the quota has, do.
function textOf(set: DimensionSet, position: i32, values: usize): Slice {
  const cell = set.cell(position);
  if (typeAt(cell) == <u32>ValueType.StringMap) return canonicalValueAt(values, position);
  const at = takeArena(TEXT_SIZE_MAX_BYTES);
  plain.open(at, at == 0 ? 0 : TEXT_SIZE_MAX_BYTES);
  writeValue(plain, cell);
  return plain.written;
}

function escaped(bytes: Slice): Slice {
  const at = takeArena(TEXT_SIZE_MAX_BYTES);
  text.open(at, at == 0 ? 0 : TEXT_SIZE_MAX_BYTES);
  const end = endOf(bytes);
  for (let from = startOf(bytes); from < end; from++) {
    const byte = load<u8>(from);
    if (isPlain(byte)) {
      text.byte(byte);
    } else {
      text.byte(PERCENT);
      text.hex(byte);
    }
  }
  return text.written;
}

// Letters, digits, `-./:`.
function isPlain(byte: u32): bool {
  const letter = byte | 32;
  return (letter >= 97 && letter <= 122) || (byte >= 45 && byte <= 58);
}
