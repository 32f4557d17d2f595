// E-mail addresses as Mixer's email() takes and compares them: RFC 5322 addresses without a display
// name, by Go's mail.ParseAddress. Comments and groups are refused. Both; unquoted forms stand in
// the arena.

import { equal, indexOfByte } from "../memory/bytes";
import { takeArena } from "../memory/arena";
import {
  ABSENT,
  Slice,
  byteAt,
  isPresent,
  sizeOf,
  slice,
  startOf,
  subSlice,
} from "../memory/slice";
import { NameAnswer, dnsNameOf, equalDnsNames } from "./dns";
import { trimBlanks } from "./field-value";

/** Why an address was refused. */
export const enum EmailProblem {
  None = 0,
  Empty = 1,
  NoAngle = 2,
  MissingAt = 3,
  BadWord = 4,
  Unclosed = 5,
  Surplus = 6,
  DisplayName = 7,
  Domain = 8,
  Memory = 9,
}

const AT: u8 = 64;
const DOT: u8 = 46;
const QUOTE: u8 = 34;
const BACKSLASH: u8 = 92;
const LEFT_ANGLE: u8 = 60;
const RIGHT_ANGLE: u8 = 62;

let problem: EmailProblem = EmailProblem.None;
let rest: Slice = ABSENT;

/** Why the last address was refused. */
export function emailProblem(): EmailProblem {
  return problem;
}

/** The part of it that was surplus, or its domain. */
export function emailRest(): Slice {
  return rest;
}

/** Whether the text is an address whose domain is a valid DNS name. */
export function isEmail(text: Slice): bool {
  const address = parseEmail(text);
  if (!isPresent(address)) return false;
  rest = emailDomain(address);
  problem = EmailProblem.Domain;
  return isPresent(dnsNameOf(rest));
}

/**
 * Whether two addresses are the same: local parts exactly, without quotes; domains as DNS names.
 */
export function equalEmails(left: Slice, right: Slice): NameAnswer {
  const first = parseEmail(left);
  const second = isPresent(first) ? parseEmail(right) : ABSENT;
  if (!isPresent(second)) return NameAnswer.Bad;
  const answer = equalDnsNames(emailDomain(first), emailDomain(second));
  if (answer != NameAnswer.Same) return answer;
  return <NameAnswer>equal(emailLocal(first), emailLocal(second));
}

/** What stands before the first `@`; the whole text when there is none. */
export function emailLocal(address: Slice): Slice {
  const at = indexOfByte(address, AT);
  return at < 0 ? address : subSlice(address, 0, at);
}

/** What stands behind the first `@`; empty when there is none. */
export function emailDomain(address: Slice): Slice {
  const at = indexOfByte(address, AT);
  const size = sizeOf(address);
  return subSlice(address, at < 0 ? size : <usize>at + 1, size);
}

// The address without quotes and angle brackets, in the arena; ABSENT after setting the problem.
function parseEmail(text: Slice): Slice {
  const trimmed = trimBlanks(text);
  const size = sizeOf(trimmed);
  if (size == 0) return refuse(EmailProblem.Empty, trimmed);
  const hasAngle = byteAt(trimmed, 0) == LEFT_ANGLE;
  const body = hasAngle ? trimBlanks(subSlice(trimmed, 1, size)) : trimmed;
  const out = takeArena(sizeOf(body));
  if (out == 0) return refuse(EmailProblem.Memory, text);
  const localEnd = copyLocal(body, out);
  if (localEnd < 0 || <usize>localEnd >= sizeOf(body) || byteAt(body, localEnd) != AT) {
    return refuse(hasPhrase(body), text);
  }
  const domainStart = <usize>localEnd + 1;
  const domainEnd = atomEnd(body, domainStart);
  if (!isDotAtom(subSlice(body, domainStart, domainEnd))) return refuse(hasPhrase(body), text);
  const behind = trimBlanks(subSlice(body, domainEnd, sizeOf(body)));
  if (hasAngle) {
    const isClosed = sizeOf(behind) > 0 && byteAt(behind, 0) == RIGHT_ANGLE;
    if (!isClosed) return refuse(EmailProblem.Unclosed, text);
    if (sizeOf(behind) > 1)
      return refuse(EmailProblem.Surplus, subSlice(behind, 1, sizeOf(behind)));
  } else if (sizeOf(behind) > 0) {
    if (byteAt(behind, 0) == 40) return refuse(EmailProblem.DisplayName, text);
    return refuse(EmailProblem.Surplus, behind);
  }
  return join(out, subSlice(body, domainStart, domainEnd));
}

let localSize: usize = 0;

function join(out: usize, domain: Slice): Slice {
  store<u8>(out + localSize, AT);
  memory.copy(out + localSize + 1, startOf(domain), sizeOf(domain));
  return slice(out, localSize + 1 + sizeOf(domain));
}

// Copies the local part without quotes; returns where it ends in the text, -1 when it is none.
function copyLocal(text: Slice, out: usize): i32 {
  if (sizeOf(text) > 0 && byteAt(text, 0) == QUOTE) return copyQuoted(text, out);
  const end = atomEnd(text, 0);
  const atom = subSlice(text, 0, end);
  if (!isDotAtom(atom)) return -1;
  memory.copy(out, startOf(atom), end);
  localSize = end;
  return <i32>end;
}

function copyQuoted(text: Slice, out: usize): i32 {
  const size = sizeOf(text);
  let to = out;
  for (let at: usize = 1; at < size; at++) {
    let byte = byteAt(text, at);
    if (byte == QUOTE) {
      localSize = to - out;
      return localSize == 0 ? -1 : <i32>at + 1;
    }
    if (byte == BACKSLASH) {
      if (++at == size) return -1;
      byte = byteAt(text, at);
    }
    if (byte != 32 && byte != 9 && (byte < 33 || byte == 127)) return -1;
    store<u8>(to++, byte);
  }
  return -1;
}

function atomEnd(text: Slice, from: usize): usize {
  let at = from;
  while (at < sizeOf(text) && isAtomByte(byteAt(text, at))) at++;
  return at;
}

// Atoms joined by single dots.
function isDotAtom(text: Slice): bool {
  const size = sizeOf(text);
  if (size == 0 || byteAt(text, 0) == DOT || byteAt(text, size - 1) == DOT) return false;
  for (let at: usize = 1; at < size; at++) {
    if (byteAt(text, at) == DOT && byteAt(text, at - 1) == DOT) return false;
  }
  return true;
}

function isAtomByte(byte: u8): bool {
  switch (<i32>byte) {
    case 40:
    case 41:
    case 91:
    case 93:
    case 59:
    case 64:
    case 92:
    case 44:
    case 60:
    case 62:
    case 34:
    case 58:
      return false;
    default:
      return byte > 32 && byte != 127;
  }
}

// What Go says of a text that is no bare address depends on the words in front.
function hasPhrase(text: Slice): EmailProblem {
  const size = sizeOf(text);
  if (!isAtomByte(byteAt(text, 0)) && byteAt(text, 0) != QUOTE) return EmailProblem.BadWord;
  let answer = EmailProblem.MissingAt;
  for (let at: usize = 0; at < size; at++) {
    const byte = byteAt(text, at);
    if (byte == LEFT_ANGLE) return EmailProblem.DisplayName;
    if (byte == 32 || byte == QUOTE) answer = EmailProblem.NoAngle;
    else if (!isAtomByte(byte)) break;
  }
  return answer;
}

function refuse(reason: EmailProblem, part: Slice): Slice {
  problem = reason;
  rest = part;
  return ABSENT;
}
