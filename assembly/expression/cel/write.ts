// The text form of values that only CEL has: lists and maps as JSON, types by their name. Hot:
// written straight into the caller's buffer, and no further than that reaches.

import { ValueType } from "../../shared/types";
import { VALUE_SIZE_BYTES, doubleAt, intAt, textAt, typeAt } from "../../attribute/value";
import { literal } from "../../memory/literal";
import { Slice, endOf, startOf } from "../../memory/slice";
import { Writer } from "../../memory/writer";
import { writeJsonDouble } from "../../text/number";
import { writeJsonEscaped } from "../../text/json";
import { writeValue } from "../write-value";
import { ENTRY_SIZE_BYTES } from "./map";
import { celTypeName } from "./type-name";

const NULL: Slice = literal("null");

/** Writes a LIST, MAP, NULL or TYPE. */
export function writeCelValue(out: Writer, cell: usize): void {
  switch (<i32>typeAt(cell)) {
    case ValueType.Null:
      out.bytes(NULL);
      return;
    case ValueType.Type:
      out.bytes(celTypeName(<u32>intAt(cell)));
      return;
    case ValueType.List:
    case ValueType.Map:
      writeElements(out, cell);
      return;
    default:
  }
}

function writeElements(out: Writer, cell: usize): void {
  const isMap = typeAt(cell) == ValueType.Map;
  const elements = textAt(cell);
  const stride = isMap ? ENTRY_SIZE_BYTES : VALUE_SIZE_BYTES;
  out.byte(isMap ? 123 : 91);
  for (let at = startOf(elements); at < endOf(elements) && !out.isTruncated; at += stride) {
    if (at > startOf(elements)) out.byte(44);
    if (isMap) {
      writeQuoted(out, at);
      out.byte(58);
    }
    writeElement(out, isMap ? at + VALUE_SIZE_BYTES : at);
  }
  out.byte(isMap ? 125 : 93);
}

function writeElement(out: Writer, cell: usize): void {
  switch (<i32>typeAt(cell)) {
    case ValueType.Int64:
    case ValueType.Uint64:
    case ValueType.Bool:
      writeValue(out, cell);
      return;
    case ValueType.Double:
      writeJsonDouble(out, doubleAt(cell));
      return;
    case ValueType.Null:
    case ValueType.List:
    case ValueType.Map:
      writeCelValue(out, cell);
      return;
    default:
      writeQuoted(out, cell);
  }
}

function writeQuoted(out: Writer, cell: usize): void {
  out.byte(34);
  const type = typeAt(cell);
  if (type == ValueType.String || type == ValueType.Bytes) writeJsonEscaped(out, textAt(cell));
  else writeValue(out, cell);
  out.byte(34);
}
