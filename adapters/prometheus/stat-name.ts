// Label values in stat names: readable, harmless, and as different as the values are, with Envoy's
// stats_tags and without. Hot: writes into the caller's buffer.
//
// Printable ASCII stands as it is but for `%`, `;` and `=`; every other byte is %XX. Envoy cuts
// dots off the end of a value, so a dot that comes last is %2E. A value that is `__other__` begins
// with %5F, as that text is for what is beyond the budget. What is longer than the limit is cut;
// `%~` (which no other value has) and a hash tell it apart.

import {
  LABEL_VALUE_SIZE_MAX_BYTES,
  Slice,
  Writer,
  equal,
  hash,
  literal,
  sizeOf,
  startOf,
} from "../../assembly/sdk";

/** Stands for the values that are beyond the budget of series. */
export const OTHER_VALUE: Slice = literal("__other__");
const OTHER_ITSELF: Slice = literal("%5F_other__");
const SIZE_MAX_BYTES: usize = LABEL_VALUE_SIZE_MAX_BYTES;
const PERCENT: u8 = 37;
const TILDE: u8 = 126;
const DOT: u8 = 46;
const SEMICOLON: u8 = 59;
const EQUALS: u8 = 61;
const ENCODED_SIZE_BYTES: usize = 3;
/** `%~` and 16 hexadecimal digits. */
const SUFFIX_SIZE_BYTES: usize = 18;
// All workers, and all loads of a document, must come to the same name.
const SEED: u64 = 0;

/** Writes one label value of any bytes; at most LABEL_VALUE_SIZE_MAX_BYTES bytes come out. */
export function writeLabelValue(out: Writer, value: Slice): void {
  const size = sizeOf(value);
  const start = startOf(value);
  if (equal(value, OTHER_VALUE)) {
    out.bytes(OTHER_ITSELF);
    return;
  }
  let written: usize = 0;
  let cut: usize = 0; // How many bytes of the value fit together with the suffix.
  for (let index: usize = 0; index < size; index++) {
    written += isPlain(start, index, size) ? 1 : ENCODED_SIZE_BYTES;
    if (written > SIZE_MAX_BYTES) {
      writeBytes(out, start, cut, size);
      writeSuffix(out, hash(value, SEED));
      return;
    }
    if (written <= SIZE_MAX_BYTES - SUFFIX_SIZE_BYTES) cut = index + 1;
  }
  writeBytes(out, start, size, size);
}

// The first `count` of `size` bytes.
function writeBytes(out: Writer, start: usize, count: usize, size: usize): void {
  for (let index: usize = 0; index < count; index++) {
    const byte = load<u8>(start + index);
    if (isPlain(start, index, size)) {
      out.byte(byte);
    } else {
      out.byte(PERCENT);
      out.hex(byte);
    }
  }
}

// @ts-ignore: decorator
@inline
function isPlain(start: usize, index: usize, size: usize): bool {
  const byte = load<u8>(start + index);
  if (byte < 32 || byte > 126 || byte == PERCENT) return false;
  return byte != SEMICOLON && byte != EQUALS && (byte != DOT || index + 1 < size);
}

function writeSuffix(out: Writer, code: u64): void {
  out.byte(PERCENT);
  out.byte(TILDE);
  for (let shift = 56; shift >= 0; shift -= 8) out.hex(<u8>(code >>> shift));
}
