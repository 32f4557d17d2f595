// Collects patterns and lays them out for look-ups. Cold: runs while a document is loaded.

import { Region, Slice, compare, sizeOf, startOf } from "../../assembly/sdk";
import {
  ENTRY_HEAD_SIZE_BYTES,
  ENTRY_KIND,
  ENTRY_PARENT,
  ENTRY_RULES,
  PatternKind,
  PatternSet,
  SLOT_SIZE_BYTES,
  compareReversed,
  findSlot,
  markOf,
  textOfEntry,
} from "./pattern-set";

/** A pattern as it is known before the set is laid out. */
export class Pattern {
  /** Numbers of the rules that wait for it, in an index. */
  readonly rules: u32[] = [];
  private knownKey: string = "";

  constructor(
    readonly kind: PatternKind,
    /** In the configuration's memory. */
    readonly text: Slice,
  ) {}

  /** Equal keys mean equal patterns. */
  get key(): string {
    if (this.knownKey.length == 0) this.knownKey = keyOf(this);
    return this.knownKey;
  }
}

function keyOf(pattern: Pattern): string {
  const size = <i32>sizeOf(pattern.text);
  const units = new StaticArray<u16>(size + 1);
  units[0] = <u16>pattern.kind + 1;
  for (let at = 0; at < size; at++) units[at + 1] = <u16>load<u8>(startOf(pattern.text) + at);
  return String.UTF16.decodeUnsafe(changetype<usize>(units), (<usize>size + 1) << 1);
}

/** Builds one set. */
export class PatternBuilder {
  private readonly patterns: Pattern[] = [];
  private readonly known: Map<string, Pattern> = new Map<string, Pattern>();

  /** How many different patterns there are. */
  get count(): i32 {
    return this.patterns.length;
  }

  /** Adds a pattern; with `rule` ≥ 0, a rule that waits for it. */
  add(pattern: Pattern, rule: i32 = -1): void {
    const own = this.own(pattern);
    const rules = own.rules;
    if (rule < 0 || (rules.length > 0 && rules[rules.length - 1] == <u32>rule)) return;
    rules.push(<u32>rule);
  }

  // Patterns are shared between sets, but not the rules that wait for them.
  private own(pattern: Pattern): Pattern {
    const key = pattern.key;
    if (this.known.has(key)) return this.known.get(key);
    const own = new Pattern(pattern.kind, pattern.text);
    this.known.set(key, own);
    this.patterns.push(own);
    return own;
  }

  /** Lays the set out in the configuration's memory. */
  finish(region: Region): PatternSet {
    const exact: usize[] = [];
    const prefixes: usize[] = [];
    const suffixes: usize[] = [];
    const others: usize[] = [];
    for (let at = 0; at < this.patterns.length; at++) {
      const pattern = this.patterns[at];
      const entry = layEntry(pattern, region);
      if (pattern.kind == PatternKind.Exact) exact.push(entry);
      else if (pattern.kind == PatternKind.Prefix) prefixes.push(entry);
      else if (pattern.kind == PatternKind.Suffix) suffixes.push(entry);
      else others.push(entry);
    }
    prefixes.sort((left, right) => compare(textOfEntry(left), textOfEntry(right)));
    suffixes.sort((left, right) => compareReversed(textOfEntry(left), textOfEntry(right)));
    setParents(prefixes, false);
    setParents(suffixes, true);
    let capacity: u32 = 4;
    while (capacity < (<u32>exact.length) << 1) capacity <<= 1;
    return new PatternSet(
      exact.length == 0 ? 0 : layTable(exact, capacity, region),
      capacity - 1,
      layList(prefixes, region),
      prefixes.length,
      layList(suffixes, region),
      suffixes.length,
      layList(others, region),
      others.length,
    );
  }
}

function layEntry(pattern: Pattern, region: Region): usize {
  const size = sizeOf(pattern.text);
  const entry = region.take(ENTRY_HEAD_SIZE_BYTES + size);
  store<u32>(entry, <u32>size);
  store<u32>(entry, pattern.kind, ENTRY_KIND);
  memory.copy(entry + ENTRY_HEAD_SIZE_BYTES, startOf(pattern.text), size);
  const rules = pattern.rules;
  if (rules.length == 0) return entry;
  const list = region.take((<usize>rules.length + 1) << 2);
  store<u32>(list, rules.length);
  for (let at = 0; at < rules.length; at++) store<u32>(list + ((<usize>at + 1) << 2), rules[at]);
  store<u32>(entry, <u32>list, ENTRY_RULES);
  return entry;
}

// In sorted order an entry stands right behind the entries that begin it, or behind others that
// these begin as well.
function setParents(entries: usize[], isReversed: bool): void {
  for (let at = 1; at < entries.length; at++) {
    let parent = entries[at - 1];
    while (parent != 0 && !begins(parent, entries[at], isReversed)) {
      parent = <usize>load<u32>(parent, ENTRY_PARENT);
    }
    store<u32>(entries[at], <u32>parent, ENTRY_PARENT);
  }
}

function begins(parent: usize, entry: usize, isReversed: bool): bool {
  const size = <usize>load<u32>(parent);
  const all = <usize>load<u32>(entry);
  if (size > all) return false;
  const from = isReversed ? all - size : 0;
  const head = ENTRY_HEAD_SIZE_BYTES;
  return memory.compare(parent + head, entry + head + from, size) == 0;
}

function layList(entries: usize[], region: Region): usize {
  const list = region.take((<usize>entries.length + 1) << 2);
  for (let at = 0; at < entries.length; at++) {
    store<u32>(list + ((<usize>at) << 2), <u32>entries[at]);
  }
  return list;
}

function layTable(entries: usize[], capacity: u32, region: Region): usize {
  const slots = region.take(<usize>capacity * SLOT_SIZE_BYTES);
  for (let at = 0; at < entries.length; at++) {
    const text = textOfEntry(entries[at]);
    const slot = findSlot(slots, capacity - 1, text);
    store<u32>(slot, markOf(text));
    store<u32>(slot, <u32>entries[at], 4);
  }
  return slots;
}
