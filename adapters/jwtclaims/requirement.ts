// What one claim must be, and whether it is, in the claims as JSON. Numbers and truth values are
// compared as they are written. Hot: reads in place, allocates only in the arena.

import {
  ABSENT,
  JsonKind,
  JsonPull,
  Slice,
  endOf,
  equal,
  isPresent,
  literal,
  sizeOf,
  slice,
  startOf,
  startsWith,
} from "../../assembly/sdk";

const BLANK: u8 = 32;
const TRUE = literal("true");
const FALSE = literal("false");

const json = new JsonPull();

/** A claim by its path, with what it must be. */
export class Requirement {
  constructor(
    private readonly path: StaticArray<Slice>,
    private readonly values: StaticArray<Slice>,
    private readonly prefixes: StaticArray<Slice>,
    private readonly isSpaceDelimited: bool,
  ) {}

  /** Whether the claims, a JSON object, have it. */
  isMet(claims: Slice): bool {
    json.open(claims);
    for (let at = 0; at < this.path.length; at++) {
      if (!findMember(unchecked(this.path[at]))) return false;
    }
    if (json.kind() != JsonKind.List) return this.takesNext();
    json.enter();
    let isFound: bool = false;
    while (!isFound && json.nextItem()) isFound = this.takesNext();
    return isFound;
  }

  // The next value, which is taken. Null is nothing, and an object only there.
  private takesNext(): bool {
    const kind = json.kind();
    const isAny = this.values.length == 0 && this.prefixes.length == 0;
    if (kind == JsonKind.None || kind == JsonKind.Null) {
      json.skip();
      return false;
    }
    // Envoy hands null over as it does the empty text.
    if (isAny && kind == JsonKind.Text) return sizeOf(json.text()) > 0;
    if (isAny) {
      json.skip();
      return true;
    }
    const text = takeScalar(kind);
    if (!isPresent(text)) return false;
    return this.isSpaceDelimited ? this.takesWord(text) : this.takes(text);
  }

  private takesWord(words: Slice): bool {
    const end = endOf(words);
    let at = startOf(words);
    while (at < end) {
      let until = at;
      while (until < end && load<u8>(until) != BLANK) until++;
      if (until > at && this.takes(slice(at, until - at))) return true;
      at = until + 1;
    }
    return false;
  }

  private takes(text: Slice): bool {
    for (let at = 0; at < this.values.length; at++) {
      if (equal(unchecked(this.values[at]), text)) return true;
    }
    for (let at = 0; at < this.prefixes.length; at++) {
      if (startsWith(text, unchecked(this.prefixes[at]))) return true;
    }
    return false;
  }
}

/** The text of a member of the claims; ABSENT when there is none. */
export function claimText(claims: Slice, name: Slice): Slice {
  json.open(claims);
  if (!findMember(name)) return ABSENT;
  return json.kind() == JsonKind.Text ? json.text() : ABSENT;
}

function findMember(name: Slice): bool {
  if (json.kind() != JsonKind.Object) return false;
  json.enter();
  while (json.nextMember()) {
    if (json.isKey(name)) return true;
    json.skip();
  }
  return false;
}

function takeScalar(kind: JsonKind): Slice {
  if (kind == JsonKind.Text) return json.text();
  if (kind == JsonKind.Number) return json.number();
  json.skip();
  if (kind == JsonKind.True) return TRUE;
  return kind == JsonKind.False ? FALSE : ABSENT;
}
