// Cuts protobuf's text format into words (names, numbers, bools), strings with their escapes undone, and signs.

import { problemAt, type Place } from './tree.ts';

export interface Token extends Place {
  readonly kind: 'word' | 'string' | 'sign' | 'end';
  /** As it stands in the file. */
  readonly text: string;
  /** What a string or a word means. */
  readonly bytes: Uint8Array;
}

const BLANK = /(?:[ \t\r\n\v\f]|#[^\n]*)*/y;
const WORD = /[-+]?[\w.]+/y;
const STRING = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/y;
const SIGN = /[:{}<>[\],;]/y;
const ESCAPE =
  /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([abfnrtv\\'"?]))/y;
const CODE_POINT_MAX = 0x10ffff;

const SIMPLE: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
  "'": 39,
  '"': 34,
  '?': 63,
};

/** All tokens, the last one of kind `end`. */
export function lex(text: string, file: string): Token[] {
  const tokens: Token[] = [];
  const lineStarts = startsOfLines(text);
  let at = endOf(BLANK, text, 0);
  while (at < text.length) {
    const token = tokenAt(text, at, placeOf(lineStarts, at), file);
    tokens.push(token);
    at = endOf(BLANK, text, at + token.text.length);
  }
  return [
    ...tokens,
    { kind: 'end', text: '', bytes: new Uint8Array(0), ...placeOf(lineStarts, at) },
  ];
}

function tokenAt(text: string, at: number, place: Place, file: string): Token {
  const word = match(WORD, text, at);
  if (word !== null) return { kind: 'word', text: word, bytes: Buffer.from(word), ...place };
  const string = match(STRING, text, at);
  if (string !== null)
    return {
      kind: 'string',
      text: string,
      bytes: unescape(string.slice(1, -1), place, file),
      ...place,
    };
  const sign = match(SIGN, text, at);
  if (sign !== null) return { kind: 'sign', text: sign, bytes: Buffer.from(sign), ...place };
  const isOpen = text[at] === '"' || text[at] === "'";
  throw problemAt(
    file,
    place,
    isOpen ? 'the string does not end in its line' : `unexpected \`${text[at] ?? ''}\``,
  );
}

function unescape(content: string, place: Place, file: string): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  while (at < content.length) {
    const next = content.indexOf('\\', at);
    const end = next < 0 ? content.length : next;
    if (end > at) parts.push(Buffer.from(content.slice(at, end), 'utf8'));
    if (next < 0) break;
    ESCAPE.lastIndex = next;
    const found = ESCAPE.exec(content);
    if (found === null)
      throw problemAt(
        file,
        place,
        `unknown escape \`${content.slice(next, next + 2)}\` in a string`,
      );
    parts.push(escapedBytes(found, place, file));
    at = next + found[0].length;
  }
  return Buffer.concat(parts);
}

function escapedBytes(found: RegExpExecArray, place: Place, file: string): Uint8Array {
  const [, hex, short, long, octal, simple] = found;
  if (hex !== undefined) return Uint8Array.of(parseInt(hex, 16));
  if (octal !== undefined) return Uint8Array.of(parseInt(octal, 8) & 0xff);
  if (simple !== undefined) return Uint8Array.of(SIMPLE[simple] ?? 0);
  const point = parseInt(short ?? long ?? '0', 16);
  if (point > CODE_POINT_MAX) throw problemAt(file, place, `\`${found[0]}\` is no code point`);
  return Buffer.from(String.fromCodePoint(point), 'utf8');
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

function endOf(pattern: RegExp, text: string, at: number): number {
  return at + (match(pattern, text, at) ?? '').length;
}

function startsOfLines(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function placeOf(lineStarts: readonly number[], at: number): Place {
  let low = 0;
  let high = lineStarts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((lineStarts[middle] ?? 0) <= at) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: at - (lineStarts[low] ?? 0) + 1 };
}
