// A configuration document as a file: reads it, turns it into the JSON text that the filter parses,
// and finds the place in the file for what the filter reports (a JSON pointer, a key or a value, a
// byte offset inside a decoded string).

import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { isAlias, isScalar, type Node, type Scalar } from 'yaml';

import { convert, type Place } from './convert.ts';
import { jsonProblem } from './json-text.ts';
import type { SyntaxProblem } from './syntax.ts';
import { mapScalar } from './scalar.ts';
import { SourceText } from './source.ts';

/** A stretch of the file, as UTF-16 offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What to find in the file. */
export interface Target {
  readonly pointer: string;
  /** The key instead of its value. */
  readonly isKey?: boolean;
  /** Bytes (UTF-8) inside the decoded string at the pointer. */
  readonly offsetBytes?: number;
  readonly sizeBytes?: number;
  /** Which of several equal keys is meant: the offset of the key or value in the JSON text. */
  readonly jsonOffset?: number;
}

/** The file could not be read; the message names it and says why. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
  readonly file: string;
  readonly problem: string;

  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(`${file}: ${problem}`, options);
    this.file = file;
    this.problem = problem;
  }
}

export class DocumentFile {
  readonly source: SourceText;
  /** Compact JSON, in the order of the file; empty when there are problems. */
  readonly json: string;
  readonly problems: readonly SyntaxProblem[];
  readonly #places: ReadonlyMap<string, readonly Place[]>;

  constructor(name: string, text: string) {
    const body = text.startsWith('\ufeff') ? text.slice(1) : text;
    this.source = new SourceText(name, body);
    const converted = convert(body);
    const wrong =
      name.endsWith('.json') && converted.problems.length === 0 ? jsonProblem(body) : null;
    this.json = wrong === null ? converted.json : '';
    this.problems = wrong === null ? converted.problems : [wrong];
    this.#places = byPointer(converted.places);
  }

  /** Reads a file; `-` is the standard input. */
  static read(path: string): DocumentFile {
    const bytes = readBytes(path);
    if (!isUtf8(bytes)) throw new UnreadableFile(nameOf(path), 'not UTF-8 text');
    return new DocumentFile(nameOf(path), bytes.toString('utf8'));
  }

  /** Where the target stands; when it is absent its nearest parent, and the file's start at worst. */
  locate(target: Target): Span {
    for (let pointer = target.pointer; ; pointer = pointer.slice(0, pointer.lastIndexOf('/'))) {
      const place = this.#place(pointer, target);
      if (place !== undefined)
        return pointer === target.pointer ? this.#spanOf(place, target) : keyOrValue(place);
      if (pointer === '') return { start: 0, end: 0 };
    }
  }

  // Of equal keys the later one is the one to complain about, where nothing more is known.
  #place(pointer: string, target: Target): Place | undefined {
    const places = this.#places.get(pointer) ?? [];
    const { jsonOffset, isKey } = target;
    if (jsonOffset !== undefined)
      return places.findLast((place) => place.jsonStart <= jsonOffset) ?? places[0];
    return isKey === true ? places.findLast((place) => place.key !== null) : places[0];
  }

  #spanOf(place: Place, target: Target): Span {
    if (target.isKey === true && place.key !== null) return spanOfNode(place.key);
    const node = place.node;
    if (target.offsetBytes === undefined || !isScalar(node))
      return isAlias(node) || isScalar(node) ? spanOfNode(node) : keyOrValue(place);
    return this.#inside(node, target.offsetBytes, target.sizeBytes ?? 0) ?? spanOfNode(node);
  }

  #inside(scalar: Scalar, offsetBytes: number, sizeBytes: number): Span | null {
    const map = mapScalar(scalar, this.source.text);
    if (map === null) return null;
    const value = scalar.value as string;
    const first = unitAtByte(value, offsetBytes);
    const last = unitAtByte(value, offsetBytes + sizeBytes);
    const start = map[first] ?? map.at(-1) ?? 0;
    // The end of the last character, not the start of the next: a blank or a line end may lie
    // between them.
    const end = last > first ? this.#after(map, last) : start;
    return { start, end };
  }

  #after(map: readonly number[], last: number): number {
    const from = map[last - 1] ?? 0;
    const next = map[last] ?? from + 1;
    return this.source.text.slice(from, next).includes('\n') ? from + 1 : Math.max(next, from + 1);
  }
}

function byPointer(places: readonly Place[]): Map<string, Place[]> {
  const groups = new Map<string, Place[]>();
  for (const place of places) {
    const group = groups.get(place.pointer);
    if (group === undefined) groups.set(place.pointer, [place]);
    else group.push(place);
  }
  return groups;
}

function spanOfNode(node: Node): Span {
  return node.range ? { start: node.range[0], end: node.range[1] } : { start: 0, end: 0 };
}

// A list or a mapping is shown by its key: a caret under twenty lines tells nothing.
function keyOrValue(place: Place): Span {
  if (place.key !== null) return spanOfNode(place.key);
  const start = place.node === null ? 0 : spanOfNode(place.node).start;
  return { start, end: start };
}

/** The UTF-16 index of the character that holds a byte of the text's UTF-8 form. */
function unitAtByte(text: string, offsetBytes: number): number {
  let bytes = 0;
  let units = 0;
  for (const char of text) {
    const size = Buffer.byteLength(char);
    if (bytes + size > offsetBytes) return units;
    bytes += size;
    units += char.length;
  }
  return units;
}

/** What a file is called in messages. */
function nameOf(path: string): string {
  if (path === '') return '(no name)';
  return path === '-' ? '<stdin>' : path;
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path === '-' ? 0 : path);
  } catch (error) {
    const problem = reason(error as NodeJS.ErrnoException);
    throw new UnreadableFile(nameOf(path), problem, { cause: error });
  }
}

function reason(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return 'no such file';
  if (error.code === 'EISDIR') return 'a folder; expected a file';
  if (error.code === 'EACCES') return 'may not be read';
  return error.message;
}
