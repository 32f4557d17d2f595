// Counts what a rule could not evaluate and writes one log line about it at most once in
// FAILURE_LOG_INTERVAL_MS. Hot: builds the line in the arena; names attributes, never values.

import { LogLevel } from "../shared/abi";
import { FAILURE_LOG_INTERVAL_MS, HEADER_VALUE_SIZE_MAX_BYTES } from "../shared/limits";
import { literal } from "../memory/literal";
import { takeArena } from "../memory/arena";
import { indexOfByte } from "../memory/bytes";
import { Slice, subSlice } from "../memory/slice";
import { Writer } from "../memory/writer";
import { wallClockNanos } from "../abi/clock";
import { isLogged, writeLog } from "../abi/log";
import { Bag } from "../attribute/bag";
import { CellState, EvaluationError, errorAt, intAt, typeAt } from "../attribute/value";
import { writeDenialMessage } from "./denial";
import { Rule } from "./rule";

const INTERVAL_NS: u64 = <u64>FAILURE_LOG_INTERVAL_MS * 1_000_000;
const LINE_SIZE_MAX_BYTES: usize = 1024;
const RULE = literal("rule ");
const LOOKUP_FAILED = literal(": could not be evaluated: lookup failed: ");
const WRONG_TYPE = literal(": could not be evaluated: wrong type: ");
const NOT_EVALUATED = literal(": could not be evaluated: ");
/** By EvaluationError from ConversionFailed on, each behind a separator. */
const ERRORS = literal(
  "|a text could not be converted|not a regular expression|step budget used up|out of memory" +
    "|the host refused a value|no such key|division by zero|overflow|no such overload" +
    "|index out of range|invalid argument|key given twice|",
);
const SEPARATOR: u8 = 124;
const HANDLER_FAILED = literal(": handler failed: ");
const LONG_HEADER = literal(
  ": value of more than " +
    HEADER_VALUE_SIZE_MAX_BYTES.toString() +
    " bytes is not written to header ",
);
const WOULD_DENY = literal(": would have denied (SHADOW): ");

const line = new Writer();

/** An expression of the rule failed; `cell` says how. */
export function noteFailure(rule: Rule, cell: usize, bag: Bag): void {
  rule.errors++;
  if (!isLogged(LogLevel.Warn) || !openLine(rule, rule.failureLoggedNs)) return;
  rule.failureLoggedNs = wallClockNanos();
  const error = typeAt(cell) == <u32>CellState.Error ? errorAt(cell) : EvaluationError.LookupFailed;
  // A value of the wrong type carries the value's cell in the high half.
  const index = <i64>(<u32>intAt(cell));
  const isNamed = error == EvaluationError.LookupFailed || error == EvaluationError.WrongType;
  if (isNamed && index >= 0 && index < <i64>bag.layout.count) {
    line.bytes(error == EvaluationError.WrongType ? WRONG_TYPE : LOOKUP_FAILED);
    line.bytes(load<u64>(bag.layout.names + ((<usize>index) << 3)));
  } else {
    line.bytes(NOT_EVALUATED);
    line.bytes(wordsOf(error));
  }
  writeLog(LogLevel.Warn, line.written);
}

/** A handler of the rule could not decide. */
export function noteHandlerFailure(rule: Rule, handler: Slice): void {
  rule.errors++;
  if (!isLogged(LogLevel.Warn) || !openLine(rule, rule.failureLoggedNs)) return;
  rule.failureLoggedNs = wallClockNanos();
  line.bytes(HANDLER_FAILED);
  line.bytes(handler);
  writeLog(LogLevel.Warn, line.written);
}

/** A handler of the rule could not decide, and says why: a code and a message of its own. */
export function noteFailedVerdict(rule: Rule, handler: Slice, code: i32, message: Slice): void {
  rule.errors++;
  if (!isLogged(LogLevel.Warn) || !openLine(rule, rule.failureLoggedNs)) return;
  rule.failureLoggedNs = wallClockNanos();
  line.bytes(HANDLER_FAILED);
  line.bytes(writeDenialMessage(code, handler, message));
  writeLog(LogLevel.Warn, line.written);
}

/** A value of a header operation of the rule is too long: the header is removed, or kept. */
export function noteLongHeader(rule: Rule, header: Slice): void {
  if (!isLogged(LogLevel.Warn) || !openLine(rule, rule.failureLoggedNs)) return;
  rule.failureLoggedNs = wallClockNanos();
  line.bytes(LONG_HEADER);
  line.bytes(header);
  writeLog(LogLevel.Warn, line.written);
}

/** A shadow action of the rule would have denied. */
export function noteShadowDenial(rule: Rule, message: Slice): void {
  rule.shadowDenied++;
  if (!isLogged(LogLevel.Info) || !openLine(rule, rule.shadowLoggedNs)) return;
  rule.shadowLoggedNs = wallClockNanos();
  line.bytes(WOULD_DENY);
  line.bytes(message);
  writeLog(LogLevel.Info, line.written);
}

// False while the last line is too fresh, or without memory for a new one.
function openLine(rule: Rule, loggedNs: u64): bool {
  if (loggedNs != 0 && wallClockNanos() - loggedNs < INTERVAL_NS) return false;
  const at = takeArena(LINE_SIZE_MAX_BYTES);
  if (at == 0) return false;
  line.open(at, LINE_SIZE_MAX_BYTES);
  line.bytes(RULE);
  line.bytes(rule.name);
  return true;
}

function wordsOf(error: EvaluationError): Slice {
  let start: isize = 1;
  for (let left = error - EvaluationError.ConversionFailed; left > 0; left--) {
    start = indexOfByte(ERRORS, SEPARATOR, start) + 1;
  }
  return subSlice(ERRORS, start, indexOfByte(ERRORS, SEPARATOR, start));
}
