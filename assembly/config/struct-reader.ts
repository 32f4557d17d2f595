// A google.protobuf.Struct, as Envoy hands one over: protobuf wire bytes to the same tree as JSON.
// First the whole is checked without recursion, then the tree is built, bounded in depth. Cold.

import { Report } from "../diagnostic/report";
import { isBudgetSpent } from "../memory/budget";
import { ABSENT, Slice, endOf, sizeOf, slice, startOf, subSlice } from "../memory/slice";
import { DOCUMENT_DEPTH_MAX } from "../shared/limits";
import { DiagnosticCode } from "../shared/diagnostics";
import { decodeRune, isBroken, isUtf8, runeSizeOf } from "../text/utf8";
import { hexByte } from "./json-syntax";
import { KeySet } from "./key-set";
import { KEY_SIZE_MAX_BYTES, Node, NodeKind, VALUE_COUNT_MAX } from "./node";
import { WireField, WireReader } from "./wire";

// Messages, by the fields they may have.
const STRUCT = 0;
const ENTRY = 1;
const VALUE = 2;
const LIST = 3;

// Fields of google.protobuf.Value.
const NUMBER_VALUE = 2;
const STRING_VALUE = 3;
const BOOL_VALUE = 4;
const STRUCT_VALUE = 5;
const LIST_VALUE = 6;

/** Whether the bytes are a Struct from the first to the last. JSON text practically never is. */
export function isStruct(bytes: Slice): bool {
  const kinds: i32[] = [STRUCT];
  const ends: usize[] = [endOf(bytes)];
  const wire = new WireReader(startOf(bytes), endOf(bytes));
  while (kinds.length > 0) {
    wire.end = ends[ends.length - 1];
    if (wire.at == wire.end) {
      kinds.pop();
      ends.pop();
      continue;
    }
    const kind = kinds[kinds.length - 1];
    if (!wire.next()) return false;
    const inner = innerKind(kind, wire.field, wire.type);
    if (inner < -1) return false;
    if (inner < 0) continue;
    kinds.push(inner);
    ends.push(wire.at);
    wire.at = wire.valueAt;
  }
  return true;
}

/** Builds the tree of bytes that isStruct has accepted. */
export function readStruct(bytes: Slice, report: Report): Node {
  return new StructReader(report).readFields(startOf(bytes), endOf(bytes), null, 1);
}

// The message that a field holds; -1 for a scalar, -2 when there is no such field.
function innerKind(kind: i32, field: u32, type: WireField): i32 {
  if (kind == STRUCT) return field == 1 && type == WireField.Bytes ? ENTRY : -2;
  if (kind == LIST) return field == 1 && type == WireField.Bytes ? VALUE : -2;
  if (kind == ENTRY) {
    if (type != WireField.Bytes) return -2;
    return field == 1 ? -1 : field == 2 ? VALUE : -2;
  }
  if (field == 1 || field == BOOL_VALUE) return type == WireField.Varint ? -1 : -2;
  if (field == NUMBER_VALUE) return type == WireField.Fixed64 ? -1 : -2;
  if (type != WireField.Bytes) return -2;
  if (field == STRUCT_VALUE) return STRUCT;
  return field == STRING_VALUE ? -1 : field == LIST_VALUE ? LIST : -2;
}

class StructReader {
  private valueCount: i32 = 0;

  constructor(private readonly report: Report) {}

  /** The object of a Struct message. `shell` is the node to fill, null for the document. */
  readFields(at: usize, end: usize, shell: Node | null, depth: i32): Node {
    const object = shell === null ? new Node(NodeKind.Object, ABSENT) : shell;
    const keys = new KeySet(object);
    const wire = new WireReader(at, end);
    while (!this.isFull && wire.next()) this.readEntry(object, keys, wire, depth);
    return object;
  }

  private readEntry(object: Node, keys: KeySet, outer: WireReader, depth: i32): void {
    const wire = new WireReader(outer.valueAt, outer.at);
    let key = slice(0, 0);
    let valueAt: usize = 0;
    let valueEnd: usize = 0;
    while (wire.next()) {
      if (wire.field == 1) {
        key = wire.bytes();
      } else {
        valueAt = wire.valueAt;
        valueEnd = wire.at;
      }
    }
    const shell = new Node(NodeKind.Text, ABSENT);
    shell.text = subSlice(key, 0, KEY_SIZE_MAX_BYTES);
    shell.parent = object;
    const name = shell.string();
    shell.key = name;
    this.checkText(shell);
    const value = this.readValue(valueAt, valueEnd, shell, depth);
    if (sizeOf(key) > KEY_SIZE_MAX_BYTES) {
      this.fail(DiagnosticCode.TextTooLong, shell, sizeOf(key).toString());
    } else if (keys.add(name, value) >= 0) this.fail(DiagnosticCode.DuplicateKey, shell, name);
  }

  private readList(at: usize, end: usize, list: Node, depth: i32): Node {
    const wire = new WireReader(at, end);
    while (!this.isFull && wire.next()) {
      const shell = new Node(NodeKind.Null, ABSENT);
      shell.parent = list;
      shell.index = list.items.length;
      list.addItem(this.readValue(wire.valueAt, wire.at, shell, depth));
    }
    return list;
  }

  // `place` knows the parent and the key; the last kind that is set counts, as in protobuf.
  private readValue(at: usize, end: usize, place: Node, depth: i32): Node {
    const wire = new WireReader(at, end);
    let kind: u32 = 0;
    let valueAt: usize = 0;
    let valueEnd: usize = 0;
    while (wire.next()) {
      kind = wire.field;
      valueAt = wire.valueAt;
      valueEnd = wire.at;
    }
    const node = shellOf(kind, place);
    this.count(node);
    if (kind == NUMBER_VALUE) this.setNumber(node, load<f64>(valueAt));
    else if (kind == BOOL_VALUE) node.isTrue = load<u8>(valueAt) != 0;
    if (kind == STRING_VALUE) {
      node.text = slice(valueAt, valueEnd - valueAt);
      this.checkText(node);
    }
    if (kind != STRUCT_VALUE && kind != LIST_VALUE) return node;
    if (depth >= DOCUMENT_DEPTH_MAX) {
      this.fail(DiagnosticCode.TooDeep, node, DOCUMENT_DEPTH_MAX.toString());
      return node;
    }
    if (kind == LIST_VALUE) return this.readList(valueAt, valueEnd, node, depth + 1);
    return this.readFields(valueAt, valueEnd, node, depth + 1);
  }

  private get isFull(): bool {
    return this.valueCount > VALUE_COUNT_MAX;
  }

  private count(node: Node): void {
    if (isBudgetSpent()) this.valueCount = max(this.valueCount, VALUE_COUNT_MAX);
    if (++this.valueCount != VALUE_COUNT_MAX + 1) return;
    this.fail(DiagnosticCode.TooManyValues, node, VALUE_COUNT_MAX.toString());
  }

  private setNumber(node: Node, value: f64): void {
    node.double = value;
    if (isFinite(value)) return;
    const found = isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
    this.fail(DiagnosticCode.BadNumber, node, found);
  }

  private checkText(node: Node): void {
    if (isUtf8(node.text)) return;
    this.fail(DiagnosticCode.NotUtf8, node, hexByte(firstBad(node.text)));
  }

  private fail(code: DiagnosticCode, node: Node, found: string): void {
    if (!this.report.countsOnly()) this.report.error(code, node.place(), found);
  }
}

function shellOf(kind: u32, place: Node): Node {
  const node = new Node(kindOf(kind), ABSENT);
  node.parent = place.parent;
  node.key = place.key;
  node.index = place.index;
  return node;
}

function kindOf(field: u32): NodeKind {
  switch (field) {
    case NUMBER_VALUE:
      return NodeKind.Number;
    case STRING_VALUE:
      return NodeKind.Text;
    case BOOL_VALUE:
      return NodeKind.Bool;
    case STRUCT_VALUE:
      return NodeKind.Object;
    case LIST_VALUE:
      return NodeKind.List;
    default:
      return NodeKind.Null;
  }
}

// The byte that is no UTF-8; the caller knows that there is one.
function firstBad(text: Slice): u8 {
  const end = endOf(text);
  let at = startOf(text);
  while (at < end) {
    const decoded = decodeRune(at, end);
    if (isBroken(decoded)) break;
    at += runeSizeOf(decoded);
  }
  return load<u8>(at);
}
