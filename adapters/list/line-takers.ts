// What becomes of each line of a fetched list, by the type of its entries. A bad line does not end
// the reading: all are counted, the first ones are remembered. Cold: runs on the tick.

import {
  ABSENT,
  FAILED,
  LIST_BAD_LINE_LOGGED_COUNT_MAX,
  LIST_ENTRY_COUNT_MAX,
  LIST_LINE_SIZE_MAX_BYTES,
  LIST_PATTERN_COUNT_MAX,
  Pattern,
  Region,
  Slice,
  compilePattern,
  sizeOf,
} from "../../assembly/sdk";
import { AddressLines } from "./address-lines";
import { isNotYet } from "./address-portion";
import { EntryType } from "./config";
import { Entries } from "./entries";
import { IntervalSet } from "./interval-set";
import { PatternEntries } from "./pattern-entries";
import { StringTable } from "./string-table";

/** A line that is no entry. Its text lives as long as the build. */
export class BadLine {
  constructor(
    readonly number: u32,
    readonly text: Slice,
  ) {}
}

/** Takes the entries of line after line. */
export abstract class LineTaker {
  /** Entries that were taken. */
  count: u32 = 0;
  badCount: u32 = 0;
  isTooLarge: bool = false;
  readonly badLines: BadLine[] = [];
  protected line: Slice = 0;
  private number: u32 = 0;
  private isFresh: bool = false;

  /** Makes one portion of its memory ready; true when lines may come. */
  prepare(): bool {
    return true;
  }

  /** The next line, without its end. */
  open(line: Slice): void {
    this.line = line;
    this.number++;
    this.isFresh = true;
  }

  /** Goes on in the line, one entry at most; false when nothing is left in it. */
  takeNext(): bool {
    const size = sizeOf(this.line);
    if (!this.isFresh || size == 0) return false;
    this.isFresh = false;
    this.note(size <= <usize>LIST_LINE_SIZE_MAX_BYTES && this.add(this.line));
    return true;
  }

  /** Whether the list ends in the middle of something. */
  get isOpen(): bool {
    return false;
  }

  /** Goes on after the last line; true when nothing is left to do. */
  finish(): bool {
    return true;
  }

  /** The finished entries in the region's memory. */
  abstract entries(region: Region): Entries;

  /** Gives back memory of its own; there will be no entries. */
  drop(): void {}

  /** One entry; false when it is none. */
  protected abstract add(text: Slice): bool;

  /** Counts an entry, or a bad line. */
  protected note(isGood: bool): void {
    if (isGood) {
      this.count++;
      return;
    }
    this.badCount++;
    if (this.badLines.length < LIST_BAD_LINE_LOGGED_COUNT_MAX) {
      this.badLines.push(new BadLine(this.number, this.line));
    }
  }
}

/** The taker for a type; `countMax` is the most entries that come. */
export function takerFor(type: EntryType, countMax: u32, region: Region, seed: u64): LineTaker {
  if (type == EntryType.IpAddresses) return new AddressTaker(countMax);
  if (type == EntryType.Regex) return new PatternTaker(region);
  const ignoresCase = type == EntryType.CaseInsensitiveStrings;
  return new TextTaker(new StringTable(countMax, region, ignoresCase, seed));
}

class TextTaker extends LineTaker {
  constructor(private readonly table: StringTable) {
    super();
  }

  prepare(): bool {
    return this.table.prepare();
  }

  entries(region: Region): Entries {
    return this.table.entries();
  }

  protected add(text: Slice): bool {
    this.table.add(text, false);
    return true;
  }
}

class PatternTaker extends LineTaker {
  private readonly patterns: Pattern[] = [];

  constructor(private readonly region: Region) {
    super();
  }

  entries(region: Region): Entries {
    return new PatternEntries(StaticArray.fromArray(this.patterns));
  }

  protected add(text: Slice): bool {
    this.isTooLarge = this.patterns.length >= LIST_PATTERN_COUNT_MAX;
    if (this.isTooLarge) return true;
    const pattern = compilePattern(text, this.region);
    if (pattern !== null) this.patterns.push(pattern);
    return pattern !== null;
  }
}

class AddressTaker extends LineTaker {
  private readonly set: IntervalSet;
  private readonly lines: AddressLines = new AddressLines();

  constructor(countMax: u32) {
    super();
    this.set = new IntervalSet(countMax);
  }

  open(line: Slice): void {
    super.open(line);
    this.lines.open(line);
  }

  takeNext(): bool {
    const entry = this.lines.next();
    if (entry == ABSENT) return false;
    if (isNotYet(entry)) return true;
    this.note(entry != FAILED && this.add(entry));
    // Many entries may stand in one line.
    if (this.count > <u32>LIST_ENTRY_COUNT_MAX) this.isTooLarge = true;
    return true;
  }

  get isOpen(): bool {
    return this.lines.isOpen;
  }

  finish(): bool {
    return this.set.sort();
  }

  entries(region: Region): Entries {
    return this.set.entries(region);
  }

  drop(): void {
    this.set.drop();
  }

  protected add(text: Slice): bool {
    return this.set.add(text);
  }
}
