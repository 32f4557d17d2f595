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
  isNumberOrWord,
  literal,
  sizeOf,
  slice,
  startOf,
} from "../../assembly/sdk";
import { PORTION_SIZE_BYTES, notYet } from "./address-portion";

/** The key of the list, in JSON and in YAML. */
export const WHITELIST = literal("whitelist");

/** What may come next; an end where the number is even. */
const enum Due {
  FirstItem = 0,
  Value = 1,
  FirstKey = 2,
  Key = 3,
  Colon = 5,
  /** The document is over. */
  Nothing = 7,
  /** A comma. */
  More = 8,
  /** A comma, or the rest of a number or word. */
  Word = 10,
}

/** Finds the entries of line after line. */
export class JsonAddresses {
  private due: Due = Due.Value;
  private at: usize = 0;
  private end: usize = 0;
  private depth: i32 = 0;
  /** A bit for each depth, the lowest for the innermost: an array. */
  private arrays: u64 = 0;
  /** Whether strings are entries: nothing else may stand there. */
  private isListed: bool = false;
  private hasList: bool = false;
  private isWhitelist: bool = false;
  /** Where the number or word began that is being read. */
  private wordAt: usize = 0;
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
      if (byte == 34 && this.due <= Due.Key) {
        this.stringAt = this.at;
        return this.string(until);
      }
      if (!this.pass(byte)) return this.fail();
    }
    if (until < this.end) return notYet();
    return this.endWord(until) ? ABSENT : this.fail();
  }

  /** Whether the document ends too early, or without a list. */
  get isOpen(): bool {
    return this.depth > 0 || !this.hasList;
  }

  private get isInArray(): bool {
    return (this.arrays & 1) != 0;
  }

  // Everything but a string; false where it may not stand.
  private pass(byte: u8): bool {
    if (isOfWord(byte)) return this.word();
    if (!this.endWord(this.at - 1)) return false;
    const due = this.due;
    if (byte == 32 || byte == 9 || byte == 13) return true;
    if (byte == 123 || byte == 91) return this.enter(byte == 91);
    if (byte == 125 || byte == 93) return this.leave(byte == 93);
    if (byte == 58) {
      this.due = Due.Value;
      return due == Due.Colon;
    }
    this.due = this.isInArray ? Due.Value : Due.Key;
    return byte == 44 && due == Due.More;
  }

  // One more byte of a number or word. None that means something is longer than a portion.
  private word(): bool {
    const due = this.due;
    if (due != Due.Word) this.wordAt = this.at - 1;
    this.due = Due.Word;
    const isShort = this.at - this.wordAt <= PORTION_SIZE_BYTES;
    return isShort && !this.isListed && (due <= Due.Value || due == Due.Word);
  }

  // Whether no number or word ends here, or one that JSON knows.
  private endWord(end: usize): bool {
    if (this.due != Due.Word) return true;
    this.due = Due.More;
    return isNumberOrWord(slice(this.wordAt, end - this.wordAt));
  }

  private enter(isArray: bool): bool {
    if (this.due > Due.Value || this.isListed || this.depth == LIST_JSON_DEPTH_MAX) return false;
    this.depth++;
    this.arrays = (this.arrays << 1) | (<u64>isArray);
    this.due = isArray ? Due.FirstItem : Due.FirstKey;
    if (isArray && (this.depth == 1 || (this.depth == 2 && this.isWhitelist))) {
      this.isListed = true;
      this.hasList = true;
    }
    return true;
  }

  private leave(isArray: bool): bool {
    if (isArray != this.isInArray || (this.due & 1) != 0) return false;
    this.isListed = false;
    this.arrays >>= 1;
    this.due = --this.depth == 0 ? Due.Nothing : Due.More;
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
    if (this.due <= Due.Value) {
      this.due = Due.More;
      if (!this.isListed) return notYet();
      return sizeOf(text) == 0 ? this.fail() : text;
    }
    this.due = Due.Colon;
    this.isWhitelist = this.depth == 1 && equal(text, WHITELIST);
    // Which of two lists is meant, nobody can tell.
    return this.isWhitelist && this.hasList ? this.fail() : notYet();
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
