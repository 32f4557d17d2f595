// Compares what came of a phase with what a test expects of it, in the order in which Google's tester does. Regular
// expressions are RE2 and match the whole text.

import { RE2JS } from 're2js';
import { toText } from '../host/bytes.ts';
import type { Expectation, Matcher } from './suite.ts';
import type { PhaseResult } from './tester.ts';

/** One thing that is not as expected. */
export interface TextpbDifference {
  /** Where: `request_headers`, `response_body 2`. */
  readonly phase: string;
  readonly what: string;
  readonly wanted: string;
  readonly got: string;
}

/** The content of a file that a test names. */
export type ReadFile = (path: string) => string;

const CONTINUES: ReadonlySet<number> = new Set([0, 2]);
const ABSENT = 'absent';
const NOTHING: Expectation = { has_header: [], no_header: [], headers: [], body: [], log: [] };

/** A name as it was written and, as HTTP/1 likes it, with capitals: case tells no headers apart. */
function spellingsOf(name: string): string[] {
  const capitals = name.replace(/(?<=^|-)[a-z]/g, (letter) => letter.toUpperCase());
  return name === capitals ? [name] : [name, capitals];
}

/** Everything that differs. */
export class Expectations {
  readonly found: TextpbDifference[] = [];
  readonly #read: ReadFile;

  constructor(read: ReadFile) {
    this.#read = read;
  }

  fail(phase: string, what: string, wanted: string, got: string): void {
    this.found.push({ phase, what, wanted: toText(wanted), got: toText(got) });
  }

  /** Everything that a phase came to. */
  check(phase: string, given: Expectation | undefined, result: PhaseResult): void {
    const expected = given ?? NOTHING;
    for (const { key, value } of expected.has_header) {
      const got = result.headers.get(key);
      if (got !== value) this.fail(phase, `header ${key}`, value, got ?? ABSENT);
    }
    for (const { key } of expected.no_header) {
      const got = result.headers.get(key);
      if (got !== undefined) this.fail(phase, `header ${key}`, ABSENT, got);
    }
    const lines = result.headers.written.flatMap(([name, value]) =>
      spellingsOf(name).map((each) => `${each}: ${value}`),
    );
    for (const each of expected.headers) this.#match(phase, 'headers', each, lines);
    for (const each of expected.body) this.#match(phase, 'body', each, [result.body]);
    this.#checkImmediate(phase, expected, result);
    this.log(phase, expected, result.log);
  }

  /** Only the log: what the lifecycle of plugin and stream can be asked for. */
  log(phase: string, expected: Expectation | undefined, log: readonly string[]): void {
    const lines = log.map((line) => Buffer.from(line, 'utf8').toString('latin1'));
    for (const each of expected?.log ?? []) this.#match(phase, 'log', each, lines);
  }

  #checkImmediate(phase: string, expected: Expectation, result: PhaseResult): void {
    const wanted = expected.immediate;
    const isStopped = !CONTINUES.has(result.status);
    const isReply = isStopped && result.httpCode !== 0;
    if (wanted === undefined ? isStopped || result.httpCode !== 0 : !isReply) {
      const reply = `a local reply with ${result.httpCode} ${toText(result.details)}`.trimEnd();
      const got = isReply ? reply : isStopped ? 'the stream stopped' : 'the stream goes on';
      this.fail(
        phase,
        'outcome',
        wanted === undefined ? 'the stream goes on' : 'a local reply',
        got,
      );
      return;
    }
    if (wanted === undefined) return;
    this.#same(phase, 'HTTP status', wanted.http_status, result.httpCode);
    this.#same(phase, 'gRPC status', wanted.grpc_status, result.grpcCode);
    this.#same(phase, 'details', wanted.details, result.details);
  }

  #same(
    phase: string,
    what: string,
    wanted: string | number | undefined,
    got: string | number,
  ): void {
    if (wanted !== undefined && wanted !== got)
      this.fail(phase, what, JSON.stringify(wanted), JSON.stringify(got));
  }

  #match(phase: string, what: string, each: Matcher, lines: readonly string[]): void {
    const test = this.#tester(each);
    const isInverted = each.invert === true;
    if (typeof test === 'string') {
      this.fail(phase, what, 'a matcher that can be used', test);
      return;
    }
    if (lines.some(test) !== isInverted) return;
    const { regex, file, exact = '' } = each;
    const shape =
      regex !== undefined
        ? `/${regex}/`
        : file !== undefined
          ? `the content of ${file}`
          : JSON.stringify(toText(exact));
    const got = lines.length === 0 ? 'nothing' : lines.map((line) => toText(line)).join('\n');
    this.fail(phase, what, isInverted ? `nothing that is ${shape}` : shape, got);
  }

  /** The test for one line, or why there is none. */
  #tester({ exact, regex, file }: Matcher): ((line: string) => boolean) | string {
    if (exact !== undefined) return (line) => line === exact;
    try {
      if (file !== undefined) {
        const content = this.#read(file);
        return (line) => line === content;
      }
      if (regex === undefined) return 'no `exact`, `regex` or `file`';
      const pattern = RE2JS.compile(regex);
      return (line) => pattern.matches(toText(line));
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}
