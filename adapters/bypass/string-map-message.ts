// A map of texts as istio.policy.v1beta1.StringMap. A header that came in several lines is one
// entry with its values joined, as expressions read it: a protobuf map would keep only the last.
// Hot: written straight into the caller's buffer.

import {
  PairsCursor,
  Slice,
  ValueFlag,
  Writer,
  beginMessage,
  endMessage,
  equal,
  flagsAt,
  literal,
  textAt,
  writeTextField,
} from "../../assembly/sdk";

const COOKIE = literal("cookie");
const COMMA = literal(",");
const SEMICOLON = literal("; ");

const pairs = new PairsCursor();
const others = new PairsCursor();

/** A field that holds the map of a cell. */
export function writeStringMap(out: Writer, field: u32, cell: usize): void {
  const map = textAt(cell);
  const joins = (flagsAt(cell) & ValueFlag.Headers) != 0;
  const message = beginMessage(out, field);
  pairs.open(map);
  for (let position = 0; pairs.next(); position++) {
    if (joins && isRepeated(map, pairs.key, position)) continue;
    const entry = beginMessage(out, 1);
    writeTextField(out, 1, pairs.key);
    if (joins) writeJoined(out, map, pairs.key);
    else writeTextField(out, 2, pairs.value);
    endMessage(out, entry);
  }
  endMessage(out, message);
}

// Whether the name stands at an earlier position.
function isRepeated(map: Slice, key: Slice, position: i32): bool {
  others.open(map);
  for (let at = 0; at < position && others.next(); at++) {
    if (equal(others.key, key)) return true;
  }
  return false;
}

function writeJoined(out: Writer, map: Slice, key: Slice): void {
  const separator = equal(key, COOKIE) ? SEMICOLON : COMMA;
  const value = beginMessage(out, 2);
  let isFirst = true;
  others.open(map);
  while (others.next()) {
    if (!equal(others.key, key)) continue;
    if (!isFirst) out.bytes(separator);
    isFirst = false;
    out.bytes(others.value);
  }
  endMessage(out, value);
}
