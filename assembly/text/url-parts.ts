// Takes a URI apart by the rules of Go's net/url. Both; the parts are borrowed from the text.

import { indexOfByte } from "../memory/bytes";
import { ABSENT, Slice, byteAt, emptySlice, sizeOf, subSlice } from "../memory/slice";
import { UrlProblem, checkAuthority, checkEscapes, refuseUrl } from "./url-authority";

/** The parts of a URI, borrowed from its text. Filled by `parse`. */
export class UrlParts {
  /** Empty when there is none. */
  scheme: Slice = 0;
  /** What stands behind a scheme without a slash, as of `urn:a`; ABSENT when there is none. */
  opaque: Slice = 0;
  /** Before `@`; ABSENT when there is none. */
  user: Slice = 0;
  /** Host and port as written; ABSENT when there is no `//`. */
  host: Slice = 0;
  path: Slice = 0;
  /** With its `?`; empty when there is none. */
  query: Slice = 0;
  /** Without its `#`; empty when there is none. */
  fragment: Slice = 0;

  /** Takes a URI apart; false when it is none, and `urlProblem` says why. */
  parse(text: Slice): bool {
    if (sizeOf(text) == 0) return refuseUrl(UrlProblem.Empty, text);
    const hash = indexOfByte(text, 35);
    const head = hash < 0 ? text : subSlice(text, 0, hash);
    this.fragment = hash < 0 ? emptySlice() : subSlice(text, <usize>hash + 1, sizeOf(text));
    return this.parseHead(head) && checkEscapes(this.fragment);
  }

  private parseHead(text: Slice): bool {
    for (let at: usize = 0; at < sizeOf(text); at++) {
      const byte = byteAt(text, at);
      if (byte < 32 || byte == 127) return refuseUrl(UrlProblem.ControlCharacter, text);
    }
    const schemeSize = schemeEnd(text);
    if (schemeSize == 0) return refuseUrl(UrlProblem.MissingScheme, text);
    this.scheme = schemeSize < 0 ? emptySlice() : subSlice(text, 0, schemeSize);
    const rest = schemeSize < 0 ? text : subSlice(text, <usize>schemeSize + 1, sizeOf(text));
    const mark = indexOfByte(rest, 63);
    const body = mark < 0 ? rest : subSlice(rest, 0, mark);
    this.query = mark < 0 ? emptySlice() : subSlice(rest, mark, sizeOf(rest));
    return this.parseBody(body);
  }

  private parseBody(body: Slice): bool {
    this.opaque = ABSENT;
    this.user = ABSENT;
    this.host = ABSENT;
    this.path = body;
    const size = sizeOf(body);
    if (size == 0 || byteAt(body, 0) != 47) {
      if (sizeOf(this.scheme) > 0) {
        this.path = emptySlice();
        this.opaque = body;
        return true;
      }
      const colon = indexOfByte(body, 58);
      const slash = indexOfByte(body, 47);
      const isBad = colon >= 0 && (slash < 0 || colon < slash);
      if (isBad) return refuseUrl(UrlProblem.ColonInPath, body);
      return checkEscapes(body);
    }
    const hasAuthority =
      size > 1 &&
      byteAt(body, 1) == 47 &&
      (sizeOf(this.scheme) > 0 || size < 3 || byteAt(body, 2) != 47);
    if (!hasAuthority) return checkEscapes(body);
    const slash = indexOfByte(body, 47, 2);
    const end = slash < 0 ? size : <usize>slash;
    this.path = subSlice(body, end, size);
    return this.splitAuthority(subSlice(body, 2, end)) && checkEscapes(this.path);
  }

  private splitAuthority(authority: Slice): bool {
    const at = lastIndexOfByte(authority, 64);
    if (at >= 0) this.user = subSlice(authority, 0, at);
    this.host = at < 0 ? authority : subSlice(authority, <usize>at + 1, sizeOf(authority));
    return checkAuthority(this.user, this.host);
  }
}

/** The index of the last `byte`; -1 when there is none. */
export function lastIndexOfByte(text: Slice, byte: u8): isize {
  for (let at = <isize>sizeOf(text) - 1; at >= 0; at--) if (byteAt(text, at) == byte) return at;
  return -1;
}

// The size of the scheme; -1 when there is none, 0 when a colon stands first.
function schemeEnd(text: Slice): isize {
  for (let at: usize = 0; at < sizeOf(text); at++) {
    const byte = byteAt(text, at);
    const lower = byte | 32;
    if (lower >= 97 && lower <= 122) continue;
    if (byte == 58) return at;
    const isFollowing = (byte >= 48 && byte <= 57) || byte == 43 || byte == 45 || byte == 46;
    if (!isFollowing || at == 0) return -1;
  }
  return -1;
}
