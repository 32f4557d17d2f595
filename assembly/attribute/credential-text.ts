// Credentials in cookies and query parameters. One that is given twice must not be read as the
// first or the last of the two, for a server behind may take the other: it reads as both, joined by
// a comma, as a repeated header does. Hot: allocates only in the arena.

import { takeArena } from "../memory/arena";
import { ABSENT, FAILED, Slice, endOf, isPresent, sizeOf, slice, startOf } from "../memory/slice";
import { Writer } from "../memory/writer";
import { decodeQuery, findParameter, queryOf } from "../text/uri";
import { cookieValue, findCookie } from "./request-text";

const COMMA: u8 = 44;
const SEMICOLON: u8 = 59;
const BLANK: u8 = 32;

const out = new Writer();

/** The query parameter with this name of a path; of several, the first two. */
export function queryCredential(path: Slice, name: Slice): Slice {
  const query = isPresent(path) ? queryOf(path) : ABSENT;
  if (!isPresent(query)) return ABSENT;
  const first = findParameter(query, name);
  if (!isPresent(first)) return ABSENT;
  const value = decodeQuery(first);
  const second = findParameter(behind(query, first), name);
  return isPresent(second) ? joinCredentials(value, decodeQuery(second)) : value;
}

/** The cookie with this name; of several, the first two. `cookies` is the header. */
export function cookieCredential(cookies: Slice, name: Slice): Slice {
  if (!isPresent(cookies)) return ABSENT;
  const first = findCookie(cookies, name);
  if (!isPresent(first)) return ABSENT;
  const second = cookieValue(behind(cookies, first), name);
  const value = cookieValue(cookies, name);
  return isPresent(second) ? joinCredentials(value, second) : value;
}

/** Two credentials as one text that is none; FAILED without memory. */
export function joinCredentials(first: Slice, second: Slice): Slice {
  if (!isPresent(first) || !isPresent(second)) return FAILED;
  const size = sizeOf(first) + sizeOf(second) + 1;
  const at = takeArena(size);
  if (at == 0) return FAILED;
  out.open(at, size);
  out.bytes(first);
  out.byte(COMMA);
  out.bytes(second);
  return out.written;
}

/** The text of a `cookie` header without the cookies of this name; "" when none is left. */
export function withoutCookie(cookies: Slice, name: Slice): Slice {
  const at = takeArena(sizeOf(cookies) + 2);
  if (at == 0) return FAILED;
  out.open(at, sizeOf(cookies) + 2);
  let rest = cookies;
  while (sizeOf(rest) > 0) {
    const found = findCookie(rest, name);
    const until = isPresent(found) ? cookieStart(rest, found) : endOf(rest);
    keep(slice(startOf(rest), until - startOf(rest)));
    rest = isPresent(found) ? behind(rest, found) : slice(until, 0);
  }
  return out.written;
}

// Cookies as they stand, without what parted them from others.
function keep(cookies: Slice): void {
  let at = startOf(cookies);
  let end = endOf(cookies);
  while (at < end && isGap(load<u8>(at))) at++;
  while (end > at && isGap(load<u8>(end - 1))) end--;
  if (at == end) return;
  if (out.size > 0) {
    out.byte(SEMICOLON);
    out.byte(BLANK);
  }
  out.bytes(slice(at, end - at));
}

// @ts-ignore: decorator
@inline
function isGap(byte: u8): bool {
  return byte == SEMICOLON || byte == BLANK;
}

// Where the pair begins whose value was found.
function cookieStart(cookies: Slice, value: Slice): usize {
  let at = startOf(value);
  while (at > startOf(cookies) && load<u8>(at - 1) != SEMICOLON) at--;
  return at;
}

function behind(text: Slice, part: Slice): Slice {
  return slice(endOf(part), endOf(text) - endOf(part));
}
