// The nearest known name for one that is unknown. Cold, and only when something is wrong.

import { lowerCase, replaced } from "../text/strings";
/** Longer names are not compared. */
const NAME_SIZE_MAX_CHARS = 64;
const EDIT_COUNT_MAX = 2;
/** Two edits and a few underscores. */
const LENGTH_DIFFERENCE_MAX_CHARS = 6;
/** Shorter words begin too many. */
const WORD_SIZE_MIN_CHARS = 3;

/**
 * The name of `known` within two edits of `name` (insertion, deletion, replacement, exchange of
 * neighbours; case, `_` and `-` do not count); the first of the nearest, "" when there is none.
 * Names of up to three letters must be within one edit.
 */
export function nearest(name: string, known: string[]): string {
  const wanted = folded(name);
  if (wanted.length == 0 || wanted.length > NAME_SIZE_MAX_CHARS) return "";
  let best = "";
  let bestCount = wanted.length <= 3 ? 2 : EDIT_COUNT_MAX + 1;
  for (let index = 0; index < known.length; index++) {
    if (abs(known[index].length - name.length) > LENGTH_DIFFERENCE_MAX_CHARS) continue;
    const count = editCount(wanted, folded(known[index]));
    if (count < bestCount && count < known[index].length) {
      best = known[index];
      bestCount = count;
    }
  }
  return best;
}

/**
 * The nearest of a few words; else the only one that begins with `word`, or that `word` begins
 * with, whatever their case: WARNING for `warn`.
 */
export function nearestWord(word: string, words: string[]): string {
  const near = nearest(word, words);
  if (near.length > 0 || word.length < WORD_SIZE_MIN_CHARS) return near;
  const wanted = folded(word);
  let found = "";
  for (let at = 0; at < words.length; at++) {
    const each = folded(words[at]);
    if (!each.startsWith(wanted) && !wanted.startsWith(each)) continue;
    if (found.length > 0) return "";
    found = words[at];
  }
  return found;
}

/** What is expected where something of the document is named; Mixer's long names are told apart. */
export function expectedReference(what: string, name: string): string {
  const expected = what + " of the document, or one written here";
  if (!name.includes(".")) return expected;
  return (
    expected + "; by its name alone, without kind and namespace as in Mixer's `NAME.KIND.NAMESPACE`"
  );
}

/** What is expected where a name is no attribute: a word may be a text that lost its quotes. */
export function expectedAttribute(name: string): string {
  return name.includes(".") ? "" : 'an attribute; a text stands in quotes: `"' + name + '"`';
}

/** The nearest for a reference: of Mixer's `NAME.KIND` and `NAME.KIND.NAMESPACE` the known NAME. */
export function nearestReference(name: string, known: string[]): string {
  const dot = name.indexOf(".");
  const first = dot < 0 ? "" : name.substring(0, dot);
  return known.includes(first) ? first : nearest(name, known);
}

function folded(name: string): string {
  let text = lowerCase(name);
  if (text.includes("_")) text = replaced(text, "_", "");
  return text.includes("-") ? replaced(text, "-", "") : text;
}

// Three rows of the usual table; more than EDIT_COUNT_MAX may come out as any larger number.
function editCount(left: string, right: string): i32 {
  const difference = left.length - right.length;
  if (difference > EDIT_COUNT_MAX || difference < -EDIT_COUNT_MAX) return EDIT_COUNT_MAX + 1;
  const width = right.length + 1;
  let before = new StaticArray<i32>(width);
  let above = new StaticArray<i32>(width);
  let row = new StaticArray<i32>(width);
  for (let column = 0; column < width; column++) above[column] = column;
  for (let line = 1; line <= left.length; line++) {
    row[0] = line;
    for (let column = 1; column < width; column++) {
      const isSame = left.charCodeAt(line - 1) == right.charCodeAt(column - 1);
      let count = above[column - 1] + (isSame ? 0 : 1);
      count = min(count, min(above[column], row[column - 1]) + 1);
      if (isExchange(left, right, line, column)) count = min(count, before[column - 2] + 1);
      row[column] = count;
    }
    const oldest = before;
    before = above;
    above = row;
    row = oldest;
  }
  return above[width - 1];
}

function isExchange(left: string, right: string, line: i32, column: i32): bool {
  if (line < 2 || column < 2) return false;
  return (
    left.charCodeAt(line - 1) == right.charCodeAt(column - 2) &&
    left.charCodeAt(line - 2) == right.charCodeAt(column - 1)
  );
}
