// From an offset in a decoded YAML string back to the offset in the file where that character was
// written: through quotes, escapes, folded lines and block indentation. Each style is decoded once
// more, with its offsets; when the result is not the string that the YAML parser read, the answer
// is "unknown", never a wrong place.

import { Scalar } from 'yaml';

/** For each UTF-16 unit of the decoded string, and one past its end, the offset in the file. */
export type ScalarMap = readonly number[];

/** The map of a scalar, or null where its spelling is not understood. */
export function mapScalar(scalar: Scalar, text: string): ScalarMap | null {
  if (typeof scalar.value !== 'string' || !scalar.range) return null;
  const [start, end] = scalar.range;
  const trials = isBlock(scalar)
    ? blockTrials(scalar, text, start, end)
    : [flow(scalar, text, start, end)];
  for (const trial of trials) {
    if (trial.value === scalar.value) return [...trial.offsets, trial.end];
  }
  return null;
}

function isBlock(scalar: Scalar): boolean {
  return scalar.type === Scalar.BLOCK_LITERAL || scalar.type === Scalar.BLOCK_FOLDED;
}

class Decoded {
  value = '';
  readonly offsets: number[] = [];
  end: number;

  constructor(end: number) {
    this.end = end;
  }

  put(piece: string, offset: number): void {
    for (let index = 0; index < piece.length; index++) this.offsets.push(offset);
    this.value += piece;
  }

  /** Copies text that stands as it is. */
  copy(text: string, start: number, end: number): void {
    for (let at = start; at < end; at++) this.put(text.charAt(at), at);
  }

  dropTrailingBlanks(kept: number): void {
    while (this.value.length > kept && /[ \t]$/.test(this.value)) {
      this.value = this.value.slice(0, -1);
      this.offsets.pop();
    }
  }
}

// ---- plain and quoted

const ESCAPES: Readonly<Record<string, string>> = {
  0: '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};
const ESCAPE_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function flow(scalar: Scalar, text: string, start: number, end: number): Decoded {
  const quote =
    scalar.type === Scalar.QUOTE_DOUBLE ? '"' : scalar.type === Scalar.QUOTE_SINGLE ? "'" : '';
  const last = quote === '' ? end : end - 1;
  const decoded = new Decoded(last);
  let kept = 0;
  for (let at = start + quote.length; at < last;) {
    const char = text.charAt(at);
    if (char === '\n' || char === '\r') {
      decoded.dropTrailingBlanks(kept);
      at = fold(decoded, text, at, last);
    } else if (quote === '"' && char === '\\') {
      at = unescape(decoded, text, at, last);
      kept = decoded.value.length;
    } else {
      decoded.put(char, at);
      at += quote === "'" && char === "'" ? 2 : 1;
    }
  }
  return decoded;
}

/** A line end in a flow scalar: one becomes a blank, more become one fewer. */
function fold(decoded: Decoded, text: string, start: number, end: number): number {
  let breaks = 0;
  let at = start;
  for (; at < end && /[ \t\r\n]/.test(text.charAt(at)); at++)
    if (text.charAt(at) === '\n') breaks++;
  decoded.put(breaks > 1 ? '\n'.repeat(breaks - 1) : ' ', start);
  return at;
}

function unescape(decoded: Decoded, text: string, start: number, end: number): number {
  const char = text.charAt(start + 1);
  const digits = ESCAPE_DIGITS[char];
  if (digits !== undefined) {
    const code = Number.parseInt(text.slice(start + 2, start + 2 + digits), 16);
    decoded.put(code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd', start);
    return start + 2 + digits;
  }
  if (char === '\n' || char === '\r') {
    let at = start + 1;
    let breaks = 0;
    for (; at < end && /[ \t\r\n]/.test(text.charAt(at)); at++)
      if (text.charAt(at) === '\n') breaks++;
    decoded.put('\n'.repeat(Math.max(0, breaks - 1)), start);
    return at;
  }
  decoded.put(ESCAPES[char] ?? char, start);
  return start + 2;
}

// ---- block literal and block folded

const INDENT_MAX = 40;

/** The indentation may be given by a digit relative to a parent unknown here; all are tried, the text decides. */
function* blockTrials(
  scalar: Scalar,
  text: string,
  start: number,
  end: number,
): Generator<Decoded> {
  const headerEnd = text.indexOf('\n', start);
  if (headerEnd < 0 || headerEnd >= end) return;
  const chomp = /[+-]/.exec(text.slice(start, headerEnd).replace(/#.*$/, ''))?.[0] ?? '';
  for (let indent = 0; indent <= INDENT_MAX; indent++) {
    const decoded = new Decoded(end);
    const lines = blockLines(text, headerEnd + 1, end, indent);
    if (scalar.type === Scalar.BLOCK_LITERAL) literal(decoded, text, lines, chomp);
    else folded(decoded, text, lines, chomp);
    yield decoded;
  }
}

interface Line {
  readonly start: number;
  readonly end: number;
}

function blockLines(text: string, from: number, end: number, indent: number): Line[] {
  const lines: Line[] = [];
  for (let at = from; at < end;) {
    const newline = text.indexOf('\n', at);
    const stop = newline < 0 || newline > end ? end : newline;
    let start = at;
    while (start < stop && start - at < indent && text.charAt(start) === ' ') start++;
    lines.push({ start, end: text.charAt(stop - 1) === '\r' ? Math.max(start, stop - 1) : stop });
    at = stop + 1;
  }
  return lines;
}

function literal(decoded: Decoded, text: string, lines: readonly Line[], chomp: string): void {
  const last = lastFilled(lines);
  lines.slice(0, last + 1).forEach((line, index) => {
    if (index > 0) decoded.put('\n', lines[index - 1]?.end ?? line.start);
    decoded.copy(text, line.start, line.end);
  });
  finish(decoded, lines, last, chomp);
}

function folded(decoded: Decoded, text: string, lines: readonly Line[], chomp: string): void {
  const last = lastFilled(lines);
  let pending = 0;
  let previous: Line | null = null;
  for (const line of lines.slice(0, last + 1)) {
    if (line.start === line.end) {
      pending++;
      continue;
    }
    const isIndented = [previous, line].some(
      (each) => each !== null && /[ \t]/.test(text.charAt(each.start)),
    );
    const at = previous?.end ?? line.start;
    if (previous === null) decoded.put('\n'.repeat(pending), at);
    else if (isIndented) decoded.put('\n'.repeat(pending + 1), at);
    else decoded.put(pending > 0 ? '\n'.repeat(pending) : ' ', at);
    decoded.copy(text, line.start, line.end);
    previous = line;
    pending = 0;
  }
  finish(decoded, lines, last, chomp);
}

function lastFilled(lines: readonly Line[]): number {
  return lines.findLastIndex((line) => line.start < line.end);
}

function finish(decoded: Decoded, lines: readonly Line[], last: number, chomp: string): void {
  const end = lines[last]?.end ?? decoded.end;
  decoded.end = end;
  if (chomp === '-') return;
  if (chomp === '+') decoded.put('\n'.repeat(lines.length - last), end);
  else if (last >= 0) decoded.put('\n', end);
}
