// One line of somebody's file with carets under a part of it. Long lines are cut around the carets,
// control characters shown as blanks, so that nothing in the file can move the cursor.

import { codePoints, type SourceText } from '../document/source.ts';
import type { Span } from '../document/document.ts';
import type { Colors } from './output.ts';

const WIDTH_MAX_CHARS = 98;
const BEFORE_MIN_CHARS = 40;

/** Two lines without an end: `14 | text` and carets below; `note` follows the carets. */
export function excerpt(source: SourceText, span: Span, note: string, colors: Colors): string {
  const { line } = source.position(span.start);
  const characters = Array.from(source.line(line));
  const start = codePoints(source.text.slice(source.lineStart(line), span.start));
  const length = Math.max(
    1,
    Math.min(codePoints(source.text.slice(span.start, span.end)), characters.length - start),
  );
  const window = windowAround(characters.length, start, length);
  const isCutBefore = window.from > 0;
  const shown = characters.slice(window.from, window.until).map(visible).join('');
  const text = (isCutBefore ? '…' : '') + shown + (window.until < characters.length ? '…' : '');
  const carets = '^'.repeat(Math.min(length, Math.max(1, window.until - start)));
  const under = ' '.repeat(start - window.from + (isCutBefore ? 1 : 0)) + colors.red(carets);
  const gutter = String(line);
  const blank = ' '.repeat(gutter.length);
  const above = `  ${colors.dim(`${gutter} |`)} ${text}`;
  return `${above}\n  ${colors.dim(`${blank} |`)} ${under} ${note}`.trimEnd();
}

function windowAround(
  size: number,
  start: number,
  length: number,
): { from: number; until: number } {
  if (size <= WIDTH_MAX_CHARS) return { from: 0, until: size };
  const before = Math.max(BEFORE_MIN_CHARS, WIDTH_MAX_CHARS - length);
  const from = Math.max(
    0,
    Math.min(start - Math.min(before, start, BEFORE_MIN_CHARS), size - WIDTH_MAX_CHARS),
  );
  return { from, until: Math.min(size, from + WIDTH_MAX_CHARS) };
}

function visible(character: string): string {
  return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(character) ? ' ' : character;
}
