// Patterns over texts: exact ones in a hash table, prefixes and suffixes in sorted tables, so that
// a look-up costs the same with ten and hardly more with thousands. Of each pattern the rules that
// wait for it are known, where the set is an index. Hot: reads the configuration's memory only.
//
// An entry: | size | parent | rules | kind | bytes |, 4 bytes each before the bytes. The parent is
// the longest other prefix (suffix) that is one of this: all of them match where this one does.
// Rules: | count | rule numbers |, 0 for none.

import {
  Slice,
  compare,
  hash,
  sameBytes,
  sizeOf,
  slice,
  startOf,
  startsWith,
} from "../../assembly/sdk";
import { matchesGlob } from "./glob";
import { matchesTemplate } from "./path-template";

/** Bytes in front of an entry's text. */
export const ENTRY_HEAD_SIZE_BYTES: usize = 16;
/** Bytes of a slot of the hash table: upper half of the hash, address of the entry. */
export const SLOT_SIZE_BYTES: usize = 8;
export const ENTRY_PARENT: usize = 4;
export const ENTRY_RULES: usize = 8;
export const ENTRY_KIND: usize = 12;

/** Kinds of patterns. */
export const enum PatternKind {
  Exact = 0,
  Prefix = 1,
  Suffix = 2,
  /** `*` stands for any bytes. */
  Glob = 3,
  /** A path template. */
  Template = 4,
  /** Any text but the empty one. */
  NonEmpty = 5,
  /** Any text. */
  Any = 6,
}

// Patterns come from the document, so that a client cannot fill the table; no seed is needed.
const SEED: u64 = 0;

/** The text of an entry. */
// @ts-ignore: decorator
@inline
export function textOfEntry(entry: usize): Slice {
  return slice(entry + ENTRY_HEAD_SIZE_BYTES, load<u32>(entry));
}

/** The address of the slot that holds `text`, or of the empty slot where it belongs. */
export function findSlot(slots: usize, mask: u32, text: Slice): usize {
  const code = hash(text, SEED);
  const mark = <u32>(code >>> 32);
  let index = (<u32>code) & mask;
  while (true) {
    const slot = slots + <usize>index * SLOT_SIZE_BYTES;
    const entry = <usize>load<u32>(slot, 4);
    if (entry == 0) return slot;
    if (load<u32>(slot) == mark && isText(entry, text)) return slot;
    index = (index + 1) & mask;
  }
}

/** The mark of a text's slot. */
export function markOf(text: Slice): u32 {
  return <u32>(hash(text, SEED) >>> 32);
}

function isText(entry: usize, text: Slice): bool {
  const size = <usize>load<u32>(entry);
  return size == sizeOf(text) && sameBytes(entry + ENTRY_HEAD_SIZE_BYTES, startOf(text), size);
}

/** Order of texts read from their ends. */
export function compareReversed(left: Slice, right: Slice): i32 {
  const leftSize = sizeOf(left);
  const rightSize = sizeOf(right);
  const shared = min(leftSize, rightSize);
  const leftEnd = startOf(left) + leftSize - 1;
  const rightEnd = startOf(right) + rightSize - 1;
  for (let at: usize = 0; at < shared; at++) {
    const order = <i32>load<u8>(leftEnd - at) - <i32>load<u8>(rightEnd - at);
    if (order != 0) return order;
  }
  return leftSize < rightSize ? -1 : leftSize > rightSize ? 1 : 0;
}

/** A set of patterns; made by PatternBuilder. */
export class PatternSet {
  constructor(
    /** The hash table of exact texts; 0 without any. */
    private readonly slots: usize,
    private readonly mask: u32,
    /** Addresses of entries, in the order of their texts. */
    private readonly prefixes: usize,
    private readonly prefixCount: i32,
    /** Addresses of entries, in the order of their texts read backwards. */
    private readonly suffixes: usize,
    private readonly suffixCount: i32,
    /** Addresses of all other entries. */
    private readonly others: usize,
    private readonly otherCount: i32,
  ) {}

  /**
   * Whether a pattern matches the text. With `bits`, the numbers of all rules that wait for a
   * matching pattern are set in it.
   */
  visit(text: Slice, bits: usize): bool {
    let found = false;
    if (this.slots != 0) {
      const entry = <usize>load<u32>(findSlot(this.slots, this.mask, text), 4);
      if (entry != 0) {
        if (bits == 0) return true;
        found = true;
        setRules(entry, bits);
      }
    }
    if (this.prefixCount > 0 && this.visitChain(this.lastPrefix(text), bits)) found = true;
    if (found && bits == 0) return true;
    if (this.suffixCount > 0 && this.visitChain(this.lastSuffix(text), bits)) found = true;
    if (found && bits == 0) return true;
    for (let at = 0; at < this.otherCount; at++) {
      const entry = <usize>load<u32>(this.others + ((<usize>at) << 2));
      if (!matchesOther(entry, text)) continue;
      if (bits == 0) return true;
      found = true;
      setRules(entry, bits);
    }
    return found;
  }

  // The entry and all its parents match.
  private visitChain(entry: usize, bits: usize): bool {
    if (entry == 0) return false;
    for (; bits != 0 && entry != 0; entry = <usize>load<u32>(entry, ENTRY_PARENT)) {
      setRules(entry, bits);
    }
    return true;
  }

  // The longest prefix of the text. The last one that is not behind the text in order begins with
  // each prefix of the text, so it is among its parents.
  private lastPrefix(text: Slice): usize {
    let from = 0;
    let until = this.prefixCount;
    while (from < until) {
      const middle = (from + until) >>> 1;
      const entry = <usize>load<u32>(this.prefixes + ((<usize>middle) << 2));
      if (compare(textOfEntry(entry), text) > 0) until = middle;
      else from = middle + 1;
    }
    let entry = from == 0 ? 0 : <usize>load<u32>(this.prefixes + ((<usize>(from - 1)) << 2));
    while (entry != 0 && !startsWith(text, textOfEntry(entry))) {
      entry = <usize>load<u32>(entry, ENTRY_PARENT);
    }
    return entry;
  }

  private lastSuffix(text: Slice): usize {
    let from = 0;
    let until = this.suffixCount;
    while (from < until) {
      const middle = (from + until) >>> 1;
      const entry = <usize>load<u32>(this.suffixes + ((<usize>middle) << 2));
      if (compareReversed(textOfEntry(entry), text) > 0) until = middle;
      else from = middle + 1;
    }
    let entry = from == 0 ? 0 : <usize>load<u32>(this.suffixes + ((<usize>(from - 1)) << 2));
    while (entry != 0 && !endsWithEntry(text, entry)) {
      entry = <usize>load<u32>(entry, ENTRY_PARENT);
    }
    return entry;
  }
}

function endsWithEntry(text: Slice, entry: usize): bool {
  const size = <usize>load<u32>(entry);
  if (sizeOf(text) < size) return false;
  return sameBytes(startOf(text) + sizeOf(text) - size, entry + ENTRY_HEAD_SIZE_BYTES, size);
}

function matchesOther(entry: usize, text: Slice): bool {
  switch (load<u32>(entry, ENTRY_KIND)) {
    case PatternKind.Glob:
      return matchesGlob(textOfEntry(entry), text);
    case PatternKind.Template:
      return matchesTemplate(textOfEntry(entry), text);
    case PatternKind.NonEmpty:
      return sizeOf(text) > 0;
    default:
      return true;
  }
}

function setRules(entry: usize, bits: usize): void {
  const rules = <usize>load<u32>(entry, ENTRY_RULES);
  if (rules == 0) return;
  const end = rules + 4 + ((<usize>load<u32>(rules)) << 2);
  for (let at = rules + 4; at < end; at += 4) setBit(bits, load<u32>(at));
}

/** Sets a rule's bit. */
// @ts-ignore: decorator
@inline
export function setBit(bits: usize, number: u32): void {
  const word = bits + ((<usize>(number >> 6)) << 3);
  store<u64>(word, load<u64>(word) | ((<u64>1) << (number & 63)));
}
