// Values as istio.policy.v1beta1.Value, names and values as entries of a protobuf map. Hot: written
// straight into the caller's buffer.

import {
  DimensionSet,
  Slice,
  ValueType,
  Writer,
  beginMessage,
  boolAt,
  doubleAt,
  endMessage,
  intAt,
  nanosAt,
  textAt,
  typeAt,
  writeBytesField,
  writeFixed64Field,
  writeTextField,
  writeValue,
  writeVarintField,
} from "../../assembly/sdk";
import { writeStringMap } from "./string-map-message";

/** Numbers of the fields of Value. */
const STRING: u32 = 1;
const INT64: u32 = 2;
const DOUBLE: u32 = 3;
const BOOL: u32 = 4;
const IP_ADDRESS: u32 = 5;
const TIMESTAMP: u32 = 6;
const DURATION: u32 = 7;
const EMAIL_ADDRESS: u32 = 8;
const DNS_NAME: u32 = 9;
const URI: u32 = 10;
const STRING_MAP: u32 = 11;
const NANOS_PER_SECOND: i64 = 1_000_000_000;

/** A field that holds the Value of a cell. */
export function writeValueField(out: Writer, field: u32, cell: usize): void {
  const value = beginMessage(out, field);
  switch (<u32>typeAt(cell)) {
    case ValueType.Int64:
      writeVarintField(out, INT64, <u64>intAt(cell));
      break;
    case ValueType.Double:
      writeFixed64Field(out, DOUBLE, reinterpret<u64>(doubleAt(cell)));
      break;
    case ValueType.Bool:
      writeVarintField(out, BOOL, boolAt(cell) ? 1 : 0);
      break;
    case ValueType.IpAddress:
      writeWrapped(out, IP_ADDRESS, textAt(cell));
      break;
    case ValueType.Timestamp:
      writeTimeField(out, TIMESTAMP, cell);
      break;
    case ValueType.Duration:
      writeDurationField(out, intAt(cell));
      break;
    case ValueType.EmailAddress:
      writeWrapped(out, EMAIL_ADDRESS, textAt(cell));
      break;
    case ValueType.DnsName:
      writeWrapped(out, DNS_NAME, textAt(cell));
      break;
    case ValueType.Uri:
      writeWrapped(out, URI, textAt(cell));
      break;
    case ValueType.StringMap:
      writeStringMap(out, STRING_MAP, cell);
      break;
    case ValueType.String:
      writeBytesField(out, STRING, textAt(cell));
      break;
    default:
      writePrinted(out, cell);
  }
  endMessage(out, value);
}

/** A field of type TimeStamp. */
export function writeTimeField(out: Writer, field: u32, cell: usize): void {
  const outer = beginMessage(out, field);
  const inner = beginMessage(out, 1);
  writeVarintField(out, 1, <u64>intAt(cell));
  writeVarintField(out, 2, nanosAt(cell));
  endMessage(out, inner);
  endMessage(out, outer);
}

/** A map from names to Values; nothing for no set. */
export function writeMapField(out: Writer, field: u32, set: DimensionSet | null): void {
  if (set === null) return;
  for (let position = 0; position < set.count; position++) {
    const entry = beginMessage(out, field);
    writeTextField(out, 1, set.name(position));
    writeValueField(out, 2, set.cell(position));
    endMessage(out, entry);
  }
}

// Seconds and nanoseconds have the same sign.
function writeDurationField(out: Writer, durationNs: i64): void {
  const outer = beginMessage(out, DURATION);
  const inner = beginMessage(out, 1);
  writeVarintField(out, 1, <u64>(durationNs / NANOS_PER_SECOND));
  writeVarintField(out, 2, <u64>(durationNs % NANOS_PER_SECOND));
  endMessage(out, inner);
  endMessage(out, outer);
}

// Messages with one text or bytes.
function writeWrapped(out: Writer, field: u32, value: Slice): void {
  const message = beginMessage(out, field);
  writeBytesField(out, 1, value);
  endMessage(out, message);
}

// What Value has no field for, such as a list of CEL: its text form.
function writePrinted(out: Writer, cell: usize): void {
  const text = beginMessage(out, STRING);
  writeValue(out, cell);
  endMessage(out, text);
}
