// The peer's identity: names of its certificate, and the namespace and service account in them. As
// in Envoy a pattern matches where it matches any of the names. Hot.

import {
  ABSENT,
  Slice,
  byteAt,
  endOf,
  hasValue,
  isAbsentAt,
  isPresent,
  sizeOf,
  slice,
  startOf,
  startsWith,
  subSlice,
  takeArena,
  textAt,
  literal,
} from "../../assembly/sdk";
import { Fact, FactState, Question } from "./fact";
import { PatternSet } from "./pattern-set";

/** URI SAN, DNS SAN, subject. */
export const NAME_COUNT: i32 = 3;
const SPIFFE = literal("spiffe://");
const NAMESPACE = literal("/ns/");
const ACCOUNT = literal("sa/");
const SLASH: u8 = 47;

/** What of the peer's names is compared. */
export const enum NamePart {
  Whole = 0,
  /** Whatever stands between `/ns/` and `/`, and, for patterns with `*`, the whole names. */
  Namespace = 1,
  /** As `namespace/account`. */
  Account = 2,
  /** With the slash behind it; where there is none, only `*` matches. */
  TrustDomain = 3,
}

/** The names of the peer's certificate, of each kind the first, or a part of them. */
export class PeerNames extends Fact {
  private readonly names: StaticArray<Slice> = new StaticArray<Slice>(NAME_COUNT);

  constructor(
    private readonly slot: i32,
    private readonly part: NamePart,
  ) {
    super(false);
  }

  load(question: Question): void {
    let state = FactState.Absent;
    for (let at = 0; at < NAME_COUNT; at++) {
      const cell = question.cell(this.slot + at);
      const isThere = hasValue(cell);
      unchecked((this.names[at] = isThere ? textAt(cell) : ABSENT));
      if (isThere && state == FactState.Absent) state = FactState.Known;
      if (!isThere && !isAbsentAt(cell)) state = FactState.Unknown;
    }
    this.state = state;
  }

  visit(set: PatternSet, bits: usize): bool {
    let found = false;
    for (let at = 0; at < NAME_COUNT; at++) {
      const name = unchecked(this.names[at]);
      if (!isPresent(name) || !this.visitName(name, set, bits)) continue;
      if (bits == 0) return true;
      found = true;
    }
    return found;
  }

  private visitName(name: Slice, set: PatternSet, bits: usize): bool {
    if (this.part == NamePart.Whole) return set.visit(name, bits);
    const isNamespace = this.part == NamePart.Namespace;
    if (!isNamespace && !startsWith(name, SPIFFE)) return false;
    const domain = sizeOf(SPIFFE);
    if (this.part == NamePart.TrustDomain) {
      const end = domain + segmentSize(name, domain) + 1;
      return set.visit(subSlice(name, domain, min(end, sizeOf(name))), bits);
    }
    let found = isNamespace && set.visit(name, bits);
    // An account is one of a trust domain of at least one byte.
    let from = nextNamespace(name, isNamespace ? 0 : domain + 1);
    while (from < sizeOf(name) && !(found && bits == 0)) {
      const size = segmentSize(name, from);
      if (!isNamespace) {
        if (visitAccounts(name, from, size, set, bits)) found = true;
      } else if (from + size < sizeOf(name)) {
        // Patterns without `*` are `/ns/NAMESPACE/`.
        const segment = subSlice(name, from - sizeOf(NAMESPACE), from + size + 1);
        if (set.visit(segment, bits)) found = true;
      }
      from = nextNamespace(name, from - 1);
    }
    return found;
  }
}

// Where the segment behind the next `/ns/` begins; the size of the name when there is none. The
// slash at the end of one may be that of the next.
function nextNamespace(name: Slice, from: usize): usize {
  const last = sizeOf(name) - min(sizeOf(name), sizeOf(NAMESPACE));
  for (let at = from; at <= last; at++) {
    if (startsWith(subSlice(name, at, sizeOf(name)), NAMESPACE)) return at + sizeOf(NAMESPACE);
  }
  return sizeOf(name);
}

// How many bytes there are before the next slash, or the end.
function segmentSize(name: Slice, from: usize): usize {
  const start = startOf(name) + from;
  let at = start;
  while (at < endOf(name) && load<u8>(at) != SLASH) at++;
  return at - start;
}

// Each `sa/ACCOUNT` behind the namespace: directly, or behind further segments.
function visitAccounts(name: Slice, from: usize, size: usize, set: PatternSet, bits: usize): bool {
  const all = sizeOf(name);
  const first = from + size + 1;
  let found = false;
  for (let at = first; at < all; at++) {
    const isSegment = at == first || (at > first + 1 && byteAt(name, at - 1) == SLASH);
    if (!isSegment || !startsWith(subSlice(name, at, all), ACCOUNT)) continue;
    const account = at + sizeOf(ACCOUNT);
    const end = account + segmentSize(name, account);
    // Behind a slash something must follow.
    if (end + 1 == all) continue;
    const key = joined(subSlice(name, from, from + size), subSlice(name, account, end));
    if (isPresent(key) && set.visit(key, bits)) found = true;
    if (found && bits == 0) return true;
  }
  return found;
}

function joined(namespace: Slice, account: Slice): Slice {
  const size = sizeOf(namespace) + 1 + sizeOf(account);
  const at = takeArena(size);
  if (at == 0) return ABSENT;
  memory.copy(at, startOf(namespace), sizeOf(namespace));
  store<u8>(at + sizeOf(namespace), SLASH);
  memory.copy(at + sizeOf(namespace) + 1, startOf(account), sizeOf(account));
  return slice(at, size);
}
