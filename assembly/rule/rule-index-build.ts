// Builds the index that finds the rules which can match: guards of their conditions become look-up
// tables by attribute. Cold.

import { hash, equal } from "../memory/bytes";
import { Region } from "../memory/region";
import { Slice, sizeOf } from "../memory/slice";
import { Guard, GuardKind, Program } from "../expression/program";
import { EQUALITY_SALT, GUARD_ENTRY_SIZE_BYTES, GuardTable, RuleIndex } from "./rule-index";
import { Rule } from "./rule";

class GuardLiteral {
  readonly rules: i32[] = [];

  constructor(
    readonly text: Slice,
    readonly kind: GuardKind,
  ) {}
}

class GuardDraft {
  readonly literals: GuardLiteral[] = [];
  readonly rules: i32[] = [];
  private readonly known: Map<string, GuardLiteral> = new Map<string, GuardLiteral>();

  constructor(readonly attribute: i32) {}

  add(text: Slice, kind: GuardKind, rule: i32): void {
    const bytes = String.UTF8.decodeUnsafe(<usize>(<u32>text), sizeOf(text));
    const key = (kind == GuardKind.Equal ? "=" : "^") + bytes;
    let literal: GuardLiteral;
    if (this.known.has(key) && equal(this.known.get(key).text, text)) {
      literal = this.known.get(key);
    } else {
      literal = new GuardLiteral(text, kind);
      this.known.set(key, literal);
      this.literals.push(literal);
    }
    literal.rules.push(rule);
  }
}

/** The index over `chosen` rules (by number); `ruleCount` is the size of the bit sets. */
export function buildRuleIndex(rules: Rule[], chosen: i32[], region: Region, seed: u64): RuleIndex {
  const wordCount = (rules.length + 63) >> 6;
  const always = region.take((<usize>wordCount) << 3);
  const exact = region.take((<usize>wordCount) << 3);
  const drafts: GuardDraft[] = [];
  for (let at = 0; at < chosen.length; at++) {
    const rule = rules[chosen[at]];
    const match = rule.match;
    const guard = guardOfRule(match);
    const isExact = match === null || (guard !== null && guard.isWhole);
    if (isExact && rule.unless === null) setBit(exact, rule.number);
    if (guard === null) {
      setBit(always, rule.number);
      continue;
    }
    const draft = draftOf(drafts, guard.key);
    draft.rules.push(rule.number);
    for (let index = 0; index < guard.literals.length; index++) {
      draft.add(guard.literals[index], guard.kind, rule.number);
    }
  }
  const tables: GuardTable[] = [];
  for (let at = 0; at < drafts.length; at++)
    tables.push(buildTable(drafts[at], wordCount, region, seed));
  const isGuarded = tables.length > 0;
  const candidates = isGuarded ? region.take((<usize>wordCount) << 3) : always;
  const certain = isGuarded ? region.take((<usize>wordCount) << 3) : exact;
  const all = StaticArray.fromArray(tables);
  return new RuleIndex(wordCount, always, candidates, all, exact, certain);
}

function guardOfRule(match: Program | null): Guard | null {
  return match === null ? null : match.guard;
}

function draftOf(drafts: GuardDraft[], attribute: i32): GuardDraft {
  for (let at = 0; at < drafts.length; at++)
    if (drafts[at].attribute == attribute) return drafts[at];
  const draft = new GuardDraft(attribute);
  drafts.push(draft);
  return draft;
}

function buildTable(draft: GuardDraft, wordCount: i32, region: Region, seed: u64): GuardTable {
  const guarded = region.take((<usize>wordCount) << 3);
  for (let at = 0; at < draft.rules.length; at++) setBit(guarded, draft.rules[at]);
  let capacity: u32 = 4;
  while (capacity < <u32>draft.literals.length * 2) capacity <<= 1;
  const entries = region.take(<usize>capacity * GUARD_ENTRY_SIZE_BYTES);
  const sizes: i32[] = [];
  for (let at = 0; at < draft.literals.length; at++) {
    const literal = draft.literals[at];
    const isEqual = literal.kind == GuardKind.Equal;
    const size = isEqual ? -1 : <i32>sizeOf(literal.text);
    if (!sizes.includes(size)) sizes.push(size);
    insert(entries, capacity, literal, seed ^ (isEqual ? EQUALITY_SALT : 0), region);
  }
  const all = StaticArray.fromArray(sizes);
  return new GuardTable(draft.attribute, guarded, entries, capacity, all, seed);
}

function insert(
  entries: usize,
  capacity: u32,
  literal: GuardLiteral,
  seed: u64,
  region: Region,
): void {
  const literalHash = hash(literal.text, seed);
  let slot = (<u32>literalHash) & (capacity - 1);
  while (load<u32>(entries + <usize>slot * GUARD_ENTRY_SIZE_BYTES, 8) != 0) {
    slot = (slot + 1) & (capacity - 1);
  }
  const rules = region.take((<usize>literal.rules.length) << 2);
  for (let at = 0; at < literal.rules.length; at++) {
    store<u32>(rules + ((<usize>at) << 2), literal.rules[at]);
  }
  const entry = entries + <usize>slot * GUARD_ENTRY_SIZE_BYTES;
  store<u64>(entry, literal.text);
  store<u32>(entry, <u32>rules, 8);
  store<u32>(entry, literal.rules.length, 12);
  store<u64>(entry, literalHash, 16);
}

function setBit(bits: usize, number: i32): void {
  const word = bits + (((<usize>number) >> 6) << 3);
  store<u64>(word, load<u64>(word) | ((<u64>1) << (number & 63)));
}
