// Lists of addresses as they are served: as in Mixer a YAML document with the key `whitelist`, in
// block or flow style; or, as such lists are often published, one address or range on each line, or
// JSON. Everything else in a line makes it bad. Comments begin with `#`. Cold: runs on the tick.

import {
  ABSENT,
  FAILED,
  Slice,
  byteAt,
  endOf,
  equal,
  indexOfByte,
  literal,
  parseCidr,
  sizeOf,
  slice,
  startOf,
  subSlice,
} from "../../assembly/sdk";
import { JsonAddresses } from "./json-addresses";

const WHITELIST = literal("whitelist");
const DOCUMENT = literal("---");
const NULL = literal("null");
const TILDE = literal("~");
const NETWORK: usize = memory.data(24, 8);

const enum Place {
  /** Nothing was read yet. */
  Start = 0,
  /** Lines are entries. */
  Bare = 1,
  /** Items are entries. */
  Block = 2,
  /** Between brackets. */
  Flow = 3,
  /** Below another key. */
  Elsewhere = 4,
  /** The document is JSON. */
  Json = 5,
}

/** Finds the entries of line after line. */
export class AddressLines {
  private place: Place = Place.Start;
  private rest: Slice = 0;
  private isFresh: bool = false;
  private readonly json: JsonAddresses = new JsonAddresses();

  /** The next line, without its end. */
  open(line: Slice): void {
    this.json.open(line);
    this.rest = withoutComment(line);
    this.isFresh = true;
  }

  /** The next entry of the line; ABSENT when there is no more, FAILED when the line is bad. */
  next(): Slice {
    if (this.place == Place.Flow) return this.nextInFlow();
    if (this.place == Place.Json) return this.json.next();
    if (!this.isFresh) return ABSENT;
    this.isFresh = false;
    const line = this.rest;
    const text = trim(line);
    if (sizeOf(text) == 0 || equal(text, DOCUMENT)) return ABSENT;
    if (this.place == Place.Start && isJson(byteAt(text, 0))) this.place = Place.Json;
    if (this.place == Place.Json) return this.json.next();
    if (this.place == Place.Start && parseCidr(text, NETWORK)) this.place = Place.Bare;
    if (this.place == Place.Bare) return text;
    const isItem = byteAt(text, 0) == 45 && (sizeOf(text) == 1 || byteAt(text, 1) == 32);
    if (isItem || isBlank(byteAt(line, 0))) return this.inner(text, isItem);
    return this.key(text);
  }

  /** Whether the document ends within brackets, or is JSON without a list. */
  get isOpen(): bool {
    return this.place == Place.Json ? this.json.isOpen : this.place == Place.Flow;
  }

  private inner(text: Slice, isItem: bool): Slice {
    if (this.place == Place.Elsewhere) return ABSENT;
    if (!isItem || this.place != Place.Block) return FAILED;
    const item = unquote(trim(subSlice(text, 1, sizeOf(text))));
    return sizeOf(item) == 0 ? FAILED : item;
  }

  private key(text: Slice): Slice {
    const colon = indexOfByte(text, 58);
    if (colon < 1) return FAILED;
    const value = trim(subSlice(text, <usize>colon + 1, sizeOf(text)));
    const isList = equal(unquote(subSlice(text, 0, <usize>colon)), WHITELIST);
    this.place = isList ? Place.Block : Place.Elsewhere;
    if (!isList || sizeOf(value) == 0) return ABSENT;
    if (byteAt(value, 0) == 91) {
      this.place = Place.Flow;
      this.rest = subSlice(value, 1, sizeOf(value));
      return this.nextInFlow();
    }
    return equal(value, NULL) || equal(value, TILDE) ? ABSENT : FAILED;
  }

  private nextInFlow(): Slice {
    const text = trim(this.rest);
    let at: usize = 0;
    while (at < sizeOf(text) && (byteAt(text, at) == 44 || isBlank(byteAt(text, at)))) at++;
    const start = at;
    while (at < sizeOf(text) && byteAt(text, at) != 44 && byteAt(text, at) != 93) at++;
    const item = unquote(trim(subSlice(text, start, at)));
    this.rest = subSlice(text, at, sizeOf(text));
    if (sizeOf(item) > 0) return item;
    if (at == sizeOf(text)) return ABSENT;
    this.place = Place.Elsewhere;
    return sizeOf(trim(subSlice(text, at + 1, sizeOf(text)))) == 0 ? ABSENT : FAILED;
  }
}

// `#` begins a comment at the start of a line and behind a blank.
function withoutComment(line: Slice): Slice {
  const start = startOf(line);
  for (let at = start; at < endOf(line); at++) {
    if (load<u8>(at) == 35 && (at == start || isBlank(load<u8>(at - 1)))) {
      return slice(start, at - start);
    }
  }
  return line;
}

// A document that begins with `{` or `[`.
function isJson(byte: u8): bool {
  return byte == 123 || byte == 91;
}

function trim(text: Slice): Slice {
  let start = startOf(text);
  let end = endOf(text);
  while (start < end && isBlank(load<u8>(start))) start++;
  while (end > start && isBlank(load<u8>(end - 1))) end--;
  return slice(start, end - start);
}

function unquote(text: Slice): Slice {
  const size = sizeOf(text);
  if (size < 2) return text;
  const first = byteAt(text, 0);
  const isQuoted = (first == 34 || first == 39) && byteAt(text, size - 1) == first;
  return isQuoted ? subSlice(text, 1, size - 1) : text;
}

// @ts-ignore: decorator
@inline
function isBlank(byte: u8): bool {
  return byte == 32 || byte == 9;
}
