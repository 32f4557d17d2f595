// What an operator sees of fetched lists: age, number of entries, how fetches ended, bad lines.
// Cold: runs on the tick.

import {
  LogLevel,
  MetricKind,
  Slice,
  Writer,
  defineMetric,
  incrementMetric,
  isLogged,
  literal,
  recordMetric,
  sizeOf,
  subSlice,
  takeArena,
  writeJsonEscaped,
  writeLog,
} from "../../assembly/sdk";
import { FETCH_RESULT_COUNT } from "./fetch";
import { BadLine } from "./line-takers";

const AGE = literal("mixer_list_age_seconds.handler=");
const ENTRIES = literal("mixer_list_entries.handler=");
const BAD_LINES = literal("mixer_list_bad_lines_total.handler=");
const FETCHES = literal("mixer_list_fetches_total.handler=");
const RESULT = literal(";result=");
const RESULTS: StaticArray<Slice> = [
  literal("changed"),
  literal("unchanged"),
  literal("failed"),
  literal("refused"),
];
const NAME_SIZE_MAX_BYTES: usize = 512;
const LINE_SIZE_MAX_BYTES: usize = 1024;
const SHOWN_SIZE_MAX_BYTES: usize = 64;
const SECOND_NS: u64 = 1_000_000_000;
const SEMICOLON: u8 = 59;
const QUOTE: u8 = 34;
const HANDLER = literal("handler ");
const LINE = literal(", fetched list, line ");
const NO_ENTRY = literal(" is no entry: ");
const MORE = literal(", fetched list: the last list is kept; bad lines: ");
const writer = new Writer();

/** Sets the age of a list. */
export function reportAge(handler: Slice, ageNs: u64): void {
  recordMetric(metric(MetricKind.Gauge, AGE, handler, 0), ageNs / SECOND_NS);
}

/** Sets the number of entries of a list. */
export function reportEntries(handler: Slice, count: u32): void {
  recordMetric(metric(MetricKind.Gauge, ENTRIES, handler, 0), count);
}

/** Counts how attempts have ended; the counts start over. */
export function reportFetches(handler: Slice, counts: StaticArray<u64>): void {
  for (let result = 0; result < FETCH_RESULT_COUNT; result++) {
    const count = counts[result];
    if (count == 0) continue;
    counts[result] = 0;
    incrementMetric(metric(MetricKind.Counter, FETCHES, handler, RESULTS[result]), <i64>count);
  }
}

/** Counts and logs what was wrong with a list. */
export function reportBadLines(handler: Slice, lines: BadLine[], count: u32): void {
  incrementMetric(metric(MetricKind.Counter, BAD_LINES, handler, 0), count);
  if (!isLogged(LogLevel.Error)) return;
  for (let at = 0; at < lines.length; at++) {
    if (!open(HANDLER, LINE_SIZE_MAX_BYTES)) return;
    writer.bytes(handler);
    writer.bytes(LINE);
    writer.decimal(lines[at].number);
    writer.bytes(NO_ENTRY);
    writer.byte(QUOTE);
    const text = lines[at].text;
    writeJsonEscaped(writer, subSlice(text, 0, min(sizeOf(text), SHOWN_SIZE_MAX_BYTES)));
    writer.byte(QUOTE);
    writeLog(LogLevel.Error, writer.written);
  }
  if (!open(HANDLER, LINE_SIZE_MAX_BYTES)) return;
  writer.bytes(handler);
  writer.bytes(MORE);
  writer.decimal(count);
  writeLog(LogLevel.Error, writer.written);
}

function metric(kind: MetricKind, prefix: Slice, handler: Slice, result: Slice): u32 {
  if (!open(prefix, NAME_SIZE_MAX_BYTES)) return 0;
  writer.bytes(handler);
  if (result != 0) {
    writer.bytes(RESULT);
    writer.bytes(result);
  }
  writer.byte(SEMICOLON);
  return defineMetric(kind, writer.written);
}

function open(prefix: Slice, size: usize): bool {
  const at = takeArena(size);
  if (at == 0) return false;
  writer.open(at, size);
  writer.bytes(prefix);
  return true;
}
