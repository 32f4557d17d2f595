// Reads the fields of one object strictly: each getter marks its field as known, reports a wrong
// value and answers with the fallback; `finish` reports the fields that nobody asked for. Cold.

import { Report } from "../diagnostic/report";
import { nearest } from "../diagnostic/suggest";
import { ABSENT, Slice, sizeOf } from "../memory/slice";
import { DiagnosticCode } from "../shared/diagnostics";
import { Node, NodeKind } from "./node";
import { TextMap, readTextList, readTextMap } from "./text-collection";
import {
  failType,
  oneOf,
  readBool,
  readChoice,
  readDouble,
  readDuration,
  readInt,
  readText,
} from "./value-reader";

/** Numbers of words that are numbered in their order. */
const POSITIONS: i32[] = [0, 1, 2, 3, 4, 5];

/** Fields in camelCase; the document may write them in snake_case. `null` is as good as absent. */
export class ObjectReader {
  private readonly seen: bool[] = [];
  private readonly known: string[] = [];

  constructor(
    readonly node: Node,
    readonly report: Report,
    /** What the object is, for messages: `a rule`. */
    readonly what: string,
  ) {
    for (let index = 0; index < node.keys.length; index++) this.seen.push(false);
    if (!node.isObject && node.kind != NodeKind.Null) failType(node, report, what + ", an object");
  }

  /** The value of a field, of any kind but null; null when it is not given. */
  child(name: string): Node | null {
    if (!this.known.includes(name)) this.known.push(name);
    const index = this.take(name);
    if (index < 0) return null;
    const value = this.node.values[index];
    return value.kind == NodeKind.Null ? null : value;
  }

  /** The same for an expression that may be left out: as in Mixer, an empty text leaves it out. */
  filled(name: string): Node | null {
    const value = this.child(name);
    return value !== null && value.isText && sizeOf(value.text) == 0 ? null : value;
  }

  /** The same; reports when it is not given. */
  required(name: string): Node | null {
    const value = this.child(name);
    if (value === null) this.failMissing(name);
    return value;
  }

  /** A string; "" is a value. */
  text(name: string, fallback: string, required: bool = false): string {
    const value = required ? this.required(name) : this.child(name);
    return value === null ? fallback : readText(value, this.report, fallback);
  }

  /** The bytes of a string, which live as long as the document's region; ABSENT if not given. */
  slice(name: string, required: bool = false): Slice {
    const value = required ? this.required(name) : this.child(name);
    if (value === null) return ABSENT;
    if (value.isText) return value.text;
    failType(value, this.report, "a string");
    return ABSENT;
  }

  /** true or false. */
  bool(name: string, fallback: bool): bool {
    const value = this.child(name);
    return value === null ? fallback : readBool(value, this.report, fallback);
  }

  /** An integer from `least` to `most`. */
  int(name: string, fallback: i64, least: i64, most: i64): i64 {
    const value = this.child(name);
    return value === null ? fallback : readInt(value, this.report, fallback, least, most);
  }

  /** A number from `least` to `most`. */
  double(name: string, fallback: f64, least: f64, most: f64): f64 {
    const value = this.child(name);
    return value === null ? fallback : readDouble(value, this.report, fallback, least, most);
  }

  /** A duration in nanoseconds. */
  duration(name: string, fallbackNs: i64, leastNs: i64, mostNs: i64): i64 {
    const value = this.child(name);
    if (value === null) return fallbackNs;
    return readDuration(value, this.report, fallbackNs, leastNs, mostNs);
  }

  /** One of up to six words, or its number; numbered in their order, from 0. */
  word(name: string, fallback: i32, names: string[]): i32 {
    return this.choice(name, fallback, names, POSITIONS);
  }

  /** One of a few words or its number. */
  choice(name: string, fallback: i32, names: string[], numbers: i32[]): i32 {
    const value = this.child(name);
    return value === null ? fallback : readChoice(value, this.report, fallback, names, numbers);
  }

  /** An object; null when it is not given or something else. */
  object(name: string): Node | null {
    return this.ofKind(name, NodeKind.Object, "an object");
  }

  /** The items of a list; none when it is not given or something else. */
  list(name: string): Node[] {
    const value = this.ofKind(name, NodeKind.List, "a list");
    return value === null ? [] : value.items;
  }

  /** The strings of a list; reports items that are something else. */
  textList(name: string): string[] {
    const value = this.child(name);
    return value === null ? [] : readTextList(value, this.report);
  }

  /** An object whose values are strings, with any keys. */
  textMap(name: string): TextMap {
    const value = this.child(name);
    return value === null ? new TextMap() : readTextMap(value, this.report);
  }

  /** Fields that are designed but not built: giving one is an error that says what to write. */
  notYet(names: string[], instead: string = ""): void {
    for (let at = 0; at < names.length; at++) {
      const index = this.take(names[at]);
      if (index < 0) continue;
      const place = this.node.keyPlace(index);
      this.report.error(DiagnosticCode.NotYetSupported, place, names[at], instead);
    }
  }

  /** Whether the field is given, be it as null. Does not mark it as known. */
  has(name: string): bool {
    return this.node.indexOf(name) >= 0;
  }

  /** Reports that the field is needed. */
  failMissing(name: string): void {
    if (!this.node.isObject && this.node.kind != NodeKind.Null) return;
    this.report.error(DiagnosticCode.MissingField, this.node.place(), name);
  }

  /** Reports every field that no getter has asked for. Call it last. */
  finish(): void {
    for (let index = 0; index < this.seen.length; index++) {
      if (!this.seen[index]) this.failUnknown(index);
    }
  }

  private failUnknown(index: i32): void {
    if (this.report.countsOnly()) return;
    const code = DiagnosticCode.UnknownField;
    const key = this.node.keys[index];
    const expected = this.known.length == 0 ? "no fields" : oneOf(this.known);
    const suggestion = nearest(key, this.known);
    this.report.error(code, this.node.keyPlace(index), key, expected, suggestion);
  }

  private ofKind(name: string, kind: NodeKind, expected: string): Node | null {
    const value = this.child(name);
    if (value === null || value.kind == kind) return value;
    failType(value, this.report, expected);
    return null;
  }

  // Both spellings of one field are a mistake: nobody could say which one counts.
  private take(name: string): i32 {
    const first = this.node.indexOf(name);
    if (first < 0) return -1;
    this.seen[first] = true;
    for (let at = this.node.indexOf(name, first + 1); at >= 0;) {
      this.seen[at] = true;
      const place = this.node.keyPlace(at);
      const related = this.node.keyPlace(first);
      const key = this.node.keys[at];
      this.report.conflict(DiagnosticCode.DuplicateKey, place, key, "one spelling", related);
      at = this.node.indexOf(name, at + 1);
    }
    return first;
  }
}
