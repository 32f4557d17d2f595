// What an operator reads of a session: why there is none, once for each reason, and that there is
// one again. Runs on the tick. Hot.

import {
  LogLevel,
  Slice,
  Writer,
  literal,
  sizeOf,
  takeArena,
  truncateUtf8,
  writeJsonEscaped,
  writeLog,
} from "../../assembly/sdk";

/** Why a handler has no session. */
export const enum WhyNoSession {
  None = 0,
  NoAnswer = 1,
  CallRefused = 2,
  Refused = 3,
  NotUnderstood = 4,
  BadId = 5,
  Forgotten = 6,
}

const TEXTS: StaticArray<Slice> = [
  literal(""),
  literal("the adapter does not answer"),
  literal("the adapter refuses the call: does it serve InfrastructureBackend?"),
  literal("the adapter refuses the configuration"),
  literal("the adapter's answer is not understood"),
  literal("the adapter's session id is empty or too long"),
  literal("the adapter no longer knows it"),
];
const HANDLER = literal("handler ");
const NONE = literal(": no session: ");
const MESSAGE = literal(": ");
const LATER = literal("; asked for again");
const THERE = literal(": the adapter has a session again");
const LINE_SIZE_MAX_BYTES: usize = 1_024;
const MESSAGE_SIZE_MAX_BYTES: usize = 256;

const out = new Writer();

/** There is no session, for a reason that is new. `message`: the adapter's own, or empty. */
export function logNoSession(handler: Slice, why: WhyNoSession, message: Slice): void {
  if (!begin(handler)) return;
  out.bytes(NONE);
  out.bytes(unchecked(TEXTS[why]));
  if (sizeOf(message) > 0) {
    out.bytes(MESSAGE);
    writeJsonEscaped(out, truncateUtf8(message, MESSAGE_SIZE_MAX_BYTES));
  }
  out.bytes(LATER);
  writeLog(LogLevel.Warn, out.written);
}

/** There is a session, after there was none. */
export function logSession(handler: Slice): void {
  if (!begin(handler)) return;
  out.bytes(THERE);
  writeLog(LogLevel.Info, out.written);
}

function begin(handler: Slice): bool {
  const at = takeArena(LINE_SIZE_MAX_BYTES);
  if (at == 0) return false;
  out.open(at, LINE_SIZE_MAX_BYTES);
  out.bytes(HANDLER);
  out.bytes(handler);
  return true;
}
