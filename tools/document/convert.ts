// YAML to JSON text, one pass, keeping what a plain object would lose: the order of keys, keys
// given twice, the digits of numbers. The filter's parser reads that JSON; the places recorded here
// lead back to the file. It judges nothing about the document itself.

import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Document,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';

import { parseYaml, YAML_DEPTH_MAX } from './parse.ts';
import { resourceProblems } from './resource.ts';
import type { SyntaxProblem } from './syntax.ts';

/** Where a value stands: its key and its node in the file, and where both begin in the JSON text. */
export interface Place {
  readonly pointer: string;
  readonly key: Node | null;
  readonly node: Node | null;
  readonly jsonStart: number;
}

export interface Converted {
  readonly json: string;
  readonly places: readonly Place[];
  readonly problems: readonly SyntaxProblem[];
}

/** Aliases may repeat a part of the file; together they may not make more than this. */
const ALIASED_SIZE_MAX_CHARS = 4_194_304;
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Converts one YAML (or JSON) document. With problems, the JSON text is not to be used. */
export function convert(text: string): Converted {
  const parsed = parseYaml(text);
  const { documents } = parsed;
  const problems = [...parsed.problems];
  const second = documents[1];
  const resources = resourceProblems(documents);
  problems.push(...resources);
  if (resources.length === 0 && second !== undefined && second.contents !== null) {
    problems.push({
      start: second.range[0],
      end: second.range[0],
      message: 'a second document begins here; expected one document in a file',
    });
  }
  if (problems.length > 0) return { json: '', places: [], problems };
  const first = documents[0];
  if (first?.contents == null || (isScalar(first.contents) && first.contents.value === null))
    return { json: '{}', places: [], problems };
  const writer = new Writer(first, Math.max(ALIASED_SIZE_MAX_CHARS, 2 * text.length));
  writer.value(first.contents, '', 0);
  return { json: writer.json, places: writer.places, problems: writer.problems };
}

/** The key of a value, and where it begins in the JSON text. */
interface Entry {
  readonly key: Node | null;
  readonly start: number;
}

const NO_KEY: Entry = { key: null, start: 0 };

class Writer {
  json = '';
  readonly places: Place[] = [];
  readonly problems: SyntaxProblem[] = [];
  readonly #document: Document.Parsed;
  readonly #sizeMaxChars: number;
  /** The last alias, not counting those within what one repeats. */
  #alias: Node | null = null;
  #isRepeating = false;

  constructor(document: Document.Parsed, sizeMaxChars: number) {
    this.#document = document;
    this.#sizeMaxChars = sizeMaxChars;
  }

  value(node: Node | null, pointer: string, depth: number, entry: Entry = NO_KEY): void {
    const jsonStart = entry.key === null ? this.json.length : entry.start;
    this.places.push({ pointer, key: entry.key, node, jsonStart });
    if (this.#isTooMuch(node, depth)) this.json += 'null';
    else if (isAlias(node)) this.#repeat(node.resolve(this.#document), node, pointer, depth);
    else if (isMap(node)) this.#map(node, pointer, depth);
    else if (isSeq(node)) this.#list(node, pointer, depth);
    else this.json += isScalar(node) ? this.#scalar(node) : 'null';
  }

  #isTooMuch(node: Node | null, depth: number): boolean {
    if (depth <= YAML_DEPTH_MAX && this.json.length <= this.#sizeMaxChars) return false;
    if (this.problems.length > 0) return true;
    const size = `${this.#sizeMaxChars} characters`;
    if (depth > YAML_DEPTH_MAX) this.#problem(node, `nested deeper than ${YAML_DEPTH_MAX} levels`);
    else if (this.#alias === null) this.#problem(node, `larger than ${size}`);
    else this.#problem(this.#alias, `with what the aliases up to here repeat, larger than ${size}`);
    return true;
  }

  #repeat(target: Node | undefined, alias: Node, pointer: string, depth: number): void {
    if (target === undefined) this.#problem(alias, 'this alias names no anchor before it');
    const isOutermost = !this.#isRepeating;
    if (isOutermost) this.#alias = alias;
    this.#isRepeating = true;
    this.value(target ?? null, pointer, depth + 1);
    this.#isRepeating = !isOutermost;
  }

  #map(map: YAMLMap, pointer: string, depth: number): void {
    this.json += '{';
    map.items.forEach((item, index) => {
      const pair = item as Pair<Node | null, Node | null>;
      const name = this.#name(pair);
      if (index > 0) this.json += ',';
      const entry = { key: pair.key, start: this.json.length };
      this.json += `${JSON.stringify(name)}:`;
      this.value(pair.value, `${pointer}/${escapePointer(name)}`, depth + 1, entry);
    });
    this.json += '}';
  }

  #name(pair: Pair<Node | null, Node | null>): string {
    const key = isAlias(pair.key) ? (pair.key.resolve(this.#document) ?? null) : pair.key;
    if (key === null || !isScalar(key)) {
      this.#problem(pair.key ?? pair.value, 'a key must be a plain word or a string');
      return '';
    }
    return typeof key.value === 'string' ? key.value : (key.source ?? '');
  }

  #list(list: YAMLSeq, pointer: string, depth: number): void {
    this.json += '[';
    list.items.forEach((item, index) => {
      if (index > 0) this.json += ',';
      if (isPair(item))
        this.#problem(item.key as Node | null, 'a pair without braces cannot stand in a list');
      else this.value(item as Node, `${pointer}/${index}`, depth + 1);
    });
    this.json += ']';
  }

  #scalar(scalar: Scalar): string {
    const value: unknown = scalar.value;
    const isNumber = typeof value === 'number' || typeof value === 'bigint';
    if (!isNumber) return JSON.stringify(value ?? null);
    const source = scalar.source ?? '';
    if (JSON_NUMBER.test(source)) return source;
    if (typeof value === 'bigint' || Number.isFinite(value)) return String(value);
    this.#problem(scalar, `${source} is no number in JSON; quote it if a string is meant`);
    return 'null';
  }

  #problem(node: Node | null, message: string): void {
    const range = node?.range ?? [0, 0, 0];
    this.problems.push({ start: range[0], end: range[1], message });
  }
}

/** One step of a JSON pointer (RFC 6901). */
export function escapePointer(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}
