// Attribute values that a person wrote down, for trying an expression without a request: names to
// values, or to `{ type, value }`. Strict: what is no value of its type is reported at its place.
// Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { VALUE_TYPE_NAMES, ValueType } from "../shared/types";
import { PairsWriter } from "../abi/pairs";
import { Bag } from "../attribute/bag";
import { SourceKind } from "../attribute/entry";
import { Schema } from "../attribute/schema";
import {
  CellState,
  ValueFlag,
  setBool,
  setDouble,
  setInt,
  setState,
  setText,
} from "../attribute/value";
import { typeByName, vocabularyNames, vocabularyRow } from "../attribute/vocabulary";
import { Node, NodeKind } from "../config/node";
import { nearest } from "../diagnostic/suggest";
import { Report } from "../diagnostic/report";
import { literal } from "../memory/literal";
import { Region } from "../memory/region";
import { Slice, sizeOf } from "../memory/slice";
import { parseDouble } from "../text/double";
import { parseDuration } from "../text/duration";
import { parseInt64 } from "../text/number";
import { convertText } from "./convert";
import { Outcome } from "./failure";
import { lowerCase, wholeNumber } from "../text/strings";

const NUMBER: usize = memory.data(8, 8);
const TYPES = "STRING, INT64, DOUBLE, BOOL, TIMESTAMP, IP_ADDRESS, DURATION, STRING_MAP, …";

/** Makes every name of the vocabulary one that nothing but a given value gives. */
export function declareVocabulary(schema: Schema): void {
  const names = vocabularyNames();
  for (let at = 0; at < names.length; at++) {
    schema.declareName(names[at], vocabularyRow(names[at])!.type);
  }
}

/** The values of one object, declared first and set for each evaluation. */
export class GivenValues {
  private readonly indexes: i32[] = [];
  private readonly nodes: Node[] = [];

  constructor(
    private readonly schema: Schema,
    private readonly region: Region,
    private readonly report: Report,
  ) {}

  /** Declares the names that nobody knows yet, with the types that their values have. */
  declareAll(object: Node): void {
    for (let at = 0; at < object.keys.length; at++) this.declareOne(object.keys[at], object, at);
  }

  /** Fills a bag: what is given has its value, everything else without a program is absent. */
  set(bag: Bag): void {
    const entries = this.schema.entries;
    for (let index = 0; index < entries.length; index++) {
      if (entries[index].kind == SourceKind.Program) continue;
      bag.markRead(index);
      setDefault(bag.cellOf(index), entries[index].type, entries[index].name);
    }
    for (let at = 0; at < this.indexes.length; at++) this.setOne(bag, at);
  }

  private declareOne(name: string, object: Node, at: i32): void {
    const schema = this.schema;
    const value = object.values[at];
    const typed = isTyped(value);
    let type = typed ? typeByName(value.member("type")!.string()) : ValueType.Unspecified;
    if (typed && (type == ValueType.Unspecified || type > ValueType.StringMap)) {
      const place = value.member("type")!;
      const suggestion = nearest(place.string(), VALUE_TYPE_NAMES);
      const code = DiagnosticCode.UnknownChoice;
      this.report.error(code, place.place(), place.string(), TYPES, suggestion);
      return;
    }
    const given = typed ? value.member("value")! : value;
    if (!schema.has(name)) {
      if (type == ValueType.Unspecified) type = typeOfNode(given);
      schema.declareName(name, type);
    } else if (typed && schema.typeOf(schema.find(name)) != type) {
      const expected = VALUE_TYPE_NAMES[schema.typeOf(schema.find(name))];
      const found = name + " is no " + VALUE_TYPE_NAMES[type];
      this.report.error(DiagnosticCode.WrongType, value.place(), found, expected);
      return;
    }
    this.indexes.push(schema.find(name));
    this.nodes.push(given);
  }

  private setOne(bag: Bag, at: i32): void {
    const index = this.indexes[at];
    const node = this.nodes[at];
    const cell = bag.cellOf(index);
    bag.markRead(index);
    if (node.kind == NodeKind.Null) {
      setState(cell, CellState.Absent);
      return;
    }
    const type = this.schema.typeOf(index);
    const isHeaders = this.schema.nameOf(index).endsWith(".headers");
    if (this.write(cell, type, node, isHeaders)) return;
    setState(cell, CellState.Absent);
    const code = node.isText ? DiagnosticCode.BadConstant : DiagnosticCode.WrongType;
    const found = node.isText ? node.string() : node.kindName;
    this.report.error(code, node.place(), found, expectedText(type));
  }

  private write(cell: usize, type: ValueType, node: Node, isHeaders: bool): bool {
    switch (<i32>type) {
      case ValueType.String:
        if (!node.isText) return false;
        setText(cell, type, node.text);
        return true;
      case ValueType.EmailAddress:
      case ValueType.Uri:
      case ValueType.DnsName:
        if (!node.isText || convertText(type, node.text, NUMBER_CELL) != Outcome.True) return false;
        setText(cell, type, node.text);
        return true;
      case ValueType.Bool:
        if (node.kind != NodeKind.Bool) return false;
        setBool(cell, node.isTrue);
        return true;
      case ValueType.StringMap:
        return this.writeMap(cell, node, isHeaders);
      case ValueType.Timestamp:
      case ValueType.IpAddress:
        return node.isText && this.writeConverted(cell, type, node.text);
      default:
        return (node.isText || node.kind == NodeKind.Number) && writeNumber(cell, type, node.text);
    }
  }

  // Converted values stand in the arena, which ends with the callback; the cell needs its own copy.
  private writeConverted(cell: usize, type: ValueType, text: Slice): bool {
    if (convertText(type, text, cell) != Outcome.True) return false;
    if (type != ValueType.IpAddress) return true;
    const bytes = load<u64>(cell, 8);
    setText(cell, type, this.region.copy(<usize>(<u32>bytes), sizeOf(bytes)));
    return true;
  }

  private writeMap(cell: usize, node: Node, isHeaders: bool): bool {
    if (!node.isObject) return false;
    let size: usize = 4;
    for (let at = 0; at < node.keys.length; at++) {
      if (!node.values[at].isText) return false;
      size += <usize>String.UTF8.byteLength(node.keys[at]) + sizeOf(node.values[at].text) + 10;
    }
    const pairs = new PairsWriter();
    pairs.open(this.region.take(size), size, node.keys.length);
    for (let at = 0; at < node.keys.length; at++) {
      const key = isHeaders ? lowerCase(node.keys[at]) : node.keys[at];
      pairs.add(this.region.text(key), node.values[at].text);
    }
    setText(cell, ValueType.StringMap, pairs.finish(), isHeaders ? ValueFlag.Headers : 0);
    return true;
  }
}

const NUMBER_CELL: usize = memory.data(16, 8);

function writeNumber(cell: usize, type: ValueType, text: Slice): bool {
  if (type == ValueType.Double) {
    if (!parseDouble(text, NUMBER)) return false;
    setDouble(cell, load<f64>(NUMBER));
    return true;
  }
  const isDuration = type == ValueType.Duration;
  if (!(isDuration ? parseDuration(text, NUMBER) : parseInt64(text, NUMBER))) return false;
  setInt(cell, type, load<i64>(NUMBER));
  return true;
}

// What Envoy does not give reads as the vocabulary's default, where it has one.
function setDefault(cell: usize, type: ValueType, name: string): void {
  const row = vocabularyRow(name);
  const fallback = row == null ? "" : row.fallback;
  if (fallback.length == 0) setState(cell, CellState.Absent);
  else if (type == ValueType.Int64) setInt(cell, type, wholeNumber(fallback));
  else setText(cell, type, literal(fallback.substring(1, fallback.length - 1)));
}

function isTyped(node: Node): bool {
  if (!node.isObject || node.keys.length != 2) return false;
  const type = node.member("type");
  return type !== null && type.isText && node.member("value") !== null;
}

function typeOfNode(node: Node): ValueType {
  if (node.kind == NodeKind.Bool) return ValueType.Bool;
  if (node.isObject) return ValueType.StringMap;
  if (node.kind != NodeKind.Number) return ValueType.String;
  return parseInt64(node.text, NUMBER) ? ValueType.Int64 : ValueType.Double;
}

function expectedText(type: ValueType): string {
  switch (<i32>type) {
    case ValueType.Timestamp:
      return "a TIMESTAMP such as 2024-01-02T15:04:05Z";
    case ValueType.Duration:
      return "a DURATION such as 1.5s or 250ms";
    case ValueType.IpAddress:
      return "an IP_ADDRESS such as 10.1.2.3 or 2001:db8::1";
    case ValueType.StringMap:
      return "a STRING_MAP: an object of strings";
    default:
      return "a value of type " + VALUE_TYPE_NAMES[type];
  }
}
