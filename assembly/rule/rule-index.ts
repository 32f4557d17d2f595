// Finds the rules that can match at all: a bit for each rule, set beforehand for rules without a
// guard, and by one look-up per guarded attribute for the others; and tells which of them match for
// certain, so that nothing is left to evaluate. Hot: cost grows with the number of guards, not of
// rules. Built by rule-index-build.ts.

import { sameBytes } from "../memory/bytes";
import { Slice, sizeOf, startOf } from "../memory/slice";
import { hash } from "../memory/bytes";
import { Bag } from "../attribute/bag";
import { hasValue, textAt } from "../attribute/value";
import { ValueType } from "../shared/types";
import { readAttribute } from "../expression/evaluator";

/** Look-ups by one attribute. Tables hold entries of 24 bytes: literal, rules (address), count. */
export class GuardTable {
  constructor(
    /** Index of the attribute. */
    readonly attribute: u32,
    /** Rules that this table guards, as a bit set: all of them when the attribute has no value. */
    readonly guarded: usize,
    /** Open-addressed table of literals; capacity is a power of two. */
    readonly entries: usize,
    readonly capacity: u32,
    /** Sizes of prefixes to try, in bytes; the last is -1 where equality is asked too. */
    readonly sizes: StaticArray<i32>,
    readonly seed: u64,
  ) {}
}

/** Size of an entry in a guard table. */
export const GUARD_ENTRY_SIZE_BYTES: usize = 24;

/** What marks an equality's entry apart from a prefix's with the same bytes. */
export const EQUALITY_SALT: u64 = 0x5bd1e995;

/** Candidates of one phase. */
export class RuleIndex {
  constructor(
    /** Words of 64 rules. */
    readonly wordCount: i32,
    /** The bits of rules without a guard. */
    private readonly always: usize,
    /** Scratch: the candidates of the current stream. Without guards they are always the same. */
    readonly candidates: usize,
    private readonly tables: StaticArray<GuardTable>,
    /** The bits of rules that match where they are candidates: their guard says all. */
    private readonly exact: usize,
    /** Scratch: the same without those whose guarded attribute the current stream does not have. */
    readonly certain: usize,
  ) {}

  /** Fills `candidates` and `certain` for the current stream. */
  // @ts-ignore: decorator
  @inline
  select(bag: Bag): void {
    if (this.tables.length > 0) this.selectGuarded(bag);
  }

  /** Whether the same rules match every stream, so that nothing is left to find out. */
  get isSettled(): bool {
    if (this.tables.length > 0) return false;
    for (let at: usize = 0; at < (<usize>this.wordCount) << 3; at += 8) {
      if ((load<u64>(this.always + at) & ~load<u64>(this.exact + at)) != 0) return false;
    }
    return true;
  }

  private selectGuarded(bag: Bag): void {
    const size = (<usize>this.wordCount) << 3;
    for (let at: usize = 0; at < size; at += 8) {
      store<u64>(this.candidates + at, load<u64>(this.always + at));
      store<u64>(this.certain + at, load<u64>(this.exact + at));
    }
    const tables = this.tables;
    for (let at = 0; at < tables.length; at++) this.selectBy(unchecked(tables[at]), bag);
  }

  // A guard whose attribute has no value hides nothing: its rules are evaluated and err by
  // themselves.
  private selectBy(table: GuardTable, bag: Bag): void {
    const cell = readAttribute(table.attribute, bag);
    if (!hasValue(cell) || load<u8>(cell) != <u8>ValueType.String) {
      for (let word = 0; word < this.wordCount; word++) {
        const offset = (<usize>word) << 3;
        const guarded = load<u64>(table.guarded + offset);
        const at = this.candidates + offset;
        store<u64>(at, load<u64>(at) | guarded);
        const certain = this.certain + offset;
        store<u64>(certain, load<u64>(certain) & ~guarded);
      }
      return;
    }
    const text = textAt(cell);
    const sizes = table.sizes;
    for (let at = 0; at < sizes.length; at++) {
      const size = unchecked(sizes[at]);
      if (size < 0) this.lookUp(table, text, EQUALITY_SALT);
      else if (<usize>size <= sizeOf(text)) {
        this.lookUp(table, (text & 0xffff_ffff) | ((<u64>size) << 32), 0);
      }
    }
  }

  private lookUp(table: GuardTable, key: Slice, salt: u64): void {
    const mask = table.capacity - 1;
    const keyHash = hash(key, table.seed ^ salt);
    let slot = (<u32>keyHash) & mask;
    for (;;) {
      const entry = table.entries + <usize>slot * GUARD_ENTRY_SIZE_BYTES;
      const rules = <usize>load<u32>(entry, 8);
      if (rules == 0) return;
      const known = load<u64>(entry);
      if (
        load<u64>(entry, 16) == keyHash &&
        sizeOf(known) == sizeOf(key) &&
        sameBytes(startOf(known), startOf(key), sizeOf(key))
      ) {
        this.mark(rules, load<u32>(entry, 12));
        return;
      }
      slot = (slot + 1) & mask;
    }
  }

  private mark(rules: usize, count: u32): void {
    for (let at: u32 = 0; at < count; at++) {
      const rule = load<u32>(rules + ((<usize>at) << 2));
      const word = this.candidates + (((<usize>rule) >> 6) << 3);
      store<u64>(word, load<u64>(word) | ((<u64>1) << (rule & 63)));
    }
  }
}
