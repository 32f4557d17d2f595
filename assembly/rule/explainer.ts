// Why a request was decided as it was, as one response header: verdict, rule, action, adapter, the
// comparison that decided, the values that were read. A dictionary of Structured Fields (RFC 9651):
// printable ASCII, other bytes as %XX. Only for documents with `debug`, only for those it allows.
// Hot: written into the arena, bounded.

import { EXPLANATION_SIZE_MAX_BYTES } from "../shared/limits";
import { literal } from "../memory/literal";
import { takeArena } from "../memory/arena";
import { Slice, emptySlice, endOf, sizeOf, startOf, subSlice } from "../memory/slice";
import { Writer } from "../memory/writer";
import { Bag } from "../attribute/bag";
import { boolAt, hasValue } from "../attribute/value";
import { Decision, Truth, decide, decisive, forgetDecisive } from "../expression/decision";
import { evaluate, readAttribute } from "../expression/evaluator";
import { Program } from "../expression/program";
import { writeValue } from "../expression/write-value";
import { Action } from "./action";
import { isSplit, writeSides } from "./explain-sides";
import { Rule } from "./rule";

/** How the values of an attribute are shown. */
export const enum Disclosure {
  Whole = 0,
  /** Without what stands behind a question mark. */
  WithoutQuery = 1,
  /** Only that there is one. */
  Redacted = 2,
  /** Only that there is one: a map can hold anything. */
  Map = 3,
}

const SIZE_MAX_BYTES: usize = <usize>EXPLANATION_SIZE_MAX_BYTES;
/** Longest part of one value, expression or message. */
const TEXT_SIZE_MAX_BYTES: usize = 160;
/** Longest item of a list: a name, a text of which each byte takes three, what joins them. */
const ITEM_SIZE_MAX_BYTES: usize = 768;
/** Values have their place even where rules are many. */
const RULES_SIZE_MAX_BYTES: usize = SIZE_MAX_BYTES / 2;
/** Sides of actions leave room for one more item. */
const SIDES_END: usize = SIZE_MAX_BYTES - ITEM_SIZE_MAX_BYTES;

const VERDICT_DENIED = literal("verdict=denied");
const VERDICT_ALLOWED = literal("verdict=allowed");
const RULE = literal(', rule="');
const ACTION = literal('", action="');
const HANDLER = literal('", handler="');
const ADAPTER = literal('", adapter="');
const REASON = literal(', reason="');
const DECIDED = literal(', decided="');
const SHADOW_RULE = literal(', shadow="');
const RULES = literal(", rules=(");
const SIDE_ENFORCED = literal(", side=enforced");
const APPLIES = literal(";applies");
const APPLIES_NOT = literal(";applies=?0");
const APPLIES_FAILED = literal(";applies=error");
const DECIDED_PARAMETER = literal(';decided="');
const READ = literal(", read=(");
const CUT = literal(", cut");
const REDACTED = literal("(redacted)");
const MAP = literal("(map)");
const ABSENT_TEXT = literal("(absent)");
const DOTS = literal("...");
const QUOTE: u8 = 34;
const PERCENT: u8 = 37;
const PARENTHESIS: u8 = 41;
const BLANK: u8 = 32;
const EQUALS: u8 = 61;
const QUESTION: u8 = 63;
const BACKSLASH: u8 = 92;
const DELETE: u8 = 127;

/** What the explanation of a rule needs beyond the rule. */
export class RuleFacts {
  constructor(
    readonly match: Decision | null,
    readonly unless: Decision | null,
    /** Attributes that its conditions and instances read. */
    readonly reads: StaticArray<i32>,
    /** Whether it can deny. */
    readonly isPolicy: bool,
    /** Whether an instance of its checks reads a secret, which a message could repeat. */
    readonly readsSecret: bool,
  ) {}
}

const out = new Writer();
const value = new Writer();

/** Explains the decisions of one document. */
export class Explainer {
  private isCut: bool = false;

  constructor(
    /** The header, in lower case. */
    readonly header: Slice,
    private readonly allowFrom: Program,
    /** In the order of the document's rules. */
    private readonly facts: StaticArray<RuleFacts>,
    /** Attributes that any rule reads. */
    private readonly reads: StaticArray<i32>,
    /** One byte of Disclosure for each attribute. */
    private readonly disclosures: usize,
    /** Names of adapters in the order of the document's handlers. */
    private readonly adapters: StaticArray<Slice>,
  ) {}

  /** Whether the stream that the bag stands at gets explanations. */
  allows(bag: Bag): bool {
    const cell = evaluate(this.allowFrom, bag);
    return hasValue(cell) && boolAt(cell);
  }

  /** Explains a denial by a rule, or by none: then `reason` is all. Empty without memory. */
  denied(rule: Rule | null, action: Action | null, reason: Slice, bag: Bag): Slice {
    if (!this.open()) return emptySlice();
    out.bytes(VERDICT_DENIED);
    if (rule != null) {
      this.writeDenial(rule, action, reason, bag);
    } else {
      writeReason(reason);
      this.writeReads(this.reads, bag, false);
    }
    return this.close();
  }

  /** Explains why nothing denied, with the rule in SHADOW mode that would have. */
  allowed(rules: StaticArray<Rule>, shadow: Rule | null, bag: Bag): Slice {
    if (!this.open()) return emptySlice();
    out.bytes(VERDICT_ALLOWED);
    if (shadow != null) {
      out.bytes(SHADOW_RULE);
      out.bytes(shadow.name);
      out.byte(QUOTE);
    }
    this.writeRules(rules, bag);
    this.writeReads(this.reads, bag, false);
    return this.close();
  }

  private writeDenial(rule: Rule, action: Action | null, reason: Slice, bag: Bag): void {
    const facts = unchecked(this.facts[rule.number]);
    this.writeRule(rule, action);
    if (isSplit(rule, action)) out.bytes(SIDE_ENFORCED);
    writeReason(facts.readsSecret ? REDACTED : reason);
    truthOf(facts, bag);
    writeDecisive(DECIDED);
    this.writeReads(facts.reads, bag, true);
  }

  private open(): bool {
    this.isCut = false;
    const at = takeArena(SIZE_MAX_BYTES);
    out.open(at, at == 0 ? 0 : SIZE_MAX_BYTES);
    return at != 0;
  }

  private close(): Slice {
    if (this.isCut) out.bytes(CUT);
    return out.written;
  }

  private writeRule(rule: Rule, action: Action | null): void {
    out.bytes(RULE);
    out.bytes(rule.name);
    if (action != null) {
      out.bytes(ACTION);
      writeText(action.name);
      out.bytes(HANDLER);
      writeText(action.handlerName);
      out.bytes(ADAPTER);
      out.bytes(unchecked(this.adapters[action.handlerNumber]));
    }
    out.byte(QUOTE);
  }

  private writeRules(rules: StaticArray<Rule>, bag: Bag): void {
    out.bytes(RULES);
    let isFirst = true;
    for (let at = 0; at < rules.length; at++) {
      const facts = unchecked(this.facts[at]);
      if (!facts.isPolicy) continue;
      if (!this.hasRoom(RULES_SIZE_MAX_BYTES)) break;
      if (!isFirst) out.byte(BLANK);
      isFirst = false;
      const truth = truthOf(facts, bag);
      out.byte(QUOTE);
      out.bytes(unchecked(rules[at]).name);
      out.byte(QUOTE);
      const said = truth == Truth.False ? APPLIES_NOT : APPLIES_FAILED;
      out.bytes(truth == Truth.True ? APPLIES : said);
      const rule = unchecked(rules[at]);
      if (truth == Truth.True && rule.hasSides && !writeSides(out, rule, SIDES_END))
        this.isCut = true;
      writeDecisive(DECIDED_PARAMETER);
    }
    out.byte(PARENTHESIS);
  }

  // An item is written whole or not at all, so that the header stays well-formed.
  private hasRoom(limit: usize): bool {
    if (out.size + ITEM_SIZE_MAX_BYTES <= limit) return true;
    this.isCut = true;
    return false;
  }

  private writeReads(reads: StaticArray<i32>, bag: Bag, all: bool): void {
    out.bytes(READ);
    let isFirst = true;
    for (let at = 0; at < reads.length; at++) {
      const index = unchecked(reads[at]);
      if (!all && bag.isUnread(index)) continue;
      if (!this.hasRoom(SIZE_MAX_BYTES - sizeOf(CUT))) break;
      if (!isFirst) out.byte(BLANK);
      isFirst = false;
      out.byte(QUOTE);
      writeText(load<u64>(bag.layout.names + ((<usize>index) << 3)));
      out.byte(EQUALS);
      this.writeAttribute(index, bag);
      out.byte(QUOTE);
    }
    out.byte(PARENTHESIS);
  }

  private writeAttribute(index: i32, bag: Bag): void {
    const cell = readAttribute(index, bag);
    const disclosure = <Disclosure>load<u8>(this.disclosures + <usize>index);
    if (!hasValue(cell)) {
      out.bytes(ABSENT_TEXT);
    } else if (disclosure == Disclosure.Redacted) {
      out.bytes(REDACTED);
    } else if (disclosure == Disclosure.Map) {
      out.bytes(MAP);
    } else {
      const at = takeArena(TEXT_SIZE_MAX_BYTES + 1);
      value.open(at, at == 0 ? 0 : TEXT_SIZE_MAX_BYTES + 1);
      writeValue(value, cell);
      writeText(disclosure == Disclosure.WithoutQuery ? pathOf(value.written) : value.written);
    }
  }
}

// What a rule's conditions come to together; `decisive` is the comparison that says so.
function truthOf(facts: RuleFacts, bag: Bag): Truth {
  forgetDecisive();
  const match = facts.match;
  if (match != null) {
    const truth = decide(match, bag);
    if (truth != Truth.True) return truth;
  }
  const unless = facts.unless;
  if (unless == null) return Truth.True;
  // An exception that cannot be evaluated is none.
  return decide(unless, bag) == Truth.True ? Truth.False : Truth.True;
}

function writeReason(reason: Slice): void {
  out.bytes(REASON);
  writeText(reason);
  out.byte(QUOTE);
}

function writeDecisive(name: Slice): void {
  const comparison = decisive;
  if (comparison == null) return;
  out.bytes(name);
  writeText(comparison.text);
  out.byte(QUOTE);
}

function pathOf(path: Slice): Slice {
  let size: usize = 0;
  while (size < sizeOf(path) && load<u8>(startOf(path) + size) != QUESTION) size++;
  return subSlice(path, 0, size);
}

// A text inside quotes, cut.
function writeText(text: Slice): void {
  const isLong = sizeOf(text) > TEXT_SIZE_MAX_BYTES;
  const end = isLong ? startOf(text) + TEXT_SIZE_MAX_BYTES : endOf(text);
  for (let at = startOf(text); at < end; at++) {
    const byte = load<u8>(at);
    if (byte < BLANK || byte >= DELETE) {
      out.byte(PERCENT);
      out.hex(byte);
    } else {
      if (byte == QUOTE || byte == BACKSLASH) out.byte(BACKSLASH);
      out.byte(byte);
    }
  }
  if (isLong) out.bytes(DOTS);
}
