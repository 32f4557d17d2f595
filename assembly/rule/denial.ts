// The denial that a check ends with: who, why, and the text `CODE:handler:message`. Hot.

import { DENIAL_MESSAGE_SIZE_MAX_BYTES } from "../shared/limits";
import { CODE_NAMES } from "../shared/abi";
import { literal } from "../memory/literal";
import { takeArena } from "../memory/arena";
import { Slice, emptySlice, endOf, sizeOf, startOf } from "../memory/slice";
import { Writer } from "../memory/writer";
import { Action } from "./action";
import { Denial } from "./denial-response";
import { Rule } from "./rule";

const UNKNOWN = literal("UNKNOWN(");
const COLON: u8 = 58;
const PARENTHESIS: u8 = 41;
const PERCENT: u8 = 37;
const MESSAGE_SIZE_MAX_BYTES: usize = DENIAL_MESSAGE_SIZE_MAX_BYTES;

const codeNames = encodeNames();
const writer = new Writer();

/** What denied the current request; one instance for each root context. */
export class DenialState {
  rule: Rule | null = null;
  /** The action's own answer; null = the rule's, or the plain one. */
  response: Denial | null = null;
  code: i32 = 0;
  /** `CODE:handler:message`, in the arena. */
  message: Slice = emptySlice();

  /** The action that denied; null where a match or nobody's action did. */
  action: Action | null = null;
  /** A header that explains the denial; empty for none. */
  explanationHeader: Slice = emptySlice();
  explanation: Slice = emptySlice();

  /** What the verdict carries for the answer: a block of verdict-extra.ts; 0 = nothing. */
  extra: usize = 0;

  /** Whether something denied. */
  get isDenied(): bool {
    return this.rule != null;
  }

  /** Nothing has denied. */
  reset(): void {
    this.rule = null;
    this.response = null;
    this.action = null;
    this.explanation = emptySlice();
    this.code = 0;
    this.message = emptySlice();
    this.extra = 0;
  }

  /** An action denies with `CODE:handler:message`; the first denial stays. */
  setBy(rule: Rule, action: Action, code: i32, message: Slice): void {
    if (!this.isDenied) this.action = action;
    this.set(rule, action.denial, code, action.handlerName, message);
  }

  /** Denies with `CODE:who:message`; the first denial stays. */
  set(rule: Rule, response: Denial | null, code: i32, who: Slice, message: Slice): void {
    if (this.isDenied) return;
    this.rule = rule;
    this.response = response != null ? response : rule.denial;
    this.code = code;
    this.message = writeDenialMessage(code, who, message);
  }
}

/** `CODE:who:message` in the arena; parts that are empty are left out with their colon. */
export function writeDenialMessage(code: i32, who: Slice, message: Slice): Slice {
  const at = takeArena(MESSAGE_SIZE_MAX_BYTES);
  if (at == 0) return emptySlice();
  writer.open(at, MESSAGE_SIZE_MAX_BYTES);
  writeCodeName(writer, code);
  if (sizeOf(who) > 0) {
    writer.byte(COLON);
    writer.bytes(who);
  }
  if (sizeOf(message) > 0) {
    writer.byte(COLON);
    writePrintable(writer, message);
  }
  return writer.written;
}

/** The name of an rpc code; `UNKNOWN(99)` for one that google.rpc.Code does not have. */
export function writeCodeName(out: Writer, code: i32): void {
  if (code >= 0 && code < codeNames.length) {
    out.bytes(unchecked(codeNames[code]));
    return;
  }
  out.bytes(UNKNOWN);
  out.signed(code);
  out.byte(PARENTHESIS);
}

// Control bytes could forge lines in a log or terminal; they stand as %XX.
function writePrintable(out: Writer, text: Slice): void {
  const end = endOf(text);
  for (let at = startOf(text); at < end; at++) {
    const byte = load<u8>(at);
    if (byte >= 32 && byte != 127) {
      out.byte(byte);
    } else {
      out.byte(PERCENT);
      out.hex(byte);
    }
  }
}

function encodeNames(): StaticArray<Slice> {
  const names = new StaticArray<Slice>(CODE_NAMES.length);
  for (let code = 0; code < CODE_NAMES.length; code++) names[code] = literal(CODE_NAMES[code]);
  return names;
}
