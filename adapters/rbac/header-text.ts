// A request header. What a client sends as several lines, or as a list in one, is one text here,
// joined by commas, so that one more line could hide a value from a rule that refuses it: where a
// match can only refuse, elements count too. Hot.

import { Slice, endOf, slice, startOf } from "../../assembly/sdk";
import { PropertyText } from "./fact";
import { PatternSet } from "./pattern-set";

const COMMA: u8 = 44;

/** The value of a header. */
export class HeaderText extends PropertyText {
  /** Commas in the pattern that has the most of them: so many elements more may be one line. */
  private commasMax: i32 = 0;

  constructor(slot: i32) {
    super(slot, true);
  }

  /** Counts the commas of a pattern that the header will be compared with. Cold. */
  notePattern(text: string): void {
    this.commasMax = max(this.commasMax, text.split(",").length - 1);
  }

  /** Whether a pattern matches the whole, or one of its elements. */
  visitAny(set: PatternSet, bits: usize): bool {
    let found = set.visit(this.text, bits);
    const end = endOf(this.text);
    let from = startOf(this.text);
    while (from < end && !(found && bits == 0)) {
      if (this.visitFrom(from, end, set, bits)) found = true;
      from = elementEnd(from, end) + 1;
    }
    return found;
  }

  // Lines that begin here: one element, or as many as a pattern may have.
  private visitFrom(from: usize, end: usize, set: PatternSet, bits: usize): bool {
    let found = false;
    let until = from;
    for (let more = this.commasMax; more >= 0 && until <= end; more--) {
      until = elementEnd(until, end);
      if (set.visit(trimmed(from, until), bits)) found = true;
      if (found && bits == 0) return true;
      until++;
    }
    return found;
  }
}

// Where the element that begins here ends: at its comma, or at the end of all.
function elementEnd(from: usize, end: usize): usize {
  while (from < end && load<u8>(from) != COMMA) from++;
  return from;
}

function trimmed(from: usize, until: usize): Slice {
  while (from < until && isBlank(load<u8>(from))) from++;
  while (until > from && isBlank(load<u8>(until - 1))) until--;
  return slice(from, until - from);
}

function isBlank(byte: u8): bool {
  return byte == 32 || byte == 9;
}
