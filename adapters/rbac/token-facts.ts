// The verified token, as Envoy's JWT filter leaves it in dynamic metadata, and dynamic metadata of
// other filters. Hot: what is put together lies in the arena.

import {
  MetadataKind,
  PairsCursor,
  Slice,
  emptySlice,
  isPresent,
  ABSENT,
  metadataKind,
  sizeOf,
  slice,
  startOf,
  takeArena,
  textAt,
} from "../../assembly/sdk";
import { Fact, FactState, Question, stateOf } from "./fact";
import { PatternSet } from "./pattern-set";

/** Marks before and behind a token's principal: which of issuer and subject are not empty. */
export const BOTH: u8 = 66;
export const SUBJECT_ONLY: u8 = 83;
export const NO_SUBJECT: u8 = 78;
export const ISSUER: u8 = 73;
export const NO_ISSUER: u8 = 79;
/** Marks around texts of metadata. */
export const OF_LIST: u8 = 1;
export const OF_TEXT: u8 = 2;
/** The empty text. */
export const OF_NOTHING: u8 = 3;

/**
 * Issuer and subject as one text: mark, issuer, NUL, subject, mark. The marks let prefixes and
 * suffixes say that the other part must not be empty.
 */
export class TokenPrincipal extends Fact {
  private text: Slice = emptySlice();

  constructor(
    private readonly issuerSlot: i32,
    private readonly subjectSlot: i32,
  ) {
    super(true);
  }

  load(question: Question): void {
    const issuer = question.cell(this.issuerSlot);
    const subject = question.cell(this.subjectSlot);
    const first = stateOf(issuer);
    const second = stateOf(subject);
    if (first == FactState.Known && second == FactState.Known) {
      this.join(textAt(issuer), textAt(subject));
    } else {
      const isUnknown = first == FactState.Unknown || second == FactState.Unknown;
      this.state = isUnknown ? FactState.Unknown : FactState.Absent;
    }
  }

  visit(set: PatternSet, bits: usize): bool {
    return set.visit(this.text, bits);
  }

  private join(issuer: Slice, subject: Slice): void {
    this.state = FactState.Absent;
    if (metadataKind(issuer) != MetadataKind.Text) return;
    if (metadataKind(subject) != MetadataKind.Text) return;
    const text = principalText(issuer, subject);
    this.text = text;
    this.state = isPresent(text) ? FactState.Known : FactState.Unknown;
  }
}

/** The text that is compared, in the arena; ABSENT without memory. */
export function principalText(issuer: Slice, subject: Slice): Slice {
  const size = sizeOf(issuer) + sizeOf(subject) + 3;
  const at = takeArena(size);
  if (at == 0) return ABSENT;
  const hasIssuer = sizeOf(issuer) > 0;
  store<u8>(at, sizeOf(subject) == 0 ? NO_SUBJECT : hasIssuer ? BOTH : SUBJECT_ONLY);
  memory.copy(at + 1, startOf(issuer), sizeOf(issuer));
  const middle = at + 1 + sizeOf(issuer);
  store<u8>(middle, 0);
  memory.copy(middle + 1, startOf(subject), sizeOf(subject));
  store<u8>(at + size - 1, hasIssuer ? ISSUER : NO_ISSUER);
  return slice(at, size);
}

const items = new PairsCursor();

/** A claim: a text, or a list of which each text counts. */
export class Claim extends Fact {
  private value: Slice = emptySlice();
  private kind: MetadataKind = MetadataKind.Unknown;

  constructor(
    private readonly slot: i32,
    isOfHttp: bool,
    /** Whether texts and elements of lists are told apart, by a mark on each side. */
    private readonly isMarked: bool,
  ) {
    super(isOfHttp);
  }

  load(question: Question): void {
    const cell = question.cell(this.slot);
    this.state = stateOf(cell);
    if (this.state != FactState.Known) return;
    this.value = textAt(cell);
    this.kind = metadataKind(this.value);
    const isComparable = this.kind == MetadataKind.Text || this.kind == MetadataKind.List;
    if (!isComparable) this.state = FactState.Absent;
  }

  visit(set: PatternSet, bits: usize): bool {
    if (this.kind == MetadataKind.Text) return this.visitText(this.value, OF_TEXT, set, bits);
    let found = false;
    items.open(this.value);
    while (items.next()) {
      if (metadataKind(items.key) != MetadataKind.Text) continue;
      if (!this.visitText(items.key, OF_LIST, set, bits)) continue;
      if (bits == 0) return true;
      found = true;
    }
    return found;
  }

  private visitText(text: Slice, mark: u8, set: PatternSet, bits: usize): bool {
    return set.visit(this.isMarked ? marked(text, mark) : text, bits);
  }
}

function marked(text: Slice, mark: u8): Slice {
  const size = sizeOf(text) + 2;
  const at = takeArena(size);
  if (at == 0) return emptySlice();
  store<u8>(at, sizeOf(text) == 0 ? OF_NOTHING : mark);
  memory.copy(at + 1, startOf(text), sizeOf(text));
  store<u8>(at + size - 1, mark);
  return slice(at, size);
}
