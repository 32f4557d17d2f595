// Diagnostics as JSON records: what `mixer_describe` hands to the tools, which show them over the
// YAML that a person wrote. Cold.

import { Diagnostic } from "./diagnostic";
import { codeName, messageOf } from "./message";
import { Place } from "./place";
import { SourceText } from "./source";
import { hexText, joined } from "../text/strings";

/** A JSON array with one object for each diagnostic. */
export function renderJson(diagnostics: Diagnostic[], source: SourceText): string {
  const records: string[] = [];
  for (let index = 0; index < diagnostics.length; index++) {
    records.push(recordOf(diagnostics[index], source));
  }
  return "[" + joined(records, ",\n") + "]";
}

/** A JSON string, quotes included; halves of surrogate pairs become U+FFFD. */
export function jsonText(text: string): string {
  const pieces: string[] = [];
  let from = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit >= 32 && unit != 34 && unit != 92 && (unit & 0xf800) != 0xd800) continue;
    pieces.push(text.substring(from, index));
    pieces.push(escaped(text, index));
    from = index + 1;
  }
  pieces.push(text.substring(from));
  return '"' + joined(pieces, "") + '"';
}

function recordOf(diagnostic: Diagnostic, source: SourceText): string {
  let text = "{" + member("code", codeName(diagnostic));
  text += "," + member("severity", diagnostic.isWarning ? "warning" : "error");
  text += "," + member("owner", diagnostic.owner);
  text += "," + placeMembers(diagnostic.place, source);
  text += "," + member("message", messageOf(diagnostic));
  text += "," + member("expected", diagnostic.expected);
  text += "," + member("suggestion", diagnostic.suggestion);
  const related = diagnostic.related;
  text += "," + member("related", related === null ? "" : related.pointer);
  return text + "}";
}

function placeMembers(place: Place, source: SourceText): string {
  let text = member("pointer", place.pointer);
  text += ',"key":' + (place.isKey ? "true" : "false");
  text += ',"offset":' + place.offset.toString() + ',"size":' + place.size.toString();
  if (place.sourceOffset < 0) return text;
  source.locate(place.sourceOffset);
  return text + ',"line":' + source.line.toString() + ',"column":' + source.column.toString();
}

function member(name: string, value: string): string {
  return '"' + name + '":' + jsonText(value);
}

function escaped(text: string, index: i32): string {
  const unit = text.charCodeAt(index);
  if (unit == 34) return '\\"';
  if (unit == 92) return "\\\\";
  if (unit < 32) return "\\u" + hexText(unit, 4);
  if ((unit & 0xf800) != 0xd800) return text.charAt(index);
  const isHigh = unit < 0xdc00;
  const isLow = !isHigh;
  if (isHigh && index + 1 < text.length && (text.charCodeAt(index + 1) & 0xfc00) == 0xdc00) {
    return text.charAt(index);
  }
  const follows = index > 0 && (text.charCodeAt(index - 1) & 0xfc00) == 0xd800;
  return isLow && follows ? text.charAt(index) : "\ufffd";
}
