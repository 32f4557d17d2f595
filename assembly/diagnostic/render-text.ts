// A diagnostic as text for people: one line that can be searched for, the place, the line of the
// document with a caret under it, and what was expected. Cold; runs only when something is wrong.

import { Slice, endOf, isPresent, sizeOf, startOf } from "../memory/slice";
import { decodeRune, runeOf, runeSizeOf } from "../text/utf8";
import { Diagnostic } from "./diagnostic";
import { codeName, messageOf } from "./message";
import { Place } from "./place";
import { quoteText, safeCharacter } from "./quote";
import { SourceText } from "./source";

/** Longest piece of a line that is shown, and how much of it stands before the caret at least. */
const WINDOW_SIZE_MAX_CHARS = 98;
const WINDOW_BEFORE_MAX_CHARS = 40;
/** Longest pointer that is shown; of longer ones the end. In UTF-16 units. */
const POINTER_SIZE_SHOWN_MAX = 200;

/** The whole text; `hidden` are the places of secrets, shown as `*`. */
export function renderText(
  diagnostic: Diagnostic,
  plugin: string,
  source: SourceText,
  hidden: Place[],
): string {
  const place = diagnostic.place;
  let text = plugin + ": ";
  if (place.sourceOffset >= 0) text += position(place, source) + ": ";
  text += codeName(diagnostic) + " " + messageOf(diagnostic);
  if (place.pointer.length > 0 || diagnostic.owner.length > 0) text += where(diagnostic);
  const excerpt = excerptOf(diagnostic, source, hidden);
  text += excerpt;
  if (diagnostic.suggestion.length > 0) {
    text += (excerpt.length > 0 ? " " : "\n  ") + "did you mean `" + diagnostic.suggestion + "`?";
  }
  const related = diagnostic.related;
  if (related !== null) text += "\n  see " + placeName(related, source);
  if (diagnostic.expected.length > 0) text += "\n  expected " + diagnostic.expected;
  return text;
}

function where(diagnostic: Diagnostic): string {
  const owner = diagnostic.owner.length > 0 ? " (" + diagnostic.owner + ")" : "";
  return "\n  at " + pointerName(diagnostic.place) + owner;
}

function position(place: Place, source: SourceText): string {
  source.locate(place.sourceOffset);
  return source.line.toString() + ":" + source.column.toString();
}

function placeName(place: Place, source: SourceText): string {
  const pointer = pointerName(place);
  return place.sourceOffset < 0 ? pointer : position(place, source) + " (" + pointer + ")";
}

function pointerName(place: Place): string {
  const pointer = place.pointer;
  if (pointer.length == 0) return "/";
  const cut = pointer.length - POINTER_SIZE_SHOWN_MAX;
  const shown = cut <= 0 ? pointer : "…" + pointer.substring(cut);
  return quoteText(shown, 4 * POINTER_SIZE_SHOWN_MAX);
}

function excerptOf(diagnostic: Diagnostic, source: SourceText, hidden: Place[]): string {
  const place = diagnostic.place;
  if (place.sourceOffset >= 0 && isPresent(source.bytes)) {
    source.locate(place.sourceOffset);
    const window = new Window(source.bytes, place.sourceOffset, place.sourceSize, hidden);
    return window.render(source.line.toString());
  }
  if (!isPresent(place.text) || place.isKey || isHidden(place, hidden)) return "";
  const offset = place.offset < 0 ? 0 : place.offset;
  const size = place.offset < 0 ? <i32>sizeOf(place.text) : place.size;
  return new Window(place.text, offset, size, []).render("");
}

function isHidden(place: Place, hidden: Place[]): bool {
  for (let index = 0; index < hidden.length; index++) {
    if (hidden[index].pointer == place.pointer) return true;
  }
  return false;
}

/** A piece of one line around a span, never more than WINDOW_SIZE_MAX_CHARS characters. */
class Window {
  private at: usize;
  private spanEnd: usize;
  private start: usize;
  private until: usize;

  constructor(
    private bytes: Slice,
    offset: i32,
    size: i32,
    private hidden: Place[],
  ) {
    const end = endOf(bytes);
    this.at = min(startOf(bytes) + <usize>offset, end);
    this.spanEnd = min(this.at + <usize>size, end);
    this.start = this.at;
    this.until = this.at;
    const before = this.back(WINDOW_SIZE_MAX_CHARS);
    const after = this.forward(WINDOW_SIZE_MAX_CHARS);
    if (before + after > WINDOW_SIZE_MAX_CHARS) {
      const kept = max(WINDOW_BEFORE_MAX_CHARS, WINDOW_SIZE_MAX_CHARS - after);
      this.start = this.at;
      this.until = this.at;
      this.forward(WINDOW_SIZE_MAX_CHARS - this.back(kept));
    }
  }

  /** The line, its gutter, and the carets in the line below. */
  render(gutter: string): string {
    const cutBefore = this.start > startOf(this.bytes) && !isLineEnd(load<u8>(this.start - 1));
    const cutAfter = this.until < endOf(this.bytes) && !isLineEnd(load<u8>(this.until));
    let line = cutBefore ? "…" : "";
    let carets = cutBefore ? " " : "";
    for (let at = this.start; at < this.until;) {
      const decoded = decodeRune(at, this.until);
      line += this.isSecret(at) ? "*" : safeCharacter(runeOf(decoded));
      if (at < this.at) carets += " ";
      else if (at == this.at || at < this.spanEnd) carets += "^";
      at += runeSizeOf(decoded);
    }
    if (this.at == this.until) carets += "^";
    const bar = gutter.length > 0 ? gutter + " | " : "| ";
    const space = " ".repeat(gutter.length);
    const under = gutter.length > 0 ? space + " | " : "| ";
    return "\n  " + bar + line + (cutAfter ? "…" : "") + "\n  " + under + carets;
  }

  private back(count: i32): i32 {
    const first = startOf(this.bytes);
    let moved = 0;
    while (moved < count && this.start > first && !isLineEnd(load<u8>(this.start - 1))) {
      this.start--;
      if ((load<u8>(this.start) & 0xc0) != 0x80) moved++;
    }
    return moved;
  }

  private forward(count: i32): i32 {
    const end = endOf(this.bytes);
    let moved = 0;
    while (moved < count && this.until < end && !isLineEnd(load<u8>(this.until))) {
      this.until += runeSizeOf(decodeRune(this.until, end));
      moved++;
    }
    return moved;
  }

  private isSecret(at: usize): bool {
    const offset = <i32>(at - startOf(this.bytes));
    for (let index = 0; index < this.hidden.length; index++) {
      const place = this.hidden[index];
      const from = place.sourceOffset;
      if (from >= 0 && offset >= from && offset < from + place.sourceSize) return true;
    }
    return false;
  }
}

function isLineEnd(byte: u8): bool {
  return byte == 10 || byte == 13;
}
