// Conversions of CEL. What does not fit is an error. Hot: texts are written into the arena.

import { CelFunction } from "../../shared/cel-functions";
import { ValueType } from "../../shared/types";
import {
  EvaluationError,
  doubleAt,
  intAt,
  setBool,
  setDouble,
  setInt,
  setText,
  setTimestamp,
  textAt,
  typeAt,
} from "../../attribute/value";
import { takeArena } from "../../memory/arena";
import { equal } from "../../memory/bytes";
import { literal } from "../../memory/literal";
import { Slice } from "../../memory/slice";
import { Writer } from "../../memory/writer";
import { parseDuration } from "../../text/duration";
import { parseDouble, parseInt64, parseUint64 } from "../../text/number";
import { isUtf8 } from "../../text/utf8";
import { convertText } from "../convert";
import { Outcome, fail, failConversion } from "../failure";
import { writeValue } from "../write-value";
import { isMap } from "./map";
import { overflow } from "./number";
import { checkTime, writeSeconds } from "./time";
import { settleAlone, settleUntyped } from "./untyped";

const NUMBER: usize = memory.data(8, 8);
/** Longest text of a number, time or address. */
const TEXT_SIZE_MAX_BYTES: usize = 64;
const OUT: Writer = new Writer();
const TRUE_WORDS: StaticArray<Slice> = [
  literal("true"),
  literal("True"),
  literal("TRUE"),
  literal("t"),
  literal("1"),
];
const FALSE_WORDS: StaticArray<Slice> = [
  literal("false"),
  literal("False"),
  literal("FALSE"),
  literal("f"),
  literal("0"),
];

/** Converts the value in a cell in place. True, or Failed. */
export function convertCel(callee: CelFunction, cell: usize): Outcome {
  switch (callee) {
    case CelFunction.Int:
      return toInt(cell);
    case CelFunction.Uint:
      return toUint(cell);
    case CelFunction.Double:
      return toDouble(cell);
    case CelFunction.String:
      settleUntyped(cell, ValueType.String);
      settleAlone(cell);
      return toText(cell);
    case CelFunction.Bytes:
      return retype(cell, ValueType.String, ValueType.Bytes);
    case CelFunction.Bool:
      return toBool(cell);
    case CelFunction.Duration:
      return toDuration(cell);
    case CelFunction.Timestamp:
      return toTimestamp(cell);
    case CelFunction.Type: {
      settleAlone(cell);
      const type = typeAt(cell);
      setInt(cell, ValueType.Type, isMap(type) ? ValueType.Map : type);
      return Outcome.True;
    }
    case CelFunction.Dyn:
      return Outcome.True;
    default:
      return toName(callee, cell);
  }
}

function toInt(cell: usize): Outcome {
  switch (<i32>typeAt(cell)) {
    case ValueType.Int64:
      return Outcome.True;
    case ValueType.Uint64:
      if (intAt(cell) < 0) return overflow();
      setInt(cell, ValueType.Int64, intAt(cell));
      return Outcome.True;
    case ValueType.Double: {
      const value = doubleAt(cell);
      // Open at both ends, as in the standard.
      if (!(value > -9223372036854775808.0 && value < 9223372036854775808.0)) return overflow();
      setInt(cell, ValueType.Int64, <i64>value);
      return Outcome.True;
    }
    case ValueType.Timestamp:
      setInt(cell, ValueType.Int64, intAt(cell));
      return Outcome.True;
    case ValueType.String: {
      if (parseInt64(textAt(cell), NUMBER)) {
        setInt(cell, ValueType.Int64, load<i64>(NUMBER));
        return Outcome.True;
      }
      return settled(cell, ValueType.Int64) ? toInt(cell) : noText(cell, ValueType.Int64);
    }
    default:
      return noOverload();
  }
}

function toUint(cell: usize): Outcome {
  switch (<i32>typeAt(cell)) {
    case ValueType.Uint64:
      return Outcome.True;
    case ValueType.Int64:
      if (intAt(cell) < 0) return overflow();
      setInt(cell, ValueType.Uint64, intAt(cell));
      return Outcome.True;
    case ValueType.Double: {
      const value = doubleAt(cell);
      if (!(value >= 0 && value < 18446744073709551616.0)) return overflow();
      setInt(cell, ValueType.Uint64, <i64>(<u64>value));
      return Outcome.True;
    }
    case ValueType.String: {
      if (parseUint64(textAt(cell), NUMBER)) {
        setInt(cell, ValueType.Uint64, load<i64>(NUMBER));
        return Outcome.True;
      }
      return settled(cell, ValueType.Uint64) ? toUint(cell) : noText(cell, ValueType.Uint64);
    }
    default:
      return noOverload();
  }
}

function toDouble(cell: usize): Outcome {
  switch (<i32>typeAt(cell)) {
    case ValueType.Double:
      return Outcome.True;
    case ValueType.Int64:
      setDouble(cell, <f64>intAt(cell));
      return Outcome.True;
    case ValueType.Uint64:
      setDouble(cell, <f64>(<u64>intAt(cell)));
      return Outcome.True;
    case ValueType.String: {
      if (parseDouble(textAt(cell), NUMBER)) {
        setDouble(cell, load<f64>(NUMBER));
        return Outcome.True;
      }
      return settled(cell, ValueType.Double) ? Outcome.True : noText(cell, ValueType.Double);
    }
    default:
      return noOverload();
  }
}

function toBool(cell: usize): Outcome {
  const type = typeAt(cell);
  if (type == ValueType.Bool) return Outcome.True;
  if (type != ValueType.String) return noOverload();
  const text = textAt(cell);
  for (let at = 0; at < TRUE_WORDS.length; at++) {
    const isTrue = equal(unchecked(TRUE_WORDS[at]), text);
    if (!isTrue && !equal(unchecked(FALSE_WORDS[at]), text)) continue;
    setBool(cell, isTrue);
    return Outcome.True;
  }
  return settled(cell, ValueType.Bool) ? Outcome.True : noText(cell, ValueType.Bool);
}

function toDuration(cell: usize): Outcome {
  const type = typeAt(cell);
  if (type == ValueType.Duration) return Outcome.True;
  if (type != ValueType.String) return noOverload();
  if (!parseDuration(textAt(cell), NUMBER)) return noText(cell, ValueType.Duration);
  setInt(cell, ValueType.Duration, load<i64>(NUMBER));
  return Outcome.True;
}

function toTimestamp(cell: usize): Outcome {
  const type = typeAt(cell);
  if (type == ValueType.Int64) setTimestamp(cell, intAt(cell), 0);
  else if (type == ValueType.String) return parsedTime(cell);
  else if (type != ValueType.Timestamp) return noOverload();
  return checkTime(intAt(cell));
}

function parsedTime(cell: usize): Outcome {
  const outcome = convertText(ValueType.Timestamp, textAt(cell), cell);
  return outcome == Outcome.Failed ? outcome : checkTime(intAt(cell));
}

function toName(callee: CelFunction, cell: usize): Outcome {
  if (typeAt(cell) != ValueType.String) return noOverload();
  let type = ValueType.Uri;
  if (callee == CelFunction.Ip) type = ValueType.IpAddress;
  if (callee == CelFunction.DnsName) type = ValueType.DnsName;
  if (callee == CelFunction.Email) type = ValueType.EmailAddress;
  return convertText(type, textAt(cell), cell);
}

function toText(cell: usize): Outcome {
  const type = typeAt(cell);
  switch (<i32>type) {
    case ValueType.String:
    case ValueType.DnsName:
    case ValueType.EmailAddress:
    case ValueType.Uri:
      setText(cell, ValueType.String, textAt(cell));
      return Outcome.True;
    case ValueType.Bytes:
      return retype(cell, ValueType.Bytes, ValueType.String);
    case ValueType.Int64:
    case ValueType.Uint64:
    case ValueType.Double:
    case ValueType.Bool:
    case ValueType.Timestamp:
    case ValueType.Duration:
    case ValueType.IpAddress: {
      const at = takeArena(TEXT_SIZE_MAX_BYTES);
      if (at == 0) return fail(EvaluationError.OutOfMemory, 0);
      OUT.open(at, TEXT_SIZE_MAX_BYTES);
      if (type == ValueType.Duration) writeSeconds(OUT, intAt(cell));
      else writeValue(OUT, cell);
      setText(cell, ValueType.String, OUT.written);
      return Outcome.True;
    }
    default:
      return noOverload();
  }
}

// Bytes as a text, which must be UTF-8, or a text as its bytes.
function retype(cell: usize, from: ValueType, to: ValueType): Outcome {
  const type = typeAt(cell);
  if (type == to) return Outcome.True;
  if (type != from) return noOverload();
  if (to == ValueType.String && !isUtf8(textAt(cell))) return noText(cell, to);
  setText(cell, to, textAt(cell));
  return Outcome.True;
}

function settled(cell: usize, type: ValueType): bool {
  settleUntyped(cell, type);
  return typeAt(cell) != ValueType.String;
}

function noText(cell: usize, type: ValueType): Outcome {
  return failConversion(type, textAt(cell));
}

function noOverload(): Outcome {
  return fail(EvaluationError.NoSuchOverload, 0);
}
