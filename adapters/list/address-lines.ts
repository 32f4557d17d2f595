// Lists of addresses as they are served: as in Mixer a YAML document with the key `whitelist`, in
// block or flow style; or, as such lists are often published, one address or range on each line, or
// JSON. Everything else in a line makes it bad. Comments begin with `#`. Cold: runs on the tick.

import {
  ABSENT,
  FAILED,
  LIST_LINE_SIZE_MAX_BYTES,
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
import { isNotYet } from "./address-portion";
import { FlowAddresses } from "./flow-addresses";
import { JsonAddresses, WHITELIST } from "./json-addresses";
import { isBlank, trim, unquote, withoutComment } from "./yaml-line";

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
  private line: Slice = 0;
  private isFresh: bool = false;
  private listCount: u32 = 0;
  private readonly flow: FlowAddresses = new FlowAddresses();
  private readonly json: JsonAddresses = new JsonAddresses();

  /** The next line, without its end. */
  open(line: Slice): void {
    this.line = line;
    this.isFresh = true;
    if (this.place == Place.Flow) this.flow.open(line);
    else if (this.place == Place.Json) this.json.open(line);
  }

  /**
   * The next entry of the line; nothing yet where only a portion was read; ABSENT when there is no
   * more, FAILED when the line is bad.
   */
  next(): Slice {
    if (this.place == Place.Flow) return this.nextInFlow();
    if (this.place == Place.Json) return this.json.next();
    if (!this.isFresh) return ABSENT;
    this.isFresh = false;
    const looked = subSlice(this.line, 0, LIST_LINE_SIZE_MAX_BYTES);
    const line = withoutComment(looked);
    const entry = this.nextIn(line);
    // Of a longer line only the beginning was read.
    const isCut = line == looked && sizeOf(this.line) > <usize>LIST_LINE_SIZE_MAX_BYTES;
    return isCut && entry == ABSENT && this.place != Place.Elsewhere ? FAILED : entry;
  }

  /** Whether the document ends within brackets, or is JSON without a list. */
  get isOpen(): bool {
    return this.place == Place.Json ? this.json.isOpen : this.place == Place.Flow;
  }

  private nextIn(line: Slice): Slice {
    const text = trim(line);
    if (sizeOf(text) == 0 || equal(text, DOCUMENT)) return ABSENT;
    if (this.place == Place.Start && isJson(byteAt(text, 0))) {
      this.place = Place.Json;
      this.json.open(this.line);
      return this.json.next();
    }
    if (this.place == Place.Start && parseCidr(text, NETWORK)) this.place = Place.Bare;
    if (this.place == Place.Bare) return text;
    const isItem = byteAt(text, 0) == 45 && (sizeOf(text) == 1 || byteAt(text, 1) == 32);
    if (isItem || isBlank(byteAt(line, 0))) return this.inner(text, isItem);
    return this.key(text);
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
    if (isList) this.listCount++;
    // Which of two is meant, nobody can tell.
    if (this.listCount > 1) return FAILED;
    this.place = isList ? Place.Block : Place.Elsewhere;
    if (!isList || sizeOf(value) == 0) return ABSENT;
    if (byteAt(value, 0) == 91) {
      const rest = startOf(value) + 1;
      this.place = Place.Flow;
      this.flow.begin(slice(rest, endOf(this.line) - rest));
      return this.nextInFlow();
    }
    return equal(value, NULL) || equal(value, TILDE) ? ABSENT : FAILED;
  }

  private nextInFlow(): Slice {
    const entry = this.flow.next();
    if (this.flow.isClosed && !isNotYet(entry)) this.place = Place.Elsewhere;
    return entry;
  }
}

// A document that begins with `{` or `[`.
function isJson(byte: u8): bool {
  return byte == 123 || byte == 91;
}
