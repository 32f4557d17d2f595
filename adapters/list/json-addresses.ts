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
  /** The string that a colon makes a key; ABSENT where none stands. */
  private key: Slice = ABSENT;
  private isWhitelist: bool = false;

  /** The next line, without its end. */
  open(line: Slice): void {
    this.at = startOf(line);
    this.end = endOf(line);
  }

  /** The next entry of the line; ABSENT when there is no more, FAILED when the line is bad. */
  next(): Slice {
    while (this.at < this.end) {
      const byte = load<u8>(this.at++);
      if (byte == 34) {
        const text = this.string();
        if (this.depth == 0 || text == FAILED) return this.fail();
        if (this.isListed) return sizeOf(text) == 0 ? this.fail() : text;
        this.key = text;
      } else if (!this.pass(byte)) return this.fail();
    }
    return ABSENT;
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

  // The rest of a string behind its first quote. No address has anything to escape.
  private string(): Slice {
    const start = this.at;
    while (this.at < this.end && load<u8>(this.at) != 34) {
      if (this.isListed && load<u8>(this.at) == 92) return FAILED;
      this.at += load<u8>(this.at) == 92 ? 2 : 1;
    }
    if (this.at >= this.end) return FAILED;
    this.at++;
    return slice(start, this.at - 1 - start);
  }

  private fail(): Slice {
    this.at = this.end;
    return FAILED;
  }
}

// Of a number, `true`, `false` or `null`.
function isOfWord(byte: u8): bool {
  const isLetter = (byte >= 97 && byte <= 122) || byte == 69;
  return isLetter || (byte >= 48 && byte <= 57) || byte == 43 || byte == 45 || byte == 46;
}
