// What OPA is asked: Mixer's authorization as `{"input": {"action": …, "subject": …}}`, members
// that are empty left out. Hot: written into the arena; the request is not sent when it does not
// fit.

import {
  Authorization,
  AuthorizationText,
  DimensionSet,
  FAILED,
  Slice,
  ValueType,
  Writer,
  boolAt,
  doubleAt,
  intAt,
  literal,
  sizeOf,
  takeArena,
  typeAt,
  writeJsonDouble,
  writeJsonText,
  writeValue,
  OPA_INPUT_SIZE_MAX_BYTES,
} from "../../assembly/sdk";

const INPUT_SIZE_MAX_BYTES: usize = OPA_INPUT_SIZE_MAX_BYTES;
const TEXT_SIZE_MAX_BYTES: usize = 16_384;
const HEAD = literal('{"input":{');
const ACTION = literal("action");
const SUBJECT = literal("subject");
const NAMESPACE = literal("namespace");
const SERVICE = literal("service");
const METHOD = literal("method");
const PATH = literal("path");
const USER = literal("user");
const GROUPS = literal("groups");
const PROPERTIES = literal("properties");
const TRUE = literal("true");
const FALSE = literal("false");
const OPEN: u8 = 123;
const CLOSE: u8 = 125;
const COMMA: u8 = 44;
const COLON: u8 = 58;

const out = new Writer();
const text = new Writer();
let needsComma: bool = false;
/** Whether a value lost its end: it would be another value. */
let isCut: bool = false;

/** The JSON text of the question in the arena; FAILED when it does not fit. */
export function writeInput(authorization: Authorization): Slice {
  const at = takeArena(INPUT_SIZE_MAX_BYTES);
  if (at == 0) return FAILED;
  out.open(at, INPUT_SIZE_MAX_BYTES);
  out.bytes(HEAD);
  needsComma = false;
  isCut = false;
  open(ACTION);
  writeMember(NAMESPACE, authorization.text(AuthorizationText.Namespace));
  writeMember(SERVICE, authorization.text(AuthorizationText.Service));
  writeMember(METHOD, authorization.text(AuthorizationText.Method));
  writeMember(PATH, authorization.text(AuthorizationText.Path));
  writeProperties(authorization.action);
  close();
  open(SUBJECT);
  writeMember(USER, authorization.text(AuthorizationText.User));
  writeMember(GROUPS, authorization.text(AuthorizationText.Groups));
  writeProperties(authorization.subject);
  close();
  out.byte(CLOSE);
  out.byte(CLOSE);
  return out.isTruncated || isCut ? FAILED : out.written;
}

function open(name: Slice): void {
  key(name);
  out.byte(OPEN);
  needsComma = false;
}

function close(): void {
  out.byte(CLOSE);
  needsComma = true;
}

function key(name: Slice): void {
  if (needsComma) out.byte(COMMA);
  needsComma = true;
  writeJsonText(out, name);
  out.byte(COLON);
}

function writeMember(name: Slice, value: Slice): void {
  if (sizeOf(value) == 0) return;
  key(name);
  writeJsonText(out, value);
}

function writeProperties(set: DimensionSet | null): void {
  if (set == null || set.count == 0) return;
  open(PROPERTIES);
  for (let position = 0; position < set.count; position++) {
    key(set.name(position));
    writeTyped(set.cell(position));
  }
  close();
}

// Numbers and booleans as such, everything else as a text.
function writeTyped(cell: usize): void {
  switch (<i32>typeAt(cell)) {
    case ValueType.Int64:
      out.signed(intAt(cell));
      return;
    case ValueType.Double:
      writeJsonDouble(out, doubleAt(cell));
      return;
    case ValueType.Bool:
      out.bytes(boolAt(cell) ? TRUE : FALSE);
      return;
    default: {
      const at = takeArena(TEXT_SIZE_MAX_BYTES);
      text.open(at, at == 0 ? 0 : TEXT_SIZE_MAX_BYTES);
      writeValue(text, cell);
      writeJsonText(out, text.written);
      if (text.isTruncated) isCut = true;
    }
  }
}
