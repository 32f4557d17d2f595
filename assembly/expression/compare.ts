// Equality and order of two values of one type. Texts compare byte for byte, whatever the bytes.
// Hot.

import { ValueType } from "../shared/types";
import { doubleAt, intAt, nanosAt, textAt } from "../attribute/value";
import { compare, equal } from "../memory/bytes";
import { Slice } from "../memory/slice";
import { NameAnswer, equalDnsNames } from "../text/dns";
import { equalEmails } from "../text/email";
import { equalIp } from "../text/ip";
import { equalUrls } from "../text/url";
import { Outcome, failConversion } from "./failure";

/** Whether two values of this type are equal. Names and addresses that are no such thing fail. */
export function equalValues(type: ValueType, left: usize, right: usize): Outcome {
  switch (<i32>type) {
    case ValueType.String:
      return <Outcome>equal(textAt(left), textAt(right));
    case ValueType.IpAddress:
      return <Outcome>equalIp(textAt(left), textAt(right));
    case ValueType.Timestamp:
      return <Outcome>(<bool>(intAt(left) == intAt(right) && nanosAt(left) == nanosAt(right)));
    case ValueType.DnsName:
    case ValueType.EmailAddress:
    case ValueType.Uri:
      return equalNames(type, textAt(left), textAt(right));
    default:
      // INT64, BOOL and DURATION by value, DOUBLE bit for bit, as Mixer did.
      return <Outcome>(<bool>(intAt(left) == intAt(right)));
  }
}

function equalNames(type: ValueType, left: Slice, right: Slice): Outcome {
  const answer = compareNames(type, left, right);
  if (answer != NameAnswer.Bad) return <Outcome>(<i32>answer);
  // The one that is not even equal to itself is the bad one.
  const isLeft = compareNames(type, left, left) == NameAnswer.Bad;
  return failConversion(type, isLeft ? left : right);
}

function compareNames(type: ValueType, left: Slice, right: Slice): NameAnswer {
  if (type == ValueType.DnsName) return equalDnsNames(left, right);
  return type == ValueType.EmailAddress ? equalEmails(left, right) : equalUrls(left, right);
}

/** How the left value compares with the right one, as a bit of Order; 0 where NaN has no order. */
export function orderValues(type: ValueType, left: usize, right: usize): u32 {
  switch (<i32>type) {
    case ValueType.Double:
      return orderDoubles(doubleAt(left), doubleAt(right));
    case ValueType.Int64:
    case ValueType.Duration:
      return orderInts(intAt(left), intAt(right));
    case ValueType.Timestamp: {
      const order = orderInts(intAt(left), intAt(right));
      return order == 2 ? orderInts(nanosAt(left), nanosAt(right)) : order;
    }
    default:
      return orderInts(compare(textAt(left), textAt(right)), 0);
  }
}

/** How two integers compare, as a bit of Order. */
// @ts-ignore: decorator
@inline
export function orderInts(left: i64, right: i64): u32 {
  return left < right ? 1 : left == right ? 2 : 4;
}

function orderDoubles(left: f64, right: f64): u32 {
  return left < right ? 1 : left == right ? 2 : left > right ? 4 : 0;
}
