// Named classes: Perl's `\d \s \w`, POSIX's `[:alpha:]`, Unicode's `\p{…}`. Both: allocates nothing
// managed. Unicode's other categories and scripts are refused by name.

import { Slice, sizeOf, slice } from "../../memory/slice";
import { equal } from "../../memory/bytes";
import { literal } from "../../memory/literal";
import { RUNE_MAX } from "../utf8";
import {
  CYRILLIC,
  CYRILLIC_SIZE_BYTES,
  GREEK,
  GREEK_SIZE_BYTES,
  HAN,
  HAN_SIZE_BYTES,
  LATIN,
  LATIN_SIZE_BYTES,
  LETTERS,
  LETTERS_SIZE_BYTES,
  LOWER_LETTERS,
  LOWER_LETTERS_SIZE_BYTES,
  NUMBERS,
  NUMBERS_SIZE_BYTES,
  UPPER_LETTERS,
  UPPER_LETTERS_SIZE_BYTES,
} from "../unicode-tables";
import { addRange } from "./class-set";

// Pairs of first and last bytes, after the number of pairs.
const DIGITS: usize = memory.data<u8>([1, 48, 57]);
const SPACES: usize = memory.data<u8>([3, 9, 10, 12, 13, 32, 32]);
const WORDS: usize = memory.data<u8>([4, 48, 57, 65, 90, 95, 95, 97, 122]);

// A name's size, its bytes, and pairs as above; a size of 0 ends the list.
const POSIX: usize = memory.data<u8>([
  5,
  97,
  108,
  110,
  117,
  109,
  3,
  48,
  57,
  65,
  90,
  97,
  122, // alnum
  5,
  97,
  108,
  112,
  104,
  97,
  2,
  65,
  90,
  97,
  122, // alpha
  5,
  97,
  115,
  99,
  105,
  105,
  1,
  0,
  127, // ascii
  5,
  98,
  108,
  97,
  110,
  107,
  2,
  9,
  9,
  32,
  32, // blank
  5,
  99,
  110,
  116,
  114,
  108,
  2,
  0,
  31,
  127,
  127, // cntrl
  5,
  100,
  105,
  103,
  105,
  116,
  1,
  48,
  57, // digit
  5,
  103,
  114,
  97,
  112,
  104,
  1,
  33,
  126, // graph
  5,
  108,
  111,
  119,
  101,
  114,
  1,
  97,
  122, // lower
  5,
  112,
  114,
  105,
  110,
  116,
  1,
  32,
  126, // print
  5,
  112,
  117,
  110,
  99,
  116,
  4,
  33,
  47,
  58,
  64,
  91,
  96,
  123,
  126, // punct
  5,
  115,
  112,
  97,
  99,
  101,
  2,
  9,
  13,
  32,
  32, // space
  5,
  117,
  112,
  112,
  101,
  114,
  1,
  65,
  90, // upper
  4,
  119,
  111,
  114,
  100,
  4,
  48,
  57,
  65,
  90,
  95,
  95,
  97,
  122, // word
  6,
  120,
  100,
  105,
  103,
  105,
  116,
  3,
  48,
  57,
  65,
  70,
  97,
  102, // xdigit
  0,
]);

const NAME_ANY: Slice = literal("Any");
const NAME_LETTERS: Slice = literal("L");
const NAME_NUMBERS: Slice = literal("N");
const NAME_UPPER: Slice = literal("Lu");
const NAME_LOWER: Slice = literal("Ll");
const NAME_GREEK: Slice = literal("Greek");
const NAME_CYRILLIC: Slice = literal("Cyrillic");
const NAME_LATIN: Slice = literal("Latin");
const NAME_HAN: Slice = literal("Han");

/** Adds the class of `\d`, `\s` or `\w`, given by its lower-case letter; false for others. */
export function addPerlClass(letter: u8): bool {
  const pairs = letter == 100 ? DIGITS : letter == 115 ? SPACES : letter == 119 ? WORDS : 0;
  if (pairs == 0) return false;
  addPairs(pairs);
  return true;
}

/** Adds the class of `[:name:]`; false when there is none. */
export function addPosixClass(name: Slice): bool {
  let at = POSIX;
  for (let size = <usize>load<u8>(at); size > 0; size = <usize>load<u8>(at)) {
    const pairs = at + 1 + size;
    if (equal(name, slice(at + 1, size))) {
      addPairs(pairs);
      return true;
    }
    at = pairs + 1 + ((<usize>load<u8>(pairs)) << 1);
  }
  return false;
}

/** Adds the class of `\p{name}`; false when it is not supported. */
export function addUnicodeClass(name: Slice): bool {
  if (equal(name, NAME_ANY)) {
    addRange(0, RUNE_MAX);
    return true;
  }
  return sizeOf(name) <= 2 ? addCategory(name) : addScript(name);
}

function addCategory(name: Slice): bool {
  if (equal(name, NAME_LETTERS)) return addTable(LETTERS, LETTERS_SIZE_BYTES);
  if (equal(name, NAME_NUMBERS)) return addTable(NUMBERS, NUMBERS_SIZE_BYTES);
  if (equal(name, NAME_UPPER)) return addTable(UPPER_LETTERS, UPPER_LETTERS_SIZE_BYTES);
  return equal(name, NAME_LOWER) && addTable(LOWER_LETTERS, LOWER_LETTERS_SIZE_BYTES);
}

function addScript(name: Slice): bool {
  if (equal(name, NAME_GREEK)) return addTable(GREEK, GREEK_SIZE_BYTES);
  if (equal(name, NAME_CYRILLIC)) return addTable(CYRILLIC, CYRILLIC_SIZE_BYTES);
  if (equal(name, NAME_LATIN)) return addTable(LATIN, LATIN_SIZE_BYTES);
  return equal(name, NAME_HAN) && addTable(HAN, HAN_SIZE_BYTES);
}

function addPairs(pairs: usize): void {
  const end = pairs + 1 + ((<usize>load<u8>(pairs)) << 1);
  for (let at = pairs + 1; at < end; at += 2) addRange(load<u8>(at), load<u8>(at, 1));
}

// Where the next number of a table stands.
let tableAt: usize = 0;

// The encoding is described where the tables are made: test/fuzz/text-unicode-tables.ts.
function addTable(table: usize, size: usize): bool {
  tableAt = table;
  let next: u32 = 0;
  while (tableAt < table + size) {
    const head = readVariable();
    const first = next + (head >>> 1);
    const last = first + readVariable();
    if (head & 1) for (let rune = first; rune <= last; rune += 2) addRange(rune, rune);
    else addRange(first, last);
    next = last + 1;
  }
  return true;
}

function readVariable(): u32 {
  let value: u32 = 0;
  let shift: u32 = 0;
  let byte: u32;
  do {
    byte = load<u8>(tableAt++);
    value |= (byte & 127) << shift;
    shift += 7;
  } while (byte >= 128);
  return value;
}
