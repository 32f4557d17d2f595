// DNS names as Mixer's dnsName() takes and compares them: labels checked, `xn--` labels decoded,
// and for comparison letter case and one trailing dot ignored. Rules for letters of single scripts
// (Bidi, joiners) are not applied. Both; decoded names stand in the arena.

import { equal } from "../memory/bytes";
import { takeArena } from "../memory/arena";
import {
  ABSENT,
  FAILED,
  Slice,
  byteAt,
  isPresent,
  sizeOf,
  slice,
  startOf,
  subSlice,
} from "../memory/slice";
import { toLower } from "./fold";
import { decodePunycode } from "./punycode";
import { decodeRune, runeOf } from "./utf8";

/** What a comparison of names answers. */
export const enum NameAnswer {
  Different = 0,
  Same = 1,
  /** One of the two is no such name. */
  Bad = 2,
}

const HYPHEN: u8 = 45;
const DOT: u8 = 46;

/** The label that made the last name a bad one. */
let badLabel: Slice = ABSENT;

/** The label, or the whole name, for which the last name was refused. */
export function refusedLabel(): Slice {
  return badLabel;
}

/**
 * The name with its `xn--` labels decoded, letter case kept: the text itself where there is none.
 * ABSENT when a label is not valid; FAILED without memory.
 */
export function dnsNameOf(text: Slice): Slice {
  badLabel = text;
  if (sizeOf(text) == 0) return ABSENT;
  return unicodeName(text, false);
}

/** Whether two names are the same: letter case and one trailing dot make no difference. */
export function equalDnsNames(left: Slice, right: Slice): NameAnswer {
  const first = lookUpName(left);
  const second = lookUpName(right);
  if (!isPresent(first) || !isPresent(second)) return NameAnswer.Bad;
  const isSame =
    endsWithDot(first) == endsWithDot(second)
      ? equal(first, second)
      : equal(withoutDot(first), withoutDot(second));
  return isSame ? NameAnswer.Same : NameAnswer.Different;
}

function endsWithDot(name: Slice): bool {
  const size = sizeOf(name);
  return size > 0 && byteAt(name, size - 1) == DOT;
}

function withoutDot(name: Slice): Slice {
  return endsWithDot(name) ? subSlice(name, 0, sizeOf(name) - 1) : name;
}

// The form in which names are looked up: lower case, only letters, digits and hyphens of ASCII.
function lookUpName(text: Slice): Slice {
  const lower = toLower(text);
  if (!isPresent(lower)) return lower;
  const end = startOf(lower) + sizeOf(lower);
  for (let at = startOf(lower); at < end; at++) {
    const byte = load<u8>(at);
    const isName = (byte >= 97 && byte <= 122) || (byte >= 48 && byte <= 57) || byte >= 128;
    if (isName || byte == HYPHEN || byte == DOT) continue;
    badLabel = slice(at, 1);
    return ABSENT;
  }
  return unicodeName(lower, true);
}

// Checks the labels and decodes those that are Punycode.
function unicodeName(text: Slice, allowsEmpty: bool): Slice {
  const size = sizeOf(text);
  const mark = hasPunycode(text) ? takeArena(size << 2) : 1;
  if (mark == 0) return FAILED;
  let to = mark;
  let from: usize = 0;
  while (from < size) {
    let until = from;
    while (until < size && byteAt(text, until) != DOT) until++;
    const label = subSlice(text, from, until);
    if (sizeOf(label) == 0 && !allowsEmpty) {
      badLabel = text;
      return ABSENT;
    }
    const written = isPunycode(label) ? decodedLabel(label, to) : checkedLabel(label);
    if (!isPresent(written)) return ABSENT;
    if (mark != 1) {
      if (startOf(written) != to) memory.copy(to, startOf(written), sizeOf(written));
      to += sizeOf(written);
      if (until < size) store<u8>(to++, DOT);
    }
    from = until + 1;
    // As in Go's idna, one more dot at the very end is no empty label.
    if (from + 1 == size && byteAt(text, from) == DOT) {
      if (mark != 1) store<u8>(to++, DOT);
      break;
    }
  }
  return mark == 1 ? text : slice(mark, to - mark);
}

function decodedLabel(label: Slice, out: usize): Slice {
  const digits = subSlice(label, 4, sizeOf(label));
  const decoded = decodePunycode(digits, out);
  badLabel = digits;
  if (!isPresent(decoded) || isAscii(decoded)) return ABSENT;
  badLabel = decoded;
  return equal(decoded, toLower(decoded)) ? checkedLabel(decoded) : ABSENT;
}

// The label if it breaks no rule: hyphens neither first, last nor both third and fourth; no
// combining mark first; no zero-width joiner.
function checkedLabel(label: Slice): Slice {
  const size = sizeOf(label);
  if (size == 0) return label;
  badLabel = label;
  if (byteAt(label, 0) == HYPHEN || byteAt(label, size - 1) == HYPHEN) return ABSENT;
  if (size > 4 && byteAt(label, 2) == HYPHEN && byteAt(label, 3) == HYPHEN) return ABSENT;
  if (byteAt(label, 0) < 128) return hasJoiner(label) ? ABSENT : label;
  const first = runeOf(decodeRune(startOf(label), startOf(label) + size));
  const isMark = first >= 0x300 && first < 0x370;
  return isMark || hasJoiner(label) ? ABSENT : label;
}

// U+200C and U+200D.
function hasJoiner(label: Slice): bool {
  for (let at: usize = 0; at + 2 < sizeOf(label); at++) {
    if (byteAt(label, at) != 0xe2 || byteAt(label, at + 1) != 0x80) continue;
    if ((byteAt(label, at + 2) | 1) == 0x8d) return true;
  }
  return false;
}

function hasPunycode(text: Slice): bool {
  for (let at: usize = 0; at + 4 <= sizeOf(text); at++) {
    if (isPunycode(subSlice(text, at, at + 4))) return true;
  }
  return false;
}

// `xn--` in lower case, as Go's idna looks for it.
function isPunycode(label: Slice): bool {
  return sizeOf(label) >= 4 && load<u32>(startOf(label)) == 0x2d2d6e78;
}

function isAscii(text: Slice): bool {
  for (let at: usize = 0; at < sizeOf(text); at++) if (byteAt(text, at) >= 128) return false;
  return true;
}
