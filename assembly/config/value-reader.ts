// Single values of a document as the types that fields have, by the rules of protobuf's JSON form.
// Each function reports what is wrong and then answers with the fallback. Cold.

import { quoteBytes } from "../diagnostic/quote";
import { Report } from "../diagnostic/report";
import { nearestWord } from "../diagnostic/suggest";
import { textOf } from "../memory/literal";
import { Slice } from "../memory/slice";
import { Writer } from "../memory/writer";
import { DiagnosticCode } from "../shared/diagnostics";
import { parseDouble } from "../text/double";
import { parseDuration, writeDuration } from "../text/duration";
import { parseInt64 } from "../text/number";
import { Node, NodeKind } from "./node";
import { doubleText } from "../text/strings";

/** Integers of a double are exact up to here; the next one may have been written as another. */
export const EXACT_INTEGER_MAX: f64 = 9007199254740991;
const NUMBER: usize = memory.data(8, 8);
const TEXT_SIZE_BYTES = 64;
const TEXT: usize = memory.data(64, 8);
const writer = new Writer();

/** Reports that the value has another type than `expected` (with article: `a string`). */
export function failType(node: Node, report: Report, expected: string): void {
  if (report.countsOnly()) return;
  report.error(DiagnosticCode.WrongType, node.place(), node.kindName, expected);
}

/** A string. */
export function readText(node: Node, report: Report, fallback: string): string {
  if (node.isText) return node.string();
  failType(node, report, "a string");
  return fallback;
}

/** true or false; no words and no numbers. */
export function readBool(node: Node, report: Report, fallback: bool): bool {
  if (node.kind == NodeKind.Bool) return node.isTrue;
  failType(node, report, "true or false");
  return fallback;
}

/** An integer from `least` to `most`: a whole number, or decimal digits in a string. */
export function readInt(node: Node, report: Report, fallback: i64, least: i64, most: i64): i64 {
  if (node.kind != NodeKind.Number && !node.isText) {
    failType(node, report, integerRange(least, most));
    return fallback;
  }
  const code = toInteger(node);
  const value = load<i64>(NUMBER);
  if (code == 0 && value >= least && value <= most) return value;
  const reason = code == 0 ? DiagnosticCode.OutOfRange : <DiagnosticCode>code;
  report.error(reason, node.place(), numberText(node), integerRange(least, most));
  return fallback;
}

/** A number from `least` to `most`, or one in a string. */
export function readDouble(node: Node, report: Report, fallback: f64, least: f64, most: f64): f64 {
  const range = "a number from " + shortDouble(least) + " to " + shortDouble(most);
  if (node.kind != NodeKind.Number && !node.isText) {
    failType(node, report, range);
    return fallback;
  }
  store<f64>(NUMBER, node.double);
  if (node.isText && !parseDouble(node.text, NUMBER)) {
    report.error(DiagnosticCode.BadNumber, node.place(), numberText(node), range);
    return fallback;
  }
  const value = load<f64>(NUMBER);
  if (value >= least && value <= most) return value;
  report.error(DiagnosticCode.OutOfRange, node.place(), numberText(node), range);
  return fallback;
}

/** A duration as Go writes it, in nanoseconds. */
export function readDuration(
  node: Node,
  report: Report,
  fallbackNs: i64,
  leastNs: i64,
  mostNs: i64,
): i64 {
  const range = durationRange(leastNs, mostNs);
  if (!node.isText) {
    failType(node, report, range);
    return fallbackNs;
  }
  if (!parseDuration(node.text, NUMBER)) {
    report.error(DiagnosticCode.BadDuration, node.place(), quoteBytes(node.text), range);
    return fallbackNs;
  }
  const value = load<i64>(NUMBER);
  if (value >= leastNs && value <= mostNs) return value;
  report.error(DiagnosticCode.OutOfRange, node.place(), quoteBytes(node.text), range);
  return fallbackNs;
}

/** One of a few words, or its number; `numbers` stand in the order of `names`, and may be more. */
export function readChoice(
  node: Node,
  report: Report,
  fallback: i32,
  names: string[],
  numbers: i32[],
): i32 {
  if (node.isText) {
    const index = names.indexOf(node.string());
    if (index >= 0) return numbers[index];
  } else if (node.kind == NodeKind.Number) {
    for (let index = 0; index < names.length; index++) {
      if (<f64>numbers[index] == node.double) return numbers[index];
    }
  } else {
    failType(node, report, oneOf(names));
    return fallback;
  }
  const found = node.isText ? node.string() : numberText(node);
  const suggestion = nearestWord(found, names);
  const code = DiagnosticCode.UnknownChoice;
  report.error(code, node.place(), found, oneOf(names), suggestion);
  return fallback;
}

/** "one of a, b, c", for messages; the names are cut when there are many. */
export function oneOf(names: string[]): string {
  if (names.length == 1) return "`" + names[0] + "`";
  const shown = names.slice(0, NAME_COUNT_SHOWN_MAX).join(", ");
  return "one of " + shown + (names.length > NAME_COUNT_SHOWN_MAX ? ", …" : "");
}

const NAME_COUNT_SHOWN_MAX = 30;

/** A duration as Go prints it. */
export function durationText(ns: i64): string {
  writer.open(TEXT, TEXT_SIZE_BYTES);
  writeDuration(writer, ns);
  return textOf(writer.written);
}

/** The number as it is written, or as a double in a Struct. */
export function numberText(node: Node): string {
  if (node.kind == NodeKind.Number && node.sourceOffset < 0) return shortDouble(node.double);
  return quoteBytes(node.text);
}

// Sets NUMBER and returns 0; or the code of what is wrong.
function toInteger(node: Node): i32 {
  if (node.isText || node.sourceOffset >= 0) {
    if (parseInt64(node.text, NUMBER)) return 0;
    if (node.isText) return DiagnosticCode.NotAnInteger;
    if (isWhole(node.text)) return DiagnosticCode.OutOfRange;
  }
  const value = node.double;
  if (!isFinite(value) || Math.trunc(value) != value) return DiagnosticCode.NotAnInteger;
  if (Math.abs(value) > EXACT_INTEGER_MAX) return DiagnosticCode.InexactInteger;
  store<i64>(NUMBER, <i64>value);
  return 0;
}

// Whether a JSON number has neither fraction nor exponent.
function isWhole(text: Slice): bool {
  const written = textOf(text);
  return !written.includes(".") && !written.includes("e") && !written.includes("E");
}

function integerRange(least: i64, most: i64): string {
  const from = least == i64.MIN_VALUE ? "" : " from " + least.toString();
  const to = most == i64.MAX_VALUE ? "" : (from.length == 0 ? " up to " : " to ") + most.toString();
  return "an integer" + from + to;
}

function durationRange(leastNs: i64, mostNs: i64): string {
  const from = leastNs == i64.MIN_VALUE ? "" : " from " + durationText(leastNs);
  const to = mostNs == i64.MAX_VALUE ? "" : " to " + durationText(mostNs);
  return "a duration such as `1.5s`" + from + to;
}

function shortDouble(value: f64): string {
  return doubleText(value);
}
