// Lays the attributes of one document out for the bag: records, cells, header tables, captures and
// the constants of the node. Cold: runs once, when a document has been compiled.

import { HeaderMap } from "../shared/abi";
import { Derivation } from "../shared/attributes";
import { PeerSource } from "../shared/peers";
import { Phase } from "../shared/phases";
import { ValueType } from "../shared/types";
import { Region } from "../memory/region";
import { isPresent, sizeOf, startOf } from "../memory/slice";
import { freeFromHost } from "../abi/inbox";
import { readProperty } from "../abi/properties";
import { decodeProperty } from "./decode";
import {
  ENTRY_ARG,
  ENTRY_CAPTURE,
  ENTRY_DEFAULT,
  ENTRY_PATH,
  ENTRY_PROGRAM,
  ENTRY_SECOND,
  ENTRY_SIZE_BYTES,
  EntryFlag,
  SourceKind,
} from "./entry";
import { HeaderTable } from "./header-table";
import { BagLayout } from "./layout";
import { RECORD_HEAD_SIZE_BYTES, RECORD_TEXT_SIZE_BYTES } from "./record";
import { Schema } from "./schema";
import { SchemaEntry } from "./schema-entry";
import {
  VALUE_SIZE_BYTES,
  errorAt,
  flagsAt,
  hasValue,
  holdsSlice,
  setError,
  setInt,
  setText,
  textAt,
  typeAt,
} from "./value";
import { wholeNumber } from "../text/strings";

/**
 * Lays the document's attributes out; `ruleBitCount` bits of a record remember which rules matched.
 */
export function layOut(schema: Schema, region: Region, ruleBitCount: i32): BagLayout {
  const entries = schema.entries;
  const captures = captured(entries);
  const layout = new BagLayout(
    entries.length,
    new HeaderTable(HeaderMap.Request, schema.requestHeaders, region),
    new HeaderTable(HeaderMap.Response, schema.responseHeaders, region),
    region,
  );
  layout.isSingle = readsOneHeader(entries);
  for (let index = 0; index < entries.length; index++) {
    writeEntry(layout.entries + <usize>index * ENTRY_SIZE_BYTES, index, entries[index], region);
    store<u64>(layout.names + ((<usize>index) << 3), region.text(entries[index].name));
  }
  layout.captureCount = captures.length;
  layout.captureIndexes = region.take((<usize>captures.length) << 2);
  for (let at = 0; at < captures.length; at++) {
    const index = captures[at];
    store<u32>(layout.captureIndexes + ((<usize>at) << 2), index);
    store<i32>(layout.entries + <usize>index * ENTRY_SIZE_BYTES, at, ENTRY_CAPTURE);
  }
  // Outputs stand before the captures: a fresh record is cleared as far as those.
  layout.outputOffset = RECORD_HEAD_SIZE_BYTES + (((<usize>ruleBitCount + 63) >> 6) << 3);
  layout.captureOffset = layout.outputOffset + <usize>schema.outputCount * VALUE_SIZE_BYTES;
  if (schema.peers == PeerSource.Headers) {
    layout.peerOffset = layout.captureOffset;
    layout.captureOffset += VALUE_SIZE_BYTES;
  }
  layout.textOffset = layout.captureOffset + <usize>captures.length * VALUE_SIZE_BYTES;
  layout.recordSize = layout.textOffset + RECORD_TEXT_SIZE_BYTES;
  return layout;
}

const LATER: u32 = Phase.Response | Phase.Log;

/** Attributes whose value at check later phases need, or would have to read a second time. */
function captured(entries: SchemaEntry[]): i32[] {
  const found: i32[] = [];
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index];
    if ((entry.uses & LATER) != 0 && (entry.phases & Phase.Request) != 0 && isWorthKeeping(entry)) {
      found.push(index);
    }
  }
  return found;
}

function isWorthKeeping(entry: SchemaEntry): bool {
  if (entry.isRequestOnly) return entry.kind != SourceKind.None;
  const isRead = entry.kind == SourceKind.Property || entry.kind == SourceKind.Derived;
  return isRead && (entry.uses & (Phase.Request | Phase.Denial)) != 0 && !entry.isOfMoment;
}

// For a TCP connection Envoy would give some of them, such as its bytes as request.size.
function isOfHttp(entry: SchemaEntry): bool {
  if (entry.kind == SourceKind.Program) return false;
  if (entry.isRequestOnly) return entry.derivation != Derivation.Protocol;
  return entry.name.startsWith("request.") || entry.name.startsWith("response.");
}

// One pseudo header alone is read by itself; two or more, or one that may repeat, by all pairs.
function readsOneHeader(entries: SchemaEntry[]): bool {
  let slot = -1;
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index];
    if (entry.uses == 0 || !entry.isRequestOnly) continue;
    if (entry.kind == SourceKind.None || entry.kind == SourceKind.Program) continue;
    if (entry.kind == SourceKind.Property) continue;
    if (!entry.isPseudo) return false;
    if (slot >= 0 && slot != entry.argument) return false;
    slot = entry.argument;
  }
  return true;
}

function writeEntry(at: usize, index: i32, entry: SchemaEntry, region: Region): void {
  let flags = 0;
  if (entry.isElement) flags |= EntryFlag.Element;
  if (entry.isRequestOnly) flags |= EntryFlag.RequestOnly;
  if (entry.isMetadata) flags |= EntryFlag.Metadata;
  if (entry.isText) flags |= EntryFlag.Text;
  if (entry.isState) flags |= EntryFlag.State;
  if (isOfHttp(entry)) flags |= EntryFlag.Http;
  if (entry.isPseudo) flags |= EntryFlag.Pseudo;
  if (entry.isDeclared) flags |= EntryFlag.Declared;
  store<u8>(at, <u8>kindOf(entry));
  store<u8>(at, <u8>entry.type, 1);
  store<u8>(at, <u8>flags, 2);
  const isDirected = entry.kind == SourceKind.Directed;
  store<u8>(at, isDirected ? <u8>entry.peerField : <u8>entry.derivation, 3);
  store<u32>(at, entry.argument, ENTRY_ARG);
  store<u32>(at, entry.second, ENTRY_SECOND);
  store<i32>(at, -1, ENTRY_CAPTURE);
  store<u32>(at, <u32>entry.program, ENTRY_PROGRAM);
  if (entry.path.length > 0) store<u64>(at, region.text(entry.path.join("\0")), ENTRY_PATH);
  store<u32>(at, <u32>fallbackCell(at, index, entry, region), ENTRY_DEFAULT);
}

function kindOf(entry: SchemaEntry): SourceKind {
  if (entry.kind != SourceKind.Derived) return entry.kind;
  if (entry.derivation == Derivation.ResponseCode) return SourceKind.ResponseCode;
  if (entry.derivation == Derivation.ResponseDuration) return SourceKind.ResponseDuration;
  return entry.kind;
}

function fallbackCell(at: usize, index: i32, entry: SchemaEntry, region: Region): usize {
  if (entry.kind == SourceKind.Constant || entry.kind == SourceKind.Directed) {
    return nodeCell(at, index, entry, region);
  }
  const fallback = entry.fallback;
  if (fallback.length == 0) return 0;
  const cell = region.take(VALUE_SIZE_BYTES);
  if (entry.type == ValueType.Int64) setInt(cell, ValueType.Int64, wholeNumber(fallback));
  else setText(cell, entry.type, region.text(fallback.substring(1, fallback.length - 1)));
  return cell;
}

// The node can be read while configuring; the value is copied into the configuration's memory.
function nodeCell(at: usize, index: i32, entry: SchemaEntry, region: Region): usize {
  const bytes = readProperty(load<u64>(at, ENTRY_PATH));
  if (!isPresent(bytes)) return 0;
  const cell = region.take(VALUE_SIZE_BYTES);
  decodeProperty(cell, at, bytes, index);
  if (!hasValue(cell)) {
    // The value that was there lies in the arena: the error keeps the attribute only.
    setError(cell, errorAt(cell), index);
  } else if (holdsSlice(typeAt(cell))) {
    const value = textAt(cell);
    const kept = region.copy(startOf(value), sizeOf(value));
    setText(cell, <ValueType>typeAt(cell), kept, flagsAt(cell));
  }
  freeFromHost(startOf(bytes));
  return cell;
}
