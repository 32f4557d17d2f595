// Header operations of a rule. All values of a phase are evaluated before the first is applied, so
// that no operation sees another's result; values live until the callback ends. Hot.

import { HeaderMap } from "../shared/abi";
import { HEADER_VALUE_SIZE_MAX_BYTES } from "../shared/limits";
import { ABSENT, FAILED, Slice, byteAt, isPresent, sizeOf } from "../memory/slice";
import { takeArena } from "../memory/arena";
import { addHeader, isHeaderValue, removeHeader, replaceHeader } from "../abi/headers";
import { Bag } from "../attribute/bag";
import { hasValue, textAt } from "../attribute/value";
import { evaluate } from "../expression/evaluator";
import { Program } from "../expression/program";

/** Mixer's operations. */
export const enum Operation {
  Replace = 0,
  Remove = 1,
  Append = 2,
}

/** What a value must be to stand in the header. */
export const enum HeaderKind {
  Plain = 0,
  /** `:path`, `:authority`: no blanks, which would split the request line. */
  Target = 1,
  /** `:status`: from 200 to 599. */
  Status = 2,
}

/** One compiled operation. */
export class HeaderOperation {
  constructor(
    /** In lower case. */
    readonly name: Slice,
    readonly operation: Operation,
    /** Each gives one line; Replace leaves the last. Empty for Remove. */
    readonly values: StaticArray<Program>,
    /** Whether a Replace without a value leaves the header as it is. */
    readonly keepsIfAbsent: bool,
    readonly kind: HeaderKind,
  ) {}
}

/** Operations waiting to be applied: arena records of 24 bytes, linked in order. */
let first: usize = 0;
let last: usize = 0;
let map: HeaderMap = HeaderMap.Request;

/** The last header whose value was too long to be written; empty for none. */
let longHeader: Slice = 0;

/** Tells and forgets the header whose value was too long; empty for none. */
export function takeLongHeader(): Slice {
  const header = longHeader;
  longHeader = 0;
  return header;
}

/** Forgets what waits. First thing in a phase that has operations; they change `headers`. */
export function beginOperations(headers: HeaderMap): void {
  map = headers;
  first = 0;
  last = 0;
}

/** Evaluates a rule's operations; false when a value could not be evaluated, or not be written. */
export function evaluateOperations(operations: StaticArray<HeaderOperation>, bag: Bag): bool {
  let isGood = true;
  for (let at = 0; at < operations.length; at++) {
    if (!evaluateOperation(unchecked(operations[at]), bag)) isGood = false;
  }
  return isGood;
}

function evaluateOperation(operation: HeaderOperation, bag: Bag): bool {
  if (operation.operation == Operation.Remove) {
    enqueue(operation.name, ABSENT, Operation.Remove);
    return true;
  }
  let isGood = true;
  let value: Slice = ABSENT;
  for (let at = 0; at < operation.values.length; at++) {
    const result = evaluate(unchecked(operation.values[at]), bag);
    value = hasValue(result) ? usable(textAt(result), operation) : FAILED;
    if (value == FAILED) isGood = false;
    if (operation.operation == Operation.Append && isPresent(value)) {
      enqueue(operation.name, value, Operation.Append);
    }
  }
  if (operation.operation == Operation.Replace) replaceOrRemove(operation, value);
  return isGood;
}

// A client's own value must never pass for ours: without a value the header goes.
function replaceOrRemove(operation: HeaderOperation, value: Slice): void {
  if (isPresent(value)) enqueue(operation.name, value, Operation.Replace);
  else if (!operation.keepsIfAbsent) enqueue(operation.name, ABSENT, Operation.Remove);
}

/** A value that may stand in the header; ABSENT without one, FAILED for one that is not fit. */
function usable(value: Slice, operation: HeaderOperation): Slice {
  const size = sizeOf(value);
  const kind = operation.kind;
  if (size > <usize>HEADER_VALUE_SIZE_MAX_BYTES) {
    longHeader = operation.name;
    return ABSENT;
  }
  if (size == 0) return ABSENT;
  if (kind != HeaderKind.Plain && !fits(value, kind)) return FAILED;
  return isHeaderValue(value) ? value : FAILED;
}

function fits(value: Slice, kind: HeaderKind): bool {
  const size = sizeOf(value);
  if (kind == HeaderKind.Status) {
    return size == 3 && isDigit(value, 0, 50, 53) && isDigit(value, 1) && isDigit(value, 2);
  }
  for (let at: usize = 0; at < size; at++) {
    if (byteAt(value, at) <= 32 || byteAt(value, at) == 127) return false;
  }
  return true;
}

// @ts-ignore: decorator
@inline
function isDigit(value: Slice, at: usize, least: u8 = 48, most: u8 = 57): bool {
  const byte = byteAt(value, at);
  return byte >= least && byte <= most;
}

// Without memory nothing may be lost, least of all a removal: all is done at once, in order.
function enqueue(name: Slice, value: Slice, operation: Operation): void {
  const record = takeArena(32);
  if (record == 0) {
    applyOperations();
    apply(name, value, operation);
    return;
  }
  store<u64>(record, name);
  store<u64>(record, value, 8);
  store<u32>(record, operation, 16);
  store<u32>(record, 0, 20);
  if (last == 0) first = record;
  else store<u32>(last, <u32>record, 20);
  last = record;
}

/** Applies what was evaluated, in order. */
export function applyOperations(): void {
  for (let record = first; record != 0; record = <usize>load<u32>(record, 20)) {
    apply(load<u64>(record), load<u64>(record, 8), load<u32>(record, 16));
  }
  first = 0;
  last = 0;
}

function apply(name: Slice, value: Slice, operation: Operation): void {
  if (operation == Operation.Remove) removeHeader(map, name);
  else if (operation == Operation.Append) addHeader(map, name, value);
  else replaceHeader(map, name, value);
}
