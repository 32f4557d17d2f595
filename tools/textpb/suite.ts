// The messages of Google's plugin tester (service-extensions, plugins/test/runner.proto) and how a tree becomes one.
// Texts of type bytes are binary strings, as everywhere in the host emulator.

import { closest } from 'fastest-levenshtein';
import { problemAt, type Field, type Message, type Place, type Scalar } from './tree.ts';

export interface Header {
  readonly key: string;
  readonly value: string;
}

export interface Input {
  readonly header: readonly Header[];
  readonly content?: string;
  readonly file?: string;
}

export interface Matcher {
  readonly invert?: boolean;
  readonly exact?: string;
  readonly regex?: string;
  readonly file?: string;
}

export interface Expectation {
  readonly has_header: readonly Header[];
  readonly no_header: readonly Header[];
  readonly headers: readonly Matcher[];
  readonly body: readonly Matcher[];
  readonly log: readonly Matcher[];
  readonly immediate?: {
    readonly http_status?: number;
    readonly grpc_status?: number;
    readonly details?: string;
  };
}

export interface Invocation {
  readonly input?: Input;
  readonly result?: Expectation;
}

export interface Test {
  readonly name: string;
  readonly benchmark?: boolean;
  readonly num_chunks?: number;
  readonly chunk_size?: number;
  readonly properties: readonly { readonly path: string; readonly value: string }[];
  readonly request_headers?: Invocation;
  readonly request_body: readonly Invocation[];
  readonly response_headers?: Invocation;
  readonly response_body: readonly Invocation[];
  readonly plugin_init?: Expectation;
  readonly stream_init?: Expectation;
  readonly stream_destroy?: Expectation;
}

export interface TestSuite {
  readonly env?: { readonly log_level?: LevelName; readonly time_secs?: number };
  readonly test: readonly Test[];
}

const LEVELS = ['UNDEFINED', 'TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL'] as const;
export type LevelName = (typeof LEVELS)[number];

/** Per message the type of each field; `[]` repeats. Fields of one `oneof` share the word behind the blank. */
const MESSAGES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  TestSuite: { env: 'Env', test: 'Test[]' },
  Env: {
    test_path: 'string',
    wasm_path: 'string',
    config_path: 'string',
    log_level: 'LogLevel',
    log_path: 'string',
    time_secs: 'uint',
    num_additional_streams: 'uint',
    additional_stream_advance_rate: 'uint',
  },
  Test: {
    name: 'string',
    benchmark: 'bool',
    num_chunks: 'uint plan',
    chunk_size: 'uint plan',
    properties: 'Property[]',
    request_headers: 'Invocation',
    request_body: 'Invocation[]',
    response_headers: 'Invocation',
    response_body: 'Invocation[]',
    plugin_init: 'Expectation',
    stream_init: 'Expectation',
    stream_destroy: 'Expectation',
  },
  Property: { path: 'string', value: 'bytes' },
  Invocation: { input: 'Input', result: 'Expectation' },
  Input: { header: 'Header[]', content: 'bytes', file: 'string' },
  Header: { key: 'string', value: 'bytes' },
  Expectation: {
    has_header: 'Header[]',
    no_header: 'Header[]',
    headers: 'StringMatcher[]',
    body: 'StringMatcher[]',
    immediate: 'Immediate',
    log: 'StringMatcher[]',
  },
  Immediate: { http_status: 'uint', grpc_status: 'uint', details: 'string' },
  StringMatcher: {
    invert: 'bool',
    exact: 'bytes matcher',
    regex: 'string matcher',
    file: 'string matcher',
  },
};
/** What a field is that was left out, where that is not "absent". */
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  Test: { name: '' },
  Header: { key: '', value: '' },
  Property: { path: '', value: '' },
};

/** The suite of a tree; throws SuiteProblem at the first thing that is wrong. */
export function suiteOf(tree: Message, file: string): TestSuite {
  return new Reader(file).message(tree, 'TestSuite') as unknown as TestSuite;
}

class Reader {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  message({ fields }: Message, type: string): Record<string, unknown> {
    const known = MESSAGES[type] ?? {};
    const result: Record<string, unknown> = { ...DEFAULTS[type] };
    for (const [name, kind] of Object.entries(known)) if (kind.endsWith('[]')) result[name] = [];
    const seen = new Map<string, string>();
    for (const field of fields) this.#take(field, type, result, seen);
    return result;
  }

  #take(
    field: Field,
    type: string,
    result: Record<string, unknown>,
    seen: Map<string, string>,
  ): void {
    const { name, place } = field;
    const [kind = '', group = name] = (MESSAGES[type]?.[name] ?? '').split(' ');
    if (kind === '') this.#fail(place, unknownField(name, type));
    if (kind.endsWith('[]')) {
      (result[name] as unknown[]).push(this.#value(field, kind.slice(0, -2)));
      return;
    }
    const before = seen.get(group);
    if (before !== undefined)
      this.#fail(
        place,
        before === name
          ? `\`${name}\` stands here twice`
          : `\`${name}\` beside \`${before}\`: give one of them`,
      );
    seen.set(group, name);
    result[name] = this.#value(field, kind);
  }

  #value({ name, value, place }: Field, type: string): unknown {
    const isMessage = MESSAGES[type] !== undefined;
    if (value.kind === 'message') {
      if (isMessage) return this.message(value, type);
      return this.#fail(place, `\`${name}\` is a ${type}, not a message`);
    }
    if (isMessage) this.#fail(place, `\`${name}\` is a message: expected \`${name} { … }\``);
    const scalar = scalarOf(value, type);
    if (scalar === undefined)
      this.#fail(
        place,
        `\`${name}\`: expected ${EXPECTED[type] ?? type}, found \`${textOf(value)}\``,
      );
    return scalar;
  }

  #fail(place: Place, message: string): never {
    throw problemAt(this.#file, place, message);
  }
}

const EXPECTED: Readonly<Record<string, string>> = {
  uint: 'a whole number',
  bool: 'true or false',
  LogLevel: LEVELS.join(', '),
};
const TRUE: ReadonlySet<string> = new Set(['true', 'True', 't', '1']);
const FALSE: ReadonlySet<string> = new Set(['false', 'False', 'f', '0']);

function scalarOf(value: Scalar, type: string): string | number | boolean | undefined {
  const text = textOf(value);
  switch (type) {
    case 'bytes':
      return Buffer.from(value.bytes).toString('latin1');
    case 'string':
      return text;
    case 'bool':
      if (value.isQuoted || !(TRUE.has(text) || FALSE.has(text))) return undefined;
      return TRUE.has(text);
    case 'LogLevel':
      return LEVELS.find((name, number) => name === text || String(number) === text);
    default:
      return !value.isQuoted && /^(0x[0-9a-fA-F]+|\d+)$/.test(text) ? Number(text) : undefined;
  }
}

function textOf({ bytes }: Scalar): string {
  return Buffer.from(bytes).toString('utf8');
}

function unknownField(name: string, type: string): string {
  const names = Object.keys(MESSAGES[type] ?? {});
  return `${type} has no field \`${name}\`; did you mean \`${closest(name, names)}\`?`;
}
