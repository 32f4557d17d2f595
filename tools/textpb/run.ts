// Runs the tests of a suite with a document, each on a VM of its own, phase by phase.

import { LOG_LEVELS, type LogLevel } from '../host/abi.ts';
import { Expectations, type ReadFile, type TextpbDifference } from './expectations.ts';
import { headersOfText } from './http1.ts';
import type { Input, Invocation, LevelName, Test, TestSuite } from './suite.ts';
import { SuiteProblem } from './tree.ts';
import { TesterHeaders } from './tester-headers.ts';
import { Tester, type PhaseResult } from './tester.ts';

export interface TextpbRun {
  readonly wasm: string;
  /** The document as JSON. */
  readonly configuration: string;
  /** Reads a file that the suite names, as a binary string. */
  readonly read: ReadFile;
}

/** What differs in one test; empty: it passed. */
export async function runTest(
  suite: TestSuite,
  test: Test,
  { wasm, configuration, read }: TextpbRun,
): Promise<readonly TextpbDifference[]> {
  const { log_level: level, time_secs: timeSecs } = suite.env ?? {};
  const tester = await Tester.load({
    wasm,
    configuration,
    properties: new Map(
      test.properties.map(({ path, value }) => [path, value]).reverse() as [string, string][],
    ),
    logLevel: levelOf(level),
    ...(timeSecs === undefined ? {} : { timeSecs }),
  });
  const expectations = new Expectations(read);
  try {
    new TestRun(test, tester, expectations, read).run();
  } catch (error) {
    if (!(error instanceof SuiteProblem)) throw error;
    expectations.fail('the test', 'input', 'an input that can be read', error.message);
  }
  const trap = tester.trap();
  if (trap !== null) expectations.fail('the filter', 'VM', 'no trap', trap);
  return expectations.found;
}

class TestRun {
  readonly #test: Test;
  readonly #tester: Tester;
  readonly #expectations: Expectations;
  readonly #read: ReadFile;

  constructor(test: Test, tester: Tester, expectations: Expectations, read: ReadFile) {
    this.#test = test;
    this.#tester = tester;
    this.#expectations = expectations;
    this.#read = read;
  }

  run(): void {
    const test = this.#test;
    const tester = this.#tester;
    const expectations = this.#expectations;
    if (!tester.start()) {
      expectations.fail('plugin_init', 'configuration', 'accepted', tester.log().join('\n'));
      return;
    }
    expectations.log('plugin_init', test.plugin_init, tester.log());
    tester.clearLog();
    tester.open();
    expectations.log('stream_init', test.stream_init, tester.log());
    this.#headers('request_headers', test.request_headers);
    this.#bodies('request_body', test.request_body);
    this.#headers('response_headers', test.response_headers);
    this.#bodies('response_body', test.response_body);
    tester.destroy();
    expectations.log('stream_destroy', test.stream_destroy, tester.log());
  }

  #headers(
    phase: 'request_headers' | 'response_headers',
    invocation: Invocation | undefined,
  ): void {
    if (invocation === undefined) return;
    const isRequest = phase === 'request_headers';
    const headers = headersOf(invocation.input, isRequest, this.#read);
    const tester = this.#tester;
    const result = isRequest ? tester.requestHeaders(headers) : tester.responseHeaders(headers);
    this.#expectations.check(phase, invocation.result, result);
  }

  #bodies(phase: 'request_body' | 'response_body', invocations: readonly Invocation[]): void {
    const { num_chunks: count, chunk_size: size } = this.#test;
    const isPlanned = count !== undefined || size !== undefined;
    if (isPlanned && invocations.length > 1) {
      const wanted = 'one invocation, because the test plans its chunks';
      this.#expectations.fail(phase, 'invocations', wanted, String(invocations.length));
      return;
    }
    for (const [index, { input, result }] of invocations.entries()) {
      const body = input?.file === undefined ? (input?.content ?? '') : this.#read(input.file);
      const chunks = isPlanned ? chunksOf(body, count, size) : [body];
      const name = invocations.length > 1 ? `${phase} ${index + 1}` : phase;
      this.#expectations.check(name, result, this.#body(phase, chunks));
    }
  }

  /** All chunks of one invocation; its expectations are about their bodies, joined, and the last one's log. */
  #body(phase: 'request_body' | 'response_body', chunks: readonly string[]): PhaseResult {
    const tester = this.#tester;
    const results = chunks.map((chunk, index) => {
      const isEnd = index === chunks.length - 1;
      return phase === 'request_body'
        ? tester.requestBody(chunk, isEnd)
        : tester.responseBody(chunk, isEnd);
    });
    return {
      headers: new TesterHeaders(),
      body: results.map(({ body }) => body).join(''),
      status: 0,
      httpCode: 0,
      grpcCode: 0,
      details: '',
      log: results.slice(-1).flatMap(({ log }) => log),
    };
  }
}

function headersOf(input: Input | undefined, isRequest: boolean, read: ReadFile): TesterHeaders {
  const { header = [], content = '', file = '' } = input ?? {};
  if (file !== '') return headersOfText(read(file), isRequest);
  if (content !== '') return headersOfText(content, isRequest);
  return new TesterHeaders(header.map(({ key, value }) => [key, value]));
}

/** So many chunks, the last one taking the rest; or chunks of one size. */
function chunksOf(body: string, count: number | undefined, size = 1): string[] {
  if (body === '') return [''];
  const step = Math.max(1, count === undefined ? size : Math.floor(body.length / count));
  const chunks: string[] = [];
  let at = 0;
  while (at < body.length) {
    const isLast = count !== undefined && chunks.length === count - 1;
    const end = isLast ? body.length : at + step;
    chunks.push(body.slice(at, end));
    at = end;
  }
  return chunks;
}

function levelOf(level: LevelName | undefined): LogLevel {
  if (level === undefined || level === 'UNDEFINED') return 'info';
  return LOG_LEVELS.find((name) => name === level.toLowerCase()) ?? 'info';
}
