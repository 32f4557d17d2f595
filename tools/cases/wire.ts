// Texts of cases on the wire: UTF-8, which node's HTTP wants as one character for each byte.

import type { Pair } from './types.ts';

export function toWire(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** UTF-8 where it is valid, else one character for each byte. */
export function fromWire(binary: string): string {
  const text = Buffer.from(binary, 'latin1').toString('utf8');
  return text.includes('\uFFFD') ? binary : text;
}

export function linesToWire(lines: readonly Pair[]): Pair[] {
  return lines.map(([name, value]): Pair => [name, toWire(value)]);
}

/** `rawHeaders` of node as lines with names in lower case. */
export function linesFromRaw(raw: readonly string[]): Pair[] {
  return Array.from({ length: raw.length / 2 }, (_, index): Pair => [
    (raw[2 * index] ?? '').toLowerCase(),
    fromWire(raw[2 * index + 1] ?? ''),
  ]);
}
