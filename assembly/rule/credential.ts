// Where a credential stands in a request: headers, query parameters, cookies. Reads it, and takes
// it out of the request before that goes on. Given twice, it reads as both joined by a comma, which
// no adapter takes for one. Both: built cold, read per request; allocates only in the arena.

import { HeaderMap } from "../shared/abi";
import { literal } from "../memory/literal";
import { ABSENT, FAILED, Slice, isPresent, sizeOf } from "../memory/slice";
import { readHeader, readHeaders, addHeader, removeHeader, replaceHeader } from "../abi/headers";
import { PairsCursor } from "../abi/pairs";
import { Bag } from "../attribute/bag";
import { joinCredentials, withoutCookie } from "../attribute/credential-text";
import { CellState, hasValue, textAt } from "../attribute/value";
import { equal } from "../memory/bytes";
import { removeParameter } from "../text/query";

const PATH = literal(":path");
const COOKIE = literal("cookie");

const cursor = new PairsCursor();

/** Kinds of places. */
export const enum PlaceKind {
  Header = 0,
  QueryParameter = 1,
  Cookie = 2,
}

/** The places of one credential. */
export class Credential {
  /** The cell of an attribute that the host would not give. */
  failedCell: usize = 0;

  constructor(
    private readonly kinds: StaticArray<PlaceKind>,
    private readonly names: StaticArray<Slice>,
    /** Attributes with the values, by place. */
    private readonly attributes: StaticArray<i32>,
  ) {}

  /** The credential: ABSENT when no place has it, FAILED when the host would not say. */
  read(bag: Bag): Slice {
    let found: Slice = ABSENT;
    for (let at = 0; at < this.attributes.length; at++) {
      const cell = bag.read(unchecked(this.attributes[at]));
      if (!hasValue(cell)) {
        if (load<u8>(cell) != <u8>CellState.Error) continue;
        this.failedCell = cell;
        return FAILED;
      }
      if (isPresent(found)) return joinCredentials(found, textAt(cell));
      found = textAt(cell);
    }
    return found;
  }

  /** Takes the credential out of the current request; false where it may still be there. */
  hide(): bool {
    let isHidden = true;
    for (let at = 0; at < this.kinds.length; at++) {
      const name = unchecked(this.names[at]);
      const kind = unchecked(this.kinds[at]);
      if (kind == PlaceKind.Header) removeHeader(HeaderMap.Request, name);
      else if (kind == PlaceKind.Cookie) hideCookie(name);
      else if (!hideParameter(name)) isHidden = false;
    }
    return isHidden;
  }
}

// Without memory nobody knows what the path would be.
function hideParameter(name: Slice): bool {
  const path = readHeader(HeaderMap.Request, PATH);
  if (!isPresent(path)) return path != FAILED;
  const rest = removeParameter(path, name);
  if (!isPresent(rest)) return false;
  return sizeOf(rest) == sizeOf(path) || replaceHeader(HeaderMap.Request, PATH, rest);
}

// Each line anew: without memory the cookies go rather than the secret with them.
function hideCookie(name: Slice): void {
  const headers = readHeaders(HeaderMap.Request);
  removeHeader(HeaderMap.Request, COOKIE);
  if (!isPresent(headers)) return;
  cursor.open(headers);
  while (cursor.next()) {
    if (!equal(cursor.key, COOKIE)) continue;
    const rest = withoutCookie(cursor.value, name);
    if (isPresent(rest) && sizeOf(rest) > 0) addHeader(HeaderMap.Request, COOKIE, rest);
  }
}
