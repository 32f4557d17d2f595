// The smallest parts of JSON text: blanks, words, numbers, strings. Reports what is wrong with each
// and goes on behind it; every byte is looked at a bounded number of times. Cold.

import { DOCUMENT_NUMBER_SIZE_MAX_BYTES } from "../shared/limits";
import { Place } from "../diagnostic/place";
import { quoteBytes } from "../diagnostic/quote";
import { Report } from "../diagnostic/report";
import { nearest } from "../diagnostic/suggest";
import { Region } from "../memory/region";
import { Slice, endOf, slice, startOf } from "../memory/slice";
import { DiagnosticCode } from "../shared/diagnostics";
import { parseDouble } from "../text/double";
import { decodeRune, encodeRune, isBroken, runeOf, runeSizeOf } from "../text/utf8";
import { LONE_SURROGATE, decodeEscape, escapeSize } from "./escape";
import { hexByte, isJsonNumber, isWordByte, shownCharacter } from "./json-syntax";
import { Node, NodeKind, pointerToken } from "./node";

/** No double needs as many digits; longer numbers are refused, so that reading stays linear. */
const NUMBER_SIZE_MAX_BYTES: usize = DOCUMENT_NUMBER_SIZE_MAX_BYTES;
/** Longer words are cut before they are compared; all that JSON knows are shorter. */
const WORD_SIZE_MAX_BYTES: usize = 65;
const NUMBER: usize = memory.data(8, 8);
const WORDS: string[] = ["true", "false", "null"];
const VALUE_EXPECTED = "a JSON value";

/** Reads tokens of one JSON text, from `at` to `end`. */
export class JsonScanner {
  protected at: usize;
  protected readonly start: usize;
  protected readonly end: usize;
  /** The object or list that is being read: errors point at it. */
  protected container: Node | null = null;
  /** Whether a value of it is being read, and under which key if it is an object. */
  protected isInValue: bool = false;
  protected key: string = "";
  /** How often brackets, commas or quotes were wrong, so that the tree cannot be trusted. */
  protected brokenCount: i32 = 0;
  /** Whether the end of the text was reported; the containers that are open then say nothing. */
  protected isEnded: bool = false;

  constructor(
    protected readonly source: Slice,
    protected readonly region: Region,
    protected readonly report: Report,
  ) {
    this.start = startOf(source);
    this.at = this.start;
    this.end = endOf(source);
  }

  /** Skips blanks; comments too, after reporting the first one. */
  protected skipBlanks(): void {
    while (this.at < this.end) {
      const byte = load<u8>(this.at);
      if (byte == 32 || byte == 10 || byte == 13 || byte == 9) this.at++;
      else if (byte == 35 || (byte == 47 && this.isCommentStart())) this.skipComment();
      else return;
    }
  }

  /** The byte at `at`; 0 at the end (a NUL in the text is an unexpected character anyway). */
  protected peek(): u8 {
    return this.at < this.end ? load<u8>(this.at) : 0;
  }

  /** A new node that begins at `from`; its end is set by `close`. */
  protected open(kind: NodeKind, from: usize): Node {
    const node = new Node(kind, this.source);
    node.sourceOffset = <i32>(from - this.start);
    return node;
  }

  /** Ends the node at `at`. */
  protected close(node: Node): Node {
    node.sourceSize = <i32>(this.at - this.start) - node.sourceOffset;
    return node;
  }

  /** An error about the bytes from `from` to `until`. */
  protected fail(
    code: DiagnosticCode,
    from: usize,
    until: usize,
    found: string,
    expected: string = "",
  ): void {
    this.report.error(code, this.placeOf(from, until), found, expected);
  }

  /** A place in the container that is being read. */
  protected placeOf(from: usize, until: usize): Place {
    const container = this.container;
    let pointer = "";
    if (container !== null) {
      const isList = container.kind == NodeKind.List;
      const token = isList ? container.items.length.toString() : pointerToken(this.key);
      pointer = container.pointer() + (this.isInValue ? "/" + token : "");
    }
    const offset = <i32>(from - this.start);
    return new Place(pointer, false, -1, 0, offset, <i32>(until - from));
  }

  /** One character that cannot stand here; skips it. */
  protected failCharacter(expected: string): void {
    this.brokenCount++;
    const decoded = decodeRune(this.at, this.end);
    const from = this.at;
    this.at += runeSizeOf(decoded);
    if (this.report.countsOnly()) return;
    const found = isBroken(decoded) ? hexByte(load<u8>(from)) : shownCharacter(runeOf(decoded));
    this.fail(DiagnosticCode.UnexpectedCharacter, from, this.at, found, expected);
  }

  /** true, false, null; any other word is reported and reads as null. */
  protected readWord(): Node {
    const from = this.at;
    this.skipWord();
    const text = quoteBytes(slice(from, min<usize>(this.at - from, WORD_SIZE_MAX_BYTES)));
    const index = WORDS.indexOf(text);
    const node = this.open(index < 0 || index == 2 ? NodeKind.Null : NodeKind.Bool, from);
    node.isTrue = index == 0;
    if (index < 0) this.brokenCount++;
    if (index < 0 && !this.report.countsOnly()) {
      const place = this.placeOf(from, this.at);
      const suggestion = nearest(text, WORDS);
      this.report.error(DiagnosticCode.UnknownWord, place, text, VALUE_EXPECTED, suggestion);
    }
    return this.close(node);
  }

  /** A number; one that is written wrongly is reported and reads as 0. */
  protected readNumber(): Node {
    const from = this.at;
    const node = this.open(NodeKind.Number, from);
    this.skipWord();
    const written = slice(from, this.at - from);
    node.text = written;
    const size = this.at - from;
    if (size > NUMBER_SIZE_MAX_BYTES || !isJsonNumber(from, this.at)) {
      this.failNumber(DiagnosticCode.BadNumber, written, "a number as JSON writes it");
    } else if (parseDouble(written, NUMBER) && isFinite(load<f64>(NUMBER))) {
      node.double = load<f64>(NUMBER);
    } else {
      this.failNumber(DiagnosticCode.NumberTooLarge, written, "");
    }
    return this.close(node);
  }

  /**
   * A string, decoded; `at` is its opening quote. Its text is a slice of the source if it can be.
   */
  protected readText(): Node {
    const node = this.open(NodeKind.Text, this.at);
    const from = ++this.at;
    let isPlain = true;
    while (this.at < this.end) {
      const byte = load<u8>(this.at);
      if (byte == 34 || byte == 10) break;
      if (byte == 92) {
        isPlain = false;
        this.at += this.checkEscape();
      } else if (byte < 32) {
        this.failByte(DiagnosticCode.ControlCharacter, this.at++);
      } else if (byte < 0x80) {
        this.at++;
      } else if (!this.skipHighBytes()) {
        isPlain = false;
      }
    }
    const size = this.at - from;
    node.text = isPlain ? slice(from, size) : this.decode(from, size);
    if (this.peek() == 34 && this.at < this.end) this.at++;
    else this.failOpenText(from - 1);
    return this.close(node);
  }

  /** Skips letters, digits and what numbers are made of; at least one byte. */
  protected skipWord(): void {
    do this.at++;
    while (this.at < this.end && isWordByte(load<u8>(this.at)));
  }

  private failOpenText(from: usize): void {
    this.isEnded = this.at == this.end;
    this.brokenCount++;
    const expected = this.isEnded ? 'a closing `"`' : 'a closing `"` before the line ends';
    this.fail(DiagnosticCode.UnexpectedEnd, from, from + 1, "a string", expected);
  }

  private failNumber(code: DiagnosticCode, written: Slice, expected: string): void {
    if (this.report.countsOnly()) return;
    this.fail(code, startOf(written), endOf(written), quoteBytes(written), expected);
  }

  private failByte(code: DiagnosticCode, at: usize): void {
    if (!this.report.countsOnly()) this.fail(code, at, at + 1, hexByte(load<u8>(at)));
  }

  // Returns the size of the escape at `at`.
  private checkEscape(): usize {
    const rune = decodeEscape(this.at, this.end);
    const size = escapeSize;
    if (rune < LONE_SURROGATE) return size;
    const code = rune == LONE_SURROGATE ? DiagnosticCode.LoneSurrogate : DiagnosticCode.BadEscape;
    const isCut = size == 2 && load<u8>(this.at + 1) < 32;
    const shownSize: usize = isCut ? 1 : size;
    if (this.report.countsOnly()) return shownSize;
    this.fail(code, this.at, this.at + shownSize, quoteBytes(slice(this.at, shownSize)));
    return shownSize;
  }

  // False when there was a byte that is no UTF-8, which is then skipped.
  private skipHighBytes(): bool {
    const decoded = decodeRune(this.at, this.end);
    this.at += runeSizeOf(decoded);
    if (!isBroken(decoded)) return true;
    this.failByte(DiagnosticCode.NotUtf8, this.at - 1);
    return false;
  }

  // Decoded text is never longer than written; what could not be decoded becomes `?`.
  private decode(from: usize, size: usize): Slice {
    const until = from + size;
    const start = this.region.take(size + 4);
    let to = start;
    for (let at = from; at < until;) {
      if (load<u8>(at) == 92) {
        const rune = decodeEscape(at, this.end);
        to += encodeRune(rune < LONE_SURROGATE ? rune : 63, to);
        at += escapeSize;
        continue;
      }
      const decoded = decodeRune(at, until);
      const count = runeSizeOf(decoded);
      if (isBroken(decoded)) store<u8>(to, 63);
      else memory.copy(to, at, count);
      to += count;
      at += count;
    }
    return slice(start, to - start);
  }

  private isCommentStart(): bool {
    if (this.end - this.at < 2) return false;
    const next = load<u8>(this.at + 1);
    return next == 47 || next == 42;
  }

  private skipComment(): void {
    const from = this.at;
    const isBlock = load<u8>(this.at) == 47 && load<u8>(this.at + 1) == 42;
    this.at += isBlock ? 2 : 1;
    while (this.at < this.end && !this.isCommentEnd(isBlock)) this.at++;
    if (isBlock) this.at = min(this.at + 2, this.end);
    if (!this.report.countsOnly()) this.fail(DiagnosticCode.CommentNotAllowed, from, this.at, "");
  }

  private isCommentEnd(isBlock: bool): bool {
    const byte = load<u8>(this.at);
    if (!isBlock) return byte == 10;
    return byte == 42 && this.end - this.at > 1 && load<u8>(this.at + 1) == 47;
  }
}
