// A list of addresses in the flow style of YAML: items between brackets, over any number of lines.
// Cold: runs on the tick.

import { ABSENT, FAILED, Slice, endOf, sizeOf, slice, startOf } from "../../assembly/sdk";
import { PORTION_SIZE_BYTES, notYet } from "./address-portion";
import { isBlank, isComment, trim, unquote } from "./yaml-line";

/** Finds the items of line after line. */
export class FlowAddresses {
  /** The bracket is closed; only a comment may follow in its line. */
  isClosed: bool = false;
  private start: usize = 0;
  private at: usize = 0;
  private end: usize = 0;

  /** What stands in the line behind the opening bracket. */
  begin(rest: Slice): void {
    this.open(rest);
    // The bracket stands before it: nothing here is at the start of a line.
    this.start = 0;
    this.isClosed = false;
  }

  /** The next line, without its end. */
  open(line: Slice): void {
    this.start = startOf(line);
    this.at = this.start;
    this.end = endOf(line);
  }

  /** The next item; nothing yet, ABSENT when the line has no more, FAILED when it is bad. */
  next(): Slice {
    const until = min(this.end, this.at + PORTION_SIZE_BYTES);
    while (this.at < until && this.isBetween(load<u8>(this.at))) this.at++;
    if (this.at == this.end || isComment(this.at, this.start)) {
      this.at = this.end;
      return ABSENT;
    }
    if (this.at == until) return notYet();
    if (this.isClosed) return this.fail();
    if (load<u8>(this.at) != 93) return this.item();
    this.isClosed = true;
    this.at++;
    return notYet();
  }

  private isBetween(byte: u8): bool {
    return isBlank(byte) || (byte == 44 && !this.isClosed);
  }

  private item(): Slice {
    const start = this.at;
    const until = min(this.end, start + PORTION_SIZE_BYTES);
    let at = start;
    while (at < until && !isItemEnd(load<u8>(at)) && !isComment(at, this.start)) at++;
    if (at == until && until < this.end) return this.fail();
    this.at = at;
    const item = unquote(trim(slice(start, at - start)));
    return sizeOf(item) == 0 ? this.fail() : item;
  }

  private fail(): Slice {
    this.at = this.end;
    return FAILED;
  }
}

// `,` or `]`.
function isItemEnd(byte: u8): bool {
  return byte == 44 || byte == 93;
}
