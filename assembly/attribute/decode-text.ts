// Texts of headers, cookies, query parameters and properties into cells of a declared type,
// strictly: the whole text must be the value. What is no such value becomes Mixer's "error
// converting value". Hot: per request, allocates only in the arena.

import { ValueType } from "../shared/types";
import { takeArena } from "../memory/arena";
import { equal } from "../memory/bytes";
import { literal } from "../memory/literal";
import { Slice, isPresent, slice } from "../memory/slice";
import { parseHostPort } from "../text/address";
import { dnsNameOf } from "../text/dns";
import { parseDuration } from "../text/duration";
import { isEmail } from "../text/email";
import { parseDouble, parseInt64 } from "../text/number";
import { parseTimestamp } from "../text/timestamp";
import { isUrl } from "../text/url";
import {
  EvaluationError,
  VALUE_SIZE_BYTES,
  setBool,
  setDouble,
  setError,
  setInt,
  setText,
  setTimestamp,
} from "./value";

const TRUE = literal("true");
const FALSE = literal("false");
const NUMBER: usize = memory.data(8, 8);
const NANOS: usize = memory.data(4, 4);
/** An address of 16 bytes and its port. */
const ADDRESS_SIZE_BYTES: usize = 20;

/** Writes the value of this type that the text stands for. */
export function decodeText(cell: usize, type: ValueType, text: Slice, index: u32): void {
  if (type == ValueType.String) setText(cell, type, text);
  else if (!setParsed(cell, type, text)) setWrongType(cell, text, index);
}

function setParsed(cell: usize, type: ValueType, text: Slice): bool {
  switch (<i32>type) {
    case ValueType.Int64:
      if (!parseInt64(text, NUMBER)) return false;
      setInt(cell, type, load<i64>(NUMBER));
      return true;
    case ValueType.Double:
      if (!parseDouble(text, NUMBER)) return false;
      setDouble(cell, load<f64>(NUMBER));
      return true;
    case ValueType.Bool:
      setBool(cell, equal(text, TRUE));
      return equal(text, TRUE) || equal(text, FALSE);
    case ValueType.Timestamp:
      if (!parseTimestamp(text, NUMBER, NANOS)) return false;
      setTimestamp(cell, load<i64>(NUMBER), load<u32>(NANOS));
      return true;
    case ValueType.Duration:
      if (!parseDuration(text, NUMBER)) return false;
      setInt(cell, type, load<i64>(NUMBER));
      return true;
    case ValueType.IpAddress:
      return setAddress(cell, text);
    default:
      return setName(cell, type, text);
  }
}

/** An IP_ADDRESS from an address with or without a port; false for any other text. */
export function setAddress(cell: usize, text: Slice): bool {
  const at = takeArena(ADDRESS_SIZE_BYTES);
  const size = at == 0 ? 0 : parseHostPort(text, at);
  if (size == 0) return false;
  setText(cell, ValueType.IpAddress, slice(at, size));
  return true;
}

function setName(cell: usize, type: ValueType, text: Slice): bool {
  let value = text;
  if (type == ValueType.Uri) {
    if (!isUrl(text)) return false;
  } else if (type == ValueType.EmailAddress) {
    if (!isEmail(text)) return false;
  } else if (type == ValueType.DnsName) {
    value = dnsNameOf(text);
    if (!isPresent(value)) return false;
  } else {
    return false;
  }
  setText(cell, type, value);
  return true;
}

/** Mixer's `error converting value to …`, with the value that was there. */
export function setWrongType(cell: usize, found: Slice, index: u32): void {
  const at = takeArena(VALUE_SIZE_BYTES);
  if (at != 0) setText(at, ValueType.String, found);
  setError(cell, EvaluationError.WrongType, ((<u64>at) << 32) | index);
}
