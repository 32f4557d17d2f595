// JSON text to a tree (RFC 8259, strictly). After an error it goes on as a person would, to find
// further ones; nesting is bounded, and so is the stack. Cold.

import { quoteBytes } from "../diagnostic/quote";
import { Report } from "../diagnostic/report";
import { isBudgetSpent } from "../memory/budget";
import { Region } from "../memory/region";
import { textOf } from "../memory/literal";
import { Slice, sizeOf, slice, subSlice } from "../memory/slice";
import { DOCUMENT_DEPTH_MAX } from "../shared/limits";
import { DiagnosticCode } from "../shared/diagnostics";
import { decodeRune, runeOf, runeSizeOf } from "../text/utf8";
import { JsonScanner } from "./json-scanner";
import { isWordByte, shownCharacter } from "./json-syntax";
import { KeySet } from "./key-set";
import { KEY_SIZE_MAX_BYTES, Node, NodeKind, VALUE_COUNT_MAX } from "./node";

/** Reads one document; `source` stays where it is for as long as the tree. */
export function readJson(source: Slice, region: Region, report: Report): Node | null {
  return new JsonReader(source, region, report).readDocument();
}

class JsonReader extends JsonScanner {
  private valueCount: i32 = 0;
  private openObjects: i32 = 0;
  private openLists: i32 = 0;

  constructor(source: Slice, region: Region, report: Report) {
    super(source, region, report);
  }

  /** The root; null when brackets, commas or quotes were wrong. */
  readDocument(): Node | null {
    this.skipBlanks();
    if (this.at == this.end) return this.close(this.open(NodeKind.Object, this.start));
    const root = this.readValue(0);
    this.skipBlanks();
    if (this.at < this.end && this.brokenCount == 0) {
      this.brokenCount++;
      this.fail(DiagnosticCode.TrailingText, this.at, this.at + 1, "");
    }
    return this.brokenCount > 0 ? null : root;
  }

  // Always goes on by at least one byte, unless at the end or at a comma, colon or closing bracket.
  private readValue(depth: i32): Node {
    if (++this.valueCount > VALUE_COUNT_MAX || isBudgetSpent()) return this.giveUp();
    const byte = this.peek();
    if (byte == 34) return this.readText();
    if (byte == 123 || byte == 91) {
      if (depth >= DOCUMENT_DEPTH_MAX) return this.skipTooDeep();
      return byte == 123 ? this.readObject(depth + 1) : this.readList(depth + 1);
    }
    if (byte == 45 || byte == 43 || byte == 46 || <u32>byte - 48 < 10) return this.readNumber();
    if (isWordByte(byte)) return this.readWord();
    const node = this.open(NodeKind.Null, this.at);
    if (byte == 39) this.skipSingleQuoted();
    else this.failCharacter("a JSON value");
    return this.close(node);
  }

  private readList(depth: i32): Node {
    const list = this.open(NodeKind.List, this.at++);
    const outer = this.enter(list);
    this.openLists++;
    let needsComma: bool = false;
    while (this.atItem(list, needsComma, 93)) {
      const count = this.brokenCount;
      this.isInValue = true;
      const item = this.readValue(depth);
      this.isInValue = false;
      list.addItem(item);
      this.skipBlanks();
      needsComma = this.readComma(93, count);
    }
    this.openLists--;
    this.container = outer;
    return this.close(list);
  }

  private readObject(depth: i32): Node {
    const object = this.open(NodeKind.Object, this.at++);
    const outer = this.enter(object);
    const keys = new KeySet(object);
    this.openObjects++;
    let needsComma: bool = false;
    while (this.atItem(object, needsComma, 125)) {
      const count = this.brokenCount;
      this.readMember(object, keys, depth);
      this.skipBlanks();
      needsComma = this.readComma(125, count);
    }
    this.openObjects--;
    this.container = outer;
    return this.close(object);
  }

  private readMember(object: Node, keys: KeySet, depth: i32): void {
    const key = this.readKey(depth);
    if (key === null) return;
    this.skipBlanks();
    if (this.peek() != 58) {
      this.failBoundary("`:` after a key");
      const byte = this.peek();
      if (byte == 44 || byte == 125 || byte == 93 || this.at == this.end) return;
    } else {
      this.at++;
      this.skipBlanks();
    }
    if (this.isAtBoundary()) {
      this.failBoundary("a value");
      return;
    }
    const isLong = sizeOf(key.text) > KEY_SIZE_MAX_BYTES;
    const name = textOf(subSlice(key.text, 0, KEY_SIZE_MAX_BYTES));
    this.key = name;
    this.isInValue = true;
    const value = this.readValue(depth);
    this.isInValue = false;
    value.keyOffset = key.sourceOffset;
    value.keySize = key.sourceSize;
    if (isLong) {
      this.failKey(key);
      return;
    }
    const first = keys.add(name, value);
    if (first >= 0) this.failDuplicate(object, first, name, value);
  }

  private failKey(key: Node): void {
    if (this.report.countsOnly()) return;
    const place = this.placeOf(this.start + key.sourceOffset, this.start + key.sourceOffset + 1);
    const limit = "a key of at most " + KEY_SIZE_MAX_BYTES.toString() + " bytes";
    this.report.error(DiagnosticCode.TextTooLong, place, sizeOf(key.text).toString(), limit);
  }

  private failDuplicate(object: Node, first: i32, name: string, value: Node): void {
    if (this.report.countsOnly()) return;
    const related = object.keyPlace(first);
    const place = object.keyPlace(first);
    place.sourceOffset = value.keyOffset;
    place.sourceSize = value.keySize;
    this.report.conflict(DiagnosticCode.DuplicateKey, place, name, "each key once", related);
  }

  // A key with or without quotes; null after something else, which is then skipped.
  private readKey(depth: i32): Node | null {
    const byte = this.peek();
    if (byte == 34) return this.readText();
    const from = this.at;
    if (byte == 39) {
      this.skipSingleQuoted();
    } else if (isWordByte(byte)) {
      this.skipWord();
      this.breakOff(from, "a key in double quotes");
    } else if (byte == 123 || byte == 91) {
      this.failBoundary("a key in double quotes");
      this.readValue(depth);
    } else {
      this.failCharacter("a key in double quotes");
      return null;
    }
    const key = this.open(NodeKind.Text, from);
    key.text = slice(from, this.at - from);
    return this.close(key);
  }

  // Whether another item begins; false behind the closing bracket, or where the list must end.
  private atItem(container: Node, afterComma: bool, closing: u8): bool {
    while (true) {
      this.skipBlanks();
      if (this.at == this.end) return this.failOpen(container, closing);
      const byte = this.peek();
      if (byte == closing) {
        if (afterComma) this.failBoundary("a value behind the comma, or no comma");
        this.at++;
        return false;
      }
      if (byte == 44 || byte == 58) {
        this.failBoundary("a value");
        this.at++;
      } else if (byte == 125 || byte == 93) {
        this.failBoundary(separators(closing));
        // Probably the container's own bracket is missing: let the outer one end here.
        if ((byte == 125 ? this.openObjects : this.openLists) > 0) return false;
        this.at++;
      } else {
        return true;
      }
    }
  }

  // Whether a comma was read. A missing one is reported, unless the value before was wrong already.
  private readComma(closing: u8, brokenCount: i32): bool {
    const byte = this.peek();
    if (byte == 44 && this.at < this.end) {
      this.at++;
      return true;
    }
    if (this.isAtBoundary() || this.brokenCount > brokenCount) return false;
    this.failBoundary(separators(closing));
    return false;
  }

  private failOpen(container: Node, closing: u8): bool {
    this.brokenCount++;
    if (this.isEnded) return false;
    this.isEnded = true;
    if (this.report.countsOnly()) return false;
    const what = closing == 93 ? "a list" : "an object";
    const opening = this.start + container.sourceOffset;
    const place = this.placeOf(this.end, this.end);
    const related = this.placeOf(opening, opening + 1);
    const expected = closing == 93 ? "`]`" : "`}`";
    this.report.conflict(DiagnosticCode.UnexpectedEnd, place, what, expected, related);
    return false;
  }

  private skipSingleQuoted(): void {
    const from = this.at++;
    while (this.at < this.end && load<u8>(this.at) != 39 && load<u8>(this.at) != 10) this.at++;
    if (this.peek() == 39) this.at++;
    this.breakOff(from, "double quotes");
  }

  // Skips the value without recursion.
  private skipTooDeep(): Node {
    const node = this.open(NodeKind.Null, this.at);
    const limit = DOCUMENT_DEPTH_MAX.toString();
    if (!this.report.countsOnly()) this.fail(DiagnosticCode.TooDeep, this.at, this.at + 1, limit);
    let depth = 0;
    while (this.at < this.end) {
      const byte = load<u8>(this.at++);
      if (byte == 34) this.skipText();
      else if (byte == 123 || byte == 91) depth++;
      else if ((byte == 125 || byte == 93) && --depth == 0) break;
    }
    return this.close(node);
  }

  private skipText(): void {
    while (this.at < this.end) {
      const byte = load<u8>(this.at++);
      if (byte == 34) return;
      if (byte == 92) this.at = min(this.at + 1, this.end);
    }
  }

  private giveUp(): Node {
    const found = VALUE_COUNT_MAX.toString();
    this.brokenCount++;
    this.fail(DiagnosticCode.TooManyValues, this.at, this.at + 1, found);
    this.at = this.end;
    this.isEnded = true;
    return this.close(this.open(NodeKind.Null, this.at));
  }

  private enter(container: Node): Node | null {
    const outer = this.container;
    // Set here already for the pointers of errors inside.
    container.parent = outer;
    container.key = this.key;
    if (outer !== null) container.index = outer.items.length;
    this.isInValue = false;
    this.container = container;
    return outer;
  }

  private isAtBoundary(): bool {
    if (this.at == this.end) return true;
    const byte = this.peek();
    return byte == 44 || byte == 58 || byte == 125 || byte == 93;
  }

  // An error about the character at `at`, or about the end of the text.
  private failBoundary(expected: string): void {
    if (this.at == this.end) return;
    this.brokenCount++;
    if (this.report.countsOnly()) return;
    const decoded = decodeRune(this.at, this.end);
    const found = shownCharacter(runeOf(decoded));
    const until = this.at + runeSizeOf(decoded);
    this.fail(DiagnosticCode.UnexpectedCharacter, this.at, until, found, expected);
  }

  // The same about what was read since `from`.
  private breakOff(from: usize, expected: string): void {
    this.brokenCount++;
    if (this.report.countsOnly()) return;
    const found = "`" + quoteBytes(slice(from, this.at - from)) + "`";
    this.fail(DiagnosticCode.UnexpectedCharacter, from, this.at, found, expected);
  }
}

function separators(closing: u8): string {
  return closing == 93 ? "`,` or `]`" : "`,` or `}`";
}
