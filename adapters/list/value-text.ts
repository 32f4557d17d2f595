// The text form of a value, for look-ups as it is and for messages made harmless. Hot: writes only
// the arena.

import {
  DENIAL_VALUE_SIZE_MAX_BYTES,
  Slice,
  ValueType,
  Writer,
  decodeRune,
  emptySlice,
  endOf,
  isBroken,
  runeSizeOf,
  sizeOf,
  slice,
  startOf,
  takeArena,
  textAt,
  truncateUtf8,
  typeAt,
  writeValue,
} from "../../assembly/sdk";

/** No address is longer in its text form. */
const IP_TEXT_SIZE_MAX_BYTES: usize = 64;
const PERCENT: u8 = 37;
const writer = new Writer();

/** The text of a STRING, borrowed; of an IP_ADDRESS, in the arena. */
export function textFormOf(cell: usize): Slice {
  if (typeAt(cell) != ValueType.IpAddress) return textAt(cell);
  const at = takeArena(IP_TEXT_SIZE_MAX_BYTES);
  if (at == 0) return emptySlice();
  writer.open(at, IP_TEXT_SIZE_MAX_BYTES);
  writeValue(writer, cell);
  return writer.written;
}

/** `<value><rest>` in the arena: the value cut to its limit, bytes that are no text as %XX. */
export function messageAbout(cell: usize, rest: Slice): Slice {
  const capacity = <usize>DENIAL_VALUE_SIZE_MAX_BYTES * 3 + sizeOf(rest);
  const value = truncateUtf8(textFormOf(cell), DENIAL_VALUE_SIZE_MAX_BYTES);
  const at = takeArena(capacity);
  if (at == 0) return rest;
  writer.open(at, capacity);
  writeEscaped(value);
  writer.bytes(rest);
  return writer.written;
}

// Control characters could forge lines of a log; bytes outside UTF-8 no text may carry.
function writeEscaped(text: Slice): void {
  const end = endOf(text);
  let at = startOf(text);
  while (at < end) {
    const decoded = decodeRune(at, end);
    const size = runeSizeOf(decoded);
    const first = load<u8>(at);
    if (isBroken(decoded) || first < 0x20 || first == 0x7f) {
      writer.byte(PERCENT);
      writer.hex(first);
    } else {
      writer.bytes(slice(at, size));
    }
    at += size;
  }
}
