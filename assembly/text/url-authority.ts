// The rules of net/url for user, host and port, and for percent escapes. Both.

import { ABSENT, Slice, byteAt, isPresent, sizeOf, subSlice } from "../memory/slice";
import { hexDigit } from "./number";

/** Why a URI was refused. */
export const enum UrlProblem {
  None = 0,
  Empty = 1,
  ControlCharacter = 2,
  MissingScheme = 3,
  ColonInPath = 4,
  BadEscape = 5,
  BadUser = 6,
  OpenBracket = 7,
  BadPort = 8,
  BadHostCharacter = 9,
}

let problem: UrlProblem = UrlProblem.None;
let part: Slice = ABSENT;

/** Why the last URI was refused. */
export function urlProblem(): UrlProblem {
  return problem;
}

/** The part of it that was wrong. */
export function urlPart(): Slice {
  return part;
}

/** Notes a reason; false. */
export function refuseUrl(reason: UrlProblem, text: Slice): bool {
  problem = reason;
  part = text;
  return false;
}

/** Whether each `%` is followed by two hexadecimal digits. */
export function checkEscapes(text: Slice): bool {
  const size = sizeOf(text);
  for (let at: usize = 0; at < size; at++) {
    if (byteAt(text, at) != 37) continue;
    if (!isEscape(text, at)) return refuseUrl(UrlProblem.BadEscape, subSlice(text, at, at + 3));
    at += 2;
  }
  return true;
}

/** Whether a host with its port and a user (or ABSENT) are well formed. */
export function checkAuthority(user: Slice, host: Slice): bool {
  if (!checkHostAndPort(host)) return false;
  if (!isPresent(user)) return true;
  return isUser(user) ? checkEscapes(user) : refuseUrl(UrlProblem.BadUser, user);
}

function checkHostAndPort(host: Slice): bool {
  const size = sizeOf(host);
  if (size > 0 && byteAt(host, 0) == 91) return checkBracketed(host);
  let colon = size;
  while (colon > 0 && byteAt(host, colon - 1) != 58) colon--;
  if (colon > 0 && !isPort(subSlice(host, colon, size))) {
    return refuseUrl(UrlProblem.BadPort, subSlice(host, colon - 1, size));
  }
  return checkHost(host, false);
}

function checkBracketed(host: Slice): bool {
  const size = sizeOf(host);
  let end = size;
  while (end > 0 && byteAt(host, end - 1) != 93) end--;
  if (end == 0) return refuseUrl(UrlProblem.OpenBracket, host);
  const tail = subSlice(host, end, size);
  const isGood = sizeOf(tail) == 0 || (byteAt(tail, 0) == 58 && isPort(subSlice(tail, 1, size)));
  if (!isGood) return refuseUrl(UrlProblem.BadPort, tail);
  return checkHost(subSlice(host, 0, end), true);
}

// Escapes in hosts stand for bytes of other letters only; in a zone (behind `%25`) for any.
function checkHost(host: Slice, mayHaveZone: bool): bool {
  const size = sizeOf(host);
  let isZone = false;
  for (let at: usize = 0; at < size; at++) {
    const byte = byteAt(host, at);
    if (byte != 37) {
      if (byte < 128 && !isHostByte(byte)) {
        return refuseUrl(UrlProblem.BadHostCharacter, subSlice(host, at, at + 1));
      }
      continue;
    }
    const escape = subSlice(host, at, at + 3);
    if (!isEscape(host, at)) return refuseUrl(UrlProblem.BadEscape, escape);
    const isPercent = byteAt(host, at + 1) == 50 && byteAt(host, at + 2) == 53;
    if (isPercent && mayHaveZone) isZone = true;
    const isOther = hexDigit(byteAt(host, at + 1)) >= 8;
    if (!isOther && !isPercent && !isZone) return refuseUrl(UrlProblem.BadEscape, escape);
    at += 2;
  }
  return true;
}

function isEscape(text: Slice, at: usize): bool {
  if (at + 2 >= sizeOf(text)) return false;
  return hexDigit(byteAt(text, at + 1)) < 16 && hexDigit(byteAt(text, at + 2)) < 16;
}

function isPort(text: Slice): bool {
  for (let at: usize = 0; at < sizeOf(text); at++) {
    const byte = byteAt(text, at);
    if (byte < 48 || byte > 57) return false;
  }
  return true;
}

function isAlphanumeric(byte: u8): bool {
  const lower = byte | 32;
  return (lower >= 97 && lower <= 122) || (byte >= 48 && byte <= 57);
}

// - . _ : ~ ! $ & ' ( ) * + , ; = % @
function isUser(text: Slice): bool {
  for (let at: usize = 0; at < sizeOf(text); at++) {
    const byte = byteAt(text, at);
    if (isAlphanumeric(byte)) continue;
    const isSign =
      byte == 33 ||
      (byte >= 36 && byte <= 46) ||
      byte == 58 ||
      byte == 59 ||
      byte == 61 ||
      byte == 64 ||
      byte == 95 ||
      byte == 126;
    if (!isSign) return false;
  }
  return true;
}

// - _ . ~ ! $ & ' ( ) * + , ; = : [ ] < > "
function isHostByte(byte: u8): bool {
  return (
    isAlphanumeric(byte) ||
    byte == 33 ||
    byte == 34 ||
    byte == 36 ||
    (byte >= 38 && byte <= 46) ||
    (byte >= 58 && byte <= 62) ||
    byte == 91 ||
    byte == 93 ||
    byte == 95 ||
    byte == 126
  );
}
