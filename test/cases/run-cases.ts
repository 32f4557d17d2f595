// Cases as data: what a `cases.yaml` says, how it is loaded, and how what a client and an operator saw is compared with
// it. Knows no runner; the emulator and a real Envoy share the expectations.

import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../../tools/build/root.ts';

/** What one client should see. Fields that are left out are not looked at. */
export interface ExpectedAnswer {
  readonly status?: number;
  readonly body?: string;
  /** Response headers with exactly these values. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Response headers that must not be there. */
  readonly absent?: readonly string[];
}

export interface CaseRequest {
  readonly method?: string;
  readonly path?: string;
  /** Several values make several lines. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** The caller's address. */
  readonly source?: string;
  /** How often the same request is sent; 1 if left out. */
  readonly times?: number;
  /** Time that passes before the first of them. */
  readonly after_ms?: number;
  readonly expect?: ExpectedAnswer;
}

/** What an operator should see when all requests are over. */
export interface ExpectedTraces {
  /** Stat name, without the prefix of wasm metrics, to value. */
  readonly metrics?: Readonly<Record<string, number>>;
  /** Expressions that some log line must match. */
  readonly log?: readonly string[];
  /** The document is refused, with diagnostics that match these expressions. */
  readonly refused?: readonly string[];
}

export interface Case {
  readonly name: string;
  readonly document: unknown;
  /** Where it can run; everywhere if left out. */
  readonly runners?: readonly string[];
  readonly requests?: readonly CaseRequest[];
  readonly expect?: ExpectedTraces;
}

/** A case with the folder it belongs to. */
export interface LoadedCase extends Case {
  readonly adapter: string;
}

/** What a client saw. */
export interface SeenAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** What an operator saw. */
export interface SeenTraces {
  readonly isRefused: boolean;
  readonly metrics: ReadonlyMap<string, number>;
  readonly log: readonly string[];
}

/** All cases of adapters/<name>/cases.yaml for a runner, by adapter. */
export function loadCases(runner: string): LoadedCase[] {
  const folder = join(ROOT, 'adapters');
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'cases.yaml')));
  return names.sort().flatMap((adapter) => {
    const text = readFileSync(join(folder, adapter, 'cases.yaml'), 'utf8');
    const { cases = [] } = parse(text) as { cases?: Case[] };
    return cases
      .filter(({ runners }) => runners?.includes(runner) ?? true)
      .map((each) => ({ ...each, adapter }));
  });
}

/** Every difference between an answer and what was expected, as a sentence. */
export function answerProblems(expected: ExpectedAnswer, seen: SeenAnswer): string[] {
  const problems: string[] = [];
  const differs = (what: string, wanted: unknown, got: unknown): void => {
    problems.push(`${what}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`);
  };
  const header = (name: string): string | undefined =>
    seen.headers.find(([key]) => key === name)?.[1];
  if (expected.status !== undefined && expected.status !== seen.status) {
    differs('status', expected.status, `${seen.status} ${seen.body}`);
  }
  if (expected.body !== undefined && expected.body !== seen.body)
    differs('body', expected.body, seen.body);
  for (const [name, value] of Object.entries(expected.headers ?? {})) {
    if (header(name) !== value) differs(`header ${name}`, value, header(name));
  }
  for (const name of expected.absent ?? []) {
    if (header(name) !== undefined) differs(`header ${name}`, 'none', header(name));
  }
  return problems;
}

/** Every difference between what stayed behind and what was expected, as a sentence. */
export function traceProblems(expected: ExpectedTraces, seen: SeenTraces): string[] {
  const problems: string[] = [];
  if (seen.isRefused !== (expected.refused !== undefined)) {
    problems.push(
      `the document was ${seen.isRefused ? 'refused' : 'accepted'}:\n${seen.log.join('\n')}`,
    );
  }
  for (const [name, value] of Object.entries(expected.metrics ?? {})) {
    const got = seen.metrics.get(name);
    if (got === value) continue;
    problems.push(
      `metric ${name}: expected ${value}, got ${got ?? `none of ${[...seen.metrics.keys()].join(' ')}`}`,
    );
  }
  for (const pattern of [...(expected.log ?? []), ...(expected.refused ?? [])]) {
    if (seen.log.some((line) => new RegExp(pattern).test(line))) continue;
    problems.push(`no log line matches /${pattern}/:\n${seen.log.join('\n')}`);
  }
  return problems;
}

/** The lines of a case's headers. */
export function headerLines({ headers = {} }: CaseRequest): [name: string, value: string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : value).map((line): [string, string] => [name, line]),
  );
}
