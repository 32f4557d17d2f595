// Small readings of request texts: host names, content types and cookies. Hot: allocates only in
// the arena.

import { takeArena } from "../memory/arena";
import { asciiLower, equal, equalIgnoringCase, indexOfByte, startsWith } from "../memory/bytes";
import { literal } from "../memory/literal";
import {
  ABSENT,
  FAILED,
  Slice,
  byteAt,
  endOf,
  isPresent,
  sizeOf,
  slice,
  startOf,
  subSlice,
} from "../memory/slice";

const APPLICATION_GRPC = literal("application/grpc");
const GRPC_PROTO = literal("application/grpc+proto");
const GRPC_JSON = literal("application/grpc+json");
const COLON: u8 = 58;
const DOT: u8 = 46;
const BLANK: u8 = 32;
const QUOTE: u8 = 34;
const SEMICOLON: u8 = 59;
const EQUALS: u8 = 61;
const BRACKET: u8 = 93;
const OPEN_BRACKET: u8 = 91;
const AT: u8 = 64;
const PERCENT: u8 = 37;

/** Whether a content type is gRPC's, as Mixer's proxy client decided. */
export function isGrpc(contentType: Slice): bool {
  if (!startsWith(contentType, APPLICATION_GRPC)) return false;
  return (
    equalIgnoringCase(contentType, APPLICATION_GRPC) ||
    equalIgnoringCase(contentType, GRPC_PROTO) ||
    equalIgnoringCase(contentType, GRPC_JSON)
  );
}

/**
 * The value of the first cookie with this name, without the quotes around it; absent when there is
 * none. `cookies` is the header, all its lines joined; borrowed from it.
 */
export function cookieValue(cookies: Slice, name: Slice): Slice {
  const found = findCookie(cookies, name);
  return isPresent(found) ? unquoted(found) : ABSENT;
}

/** The same with all that stands behind the `=`. */
export function findCookie(cookies: Slice, name: Slice): Slice {
  const end = endOf(cookies);
  let at = startOf(cookies);
  while (at < end) {
    while (at < end && (load<u8>(at) == BLANK || load<u8>(at) == SEMICOLON)) at++;
    let until = at;
    while (until < end && load<u8>(until) != SEMICOLON) until++;
    const pair = slice(at, until - at);
    const equals = indexOfByte(pair, EQUALS);
    if (equals >= 0 && equal(subSlice(pair, 0, <usize>equals), name)) {
      const value = at + <usize>equals + 1;
      // An empty value keeps its address: what follows is searched from there.
      return ((<u64>(until - value)) << 32) | (<u64>value);
    }
    at = until;
  }
  return ABSENT;
}

// RFC 6265, section 4.1.1: a value may stand in quotes.
function unquoted(value: Slice): Slice {
  let size = sizeOf(value);
  while (size > 0 && byteAt(value, size - 1) == BLANK) size--;
  const isQuoted = size > 1 && byteAt(value, 0) == QUOTE && byteAt(value, size - 1) == QUOTE;
  return isQuoted ? subSlice(value, 1, size - 1) : subSlice(value, 0, size);
}

/**
 * The host in lower case, without port and without the root's dot; ABSENT where two servers could
 * read different hosts: behind a user (`a:b@host`), encoded (`%61`), or with two ports.
 */
export function hostnameOf(authority: Slice): Slice {
  if (!isPlainHost(authority)) return ABSENT;
  let size = sizeOf(authority);
  for (let at: isize = <isize>size - 1; at >= 0; at--) {
    const byte = byteAt(authority, at);
    if (byte == BRACKET) break;
    if (byte != COLON) continue;
    size = at;
    break;
  }
  if (size > 0 && byteAt(authority, size - 1) == DOT) size--;
  const host = subSlice(authority, 0, size);
  const copy = takeArena(size);
  if (copy == 0) return FAILED;
  for (let at: usize = 0; at < size; at++) store<u8>(copy + at, asciiLower(byteAt(host, at)));
  return slice(copy, size);
}

// Between brackets `%` begins the zone of an address (RFC 6874).
function isPlainHost(authority: Slice): bool {
  const end = endOf(authority);
  const isLiteral = sizeOf(authority) > 0 && byteAt(authority, 0) == OPEN_BRACKET;
  let colonCount: u32 = 0;
  for (let at = startOf(authority); at < end; at++) {
    const byte = load<u8>(at);
    if (byte == AT || (byte == PERCENT && !isLiteral)) return false;
    if (byte == COLON) colonCount++;
  }
  return isLiteral || colonCount < 2;
}
