// A list of addresses that is served as JSON: an object with the key `whitelist`, or an array; its
// entries are strings. Whatever else the object has is passed over. A document in which there is no
// list is none, and so is one that JSON does not know. Cold: runs on the tick.

import {
  ABSENT,
  FAILED,
  LIST_JSON_DEPTH_MAX,
  Slice,
  endOf,
  equal,
  isPresent,
  literal,
  sizeOf,
  slice,
  startOf,
} from "../../assembly/sdk";
import { PORTION_SIZE_BYTES, notYet } from "./address-portion";

const WHITELIST = literal("whitelist");

/** Finds the entries of line after line. */
export class JsonAddresses {
  private at: usize = 0;
  private end: usize = 0;
  private depth: i32 = 0;
  /** Bits by depth: an array. */
  private arrays: u64 = 0;
  /** The depth whose strings are entries; 0: none. */
  private listDepth: i32 = 0;
  private hasList: bool = false;
  /** An entry was read, and no comma behind it. */
  private isBehindEntry: bool = false;
  /** The string that a colon makes a key; ABSENT where none stands. */
  private key: Slice = ABSENT;
  private isWhitelist: bool = false;
  /** Where the string began that is being read; 0: none is. */
  private stringAt: usize = 0;

  /** The next line, without its end. */
  open(line: Slice): void {
    this.at = startOf(line);
    this.end = endOf(line);
  }

  /** The next entry; nothing yet, ABSENT when the line has no more, FAILED when it is bad. */
  next(): Slice {
    const until = min(this.end, this.at + PORTION_SIZE_BYTES);
    if (this.stringAt != 0) return this.string(until);
    while (this.at < until) {
      const byte = load<u8>(this.at++);
      if (byte == 34) {
        if (this.depth == 0 || this.isBehindEntry) return this.fail();
        this.stringAt = this.at;
        return this.string(until);
      }
      if (!this.pass(byte)) return this.fail();
    }
    return until == this.end ? ABSENT : notYet();
  }

  /** Whether the document ends too early, or without a list. */
  get isOpen(): bool {
    return this.depth > 0 || !this.hasList;
  }

  private get isListed(): bool {
    return this.listDepth > 0 && this.depth == this.listDepth;
  }

  // Everything but a string; false where it may not stand.
  private pass(byte: u8): bool {
    if (byte == 32 || byte == 9 || byte == 13) return true;
    if (byte == 123 || byte == 91) return this.enter(byte == 91);
    if (byte == 125 || byte == 93) return this.leave(byte == 93);
    if (this.depth == 0) return false;
    if (byte == 58) return this.colon();
    if (byte == 44) {
      this.key = ABSENT;
      this.isBehindEntry = false;
      if (this.depth == 1) this.isWhitelist = false;
      return true;
    }
    return !this.isListed && isOfWord(byte);
  }

  private enter(isArray: bool): bool {
    const isAgain = this.depth == 0 && this.hasList;
    if (isAgain || this.isListed || this.depth == LIST_JSON_DEPTH_MAX) return false;
    const bit = (<u64>1) << (<u64>this.depth);
    this.arrays = isArray ? this.arrays | bit : this.arrays & ~bit;
    this.depth++;
    this.key = ABSENT;
    if (isArray && (this.depth == 1 || (this.depth == 2 && this.isWhitelist))) {
      this.listDepth = this.depth;
      this.hasList = true;
    }
    return true;
  }

  private leave(isArray: bool): bool {
    if (this.depth == 0) return false;
    if (this.isListed) this.listDepth = 0;
    this.isBehindEntry = false;
    this.depth--;
    this.key = ABSENT;
    return (((this.arrays >> (<u64>this.depth)) & 1) != 0) == isArray;
  }

  private colon(): bool {
    if (!isPresent(this.key)) return false;
    this.isWhitelist = this.depth == 1 && equal(this.key, WHITELIST);
    this.key = ABSENT;
    return true;
  }

  // A portion of a string. No address has anything to escape; no string goes over two lines.
  private string(until: usize): Slice {
    let at = this.at;
    while (at < until && load<u8>(at) != 34) {
      if (this.isListed && load<u8>(at) == 92) return this.fail();
      at += load<u8>(at) == 92 ? 2 : 1;
    }
    this.at = at;
    if (at >= this.end) return this.fail();
    if (at >= until) return notYet();
    const text = slice(this.stringAt, at - this.stringAt);
    this.stringAt = 0;
    this.at++;
    if (!this.isListed) {
      this.key = text;
      return notYet();
    }
    this.isBehindEntry = true;
    return sizeOf(text) == 0 ? this.fail() : text;
  }

  private fail(): Slice {
    this.at = this.end;
    this.stringAt = 0;
    return FAILED;
  }
}

// Of a number, `true`, `false` or `null`.
function isOfWord(byte: u8): bool {
  const isLetter = (byte >= 97 && byte <= 122) || byte == 69;
  return isLetter || (byte >= 48 && byte <= 57) || byte == 43 || byte == 45 || byte == 46;
}
