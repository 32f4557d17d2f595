// Texts → values of other types. A text that is no such value fails; why is found out only when
// somebody asks for the message. Hot: results stand in the arena.

import { ValueType } from "../shared/types";
import { EvaluationError, setText, setTimestamp } from "../attribute/value";
import { takeArena } from "../memory/arena";
import { FAILED, Slice, isPresent, slice } from "../memory/slice";
import { dnsNameOf } from "../text/dns";
import { isEmail } from "../text/email";
import { mapIp, parseIp } from "../text/ip";
import { parseTimestamp } from "../text/timestamp";
import { isUrl } from "../text/url";
import { Outcome, fail, failConversion } from "./failure";

const SECONDS: usize = memory.data(8, 8);
const NANOS: usize = memory.data(4, 4);

/** Writes the value of this type that the text stands for into a cell. True, or Failed. */
export function convertText(type: ValueType, text: Slice, cell: usize): Outcome {
  switch (<i32>type) {
    case ValueType.IpAddress:
      return convertIp(text, cell);
    case ValueType.Timestamp:
      if (!parseTimestamp(text, SECONDS, NANOS)) return failConversion(type, text);
      setTimestamp(cell, load<i64>(SECONDS), load<u32>(NANOS));
      return Outcome.True;
    case ValueType.DnsName: {
      const name = dnsNameOf(text);
      if (name == FAILED) return fail(EvaluationError.OutOfMemory, 0);
      if (!isPresent(name)) return failConversion(type, text);
      setText(cell, type, name);
      return Outcome.True;
    }
    case ValueType.EmailAddress:
      if (!isEmail(text)) return failConversion(type, text);
      setText(cell, type, text);
      return Outcome.True;
    default:
      if (!isUrl(text)) return failConversion(type, text);
      setText(cell, type, text);
      return Outcome.True;
  }
}

// Addresses of both families have 16 bytes, as Go's net.ParseIP gives them.
function convertIp(text: Slice, cell: usize): Outcome {
  const at = takeArena(16);
  if (at == 0) return fail(EvaluationError.OutOfMemory, 0);
  const size = parseIp(text, at);
  if (size == 0) return failConversion(ValueType.IpAddress, text);
  if (size == 4) mapIp(slice(at, 4), at);
  setText(cell, ValueType.IpAddress, slice(at, 16));
  return Outcome.True;
}
