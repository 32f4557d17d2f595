// What instructions and functions of the expression language cost, in nanoseconds: the evaluator's
// own code in a plain instance of dist/probe.wasm, without Envoy. The cost of the shortest program
// is taken off, so that what is left is the expression's own.

import { Probe, type TypedValue } from '../conformance/probe-module.ts';
import { table } from './report.ts';

interface Subject {
  /** The instruction or function that it is about. */
  readonly name: string;
  readonly expression: string;
}

const VALUES: Readonly<Record<string, TypedValue>> = {
  method: { type: 'STRING', value: 'GET' },
  path: { type: 'STRING', value: '/api/items/42?fields=name,price' },
  size: { type: 'INT64', value: 1234 },
  ratio: { type: 'DOUBLE', value: 0.5 },
  tls: { type: 'BOOL', value: true },
  caller: { type: 'IP_ADDRESS', value: '10.1.2.3', bytes_hex: '0a010203' },
  at: { type: 'TIMESTAMP', value: '2026-01-02T03:04:05Z' },
  took: { type: 'DURATION', value: '12ms' },
  labels: { type: 'STRING_MAP', value: { app: 'shop', version: 'v2', team: 'web' } },
  pattern: { type: 'STRING', value: '/api/*' },
  regexp: { type: 'STRING', value: '^/api/[a-z]+' },
  host: { type: 'STRING', value: 'Shop.Example.Test' },
  mail: { type: 'STRING', value: 'someone@example.test' },
  link: { type: 'STRING', value: 'http://shop.example.test/a?b=c' },
  when: { type: 'STRING', value: '2026-01-02T03:04:05Z' },
  address: { type: 'STRING', value: '10.1.2.3' },
};
/** Declared and never set. */
const ABSENT: Readonly<Record<string, string>> = { missing: 'STRING' };

const BASE: Subject = { name: 'the shortest program', expression: '1' };

const SUBJECTS: readonly Subject[] = [
  { name: 'ReturnAttribute', expression: 'method' },
  { name: 'ReturnPresent', expression: 'missing | "else"' },
  { name: 'TestBool', expression: 'tls && tls' },
  { name: 'TestEqual', expression: 'method == "GET"' },
  { name: 'TestEqual, absent', expression: '(missing | "") == "GET"' },
  { name: 'TestPrefix', expression: 'path.startsWith("/api/")' },
  { name: 'TestSuffix', expression: 'path.endsWith("price")' },
  {
    name: 'TestSet, 3 texts',
    expression: 'method == "PUT" || method == "POST" || method == "GET"',
  },
  { name: 'TestPattern', expression: '"^/api/[a-z]+/[0-9]+".matches(path)' },
  { name: 'TestInt', expression: 'size > 1000' },
  { name: '&& of three', expression: 'method == "GET" && path.startsWith("/api/") && size > 1000' },
  { name: 'Equal of texts', expression: 'method == path' },
  { name: 'Equal of doubles', expression: 'ratio == 0.5' },
  { name: 'Equal of addresses', expression: 'caller == ip("10.1.2.3")' },
  { name: 'Order of timestamps', expression: 'at < timestamp("2027-01-01T00:00:00Z")' },
  { name: 'StartsWith', expression: 'path.startsWith(method)' },
  { name: 'EndsWith', expression: 'path.endsWith(method)' },
  { name: 'Match', expression: 'match(path, pattern)' },
  { name: 'MatchesText', expression: 'regexp.matches(path)' },
  { name: 'Lookup', expression: 'labels["version"]' },
  { name: 'LookupPresent', expression: 'labels["zone"] | "none"' },
  { name: 'Join', expression: 'method + " " + path' },
  { name: 'AddInt', expression: 'size + 1' },
  { name: 'AddDouble', expression: 'ratio + 1.0' },
  { name: 'Size', expression: 'size(path)' },
  { name: 'toLower', expression: 'toLower(host)' },
  { name: 'conditional', expression: 'conditional(tls, "mutual", "none")' },
  { name: 'ip', expression: 'ip(address)' },
  { name: 'timestamp', expression: 'timestamp(when)' },
  { name: 'dnsName', expression: 'dnsName(host)' },
  { name: 'email', expression: 'email(mail)' },
  { name: 'uri', expression: 'uri(link)' },
];

const BATCH = 10_000;
const BATCH_COUNT = 60;

/** One measured line. */
export interface MicroRow {
  readonly name: string;
  readonly expression: string;
  readonly instructions: string;
  /** Of the quietest batch, without the shortest program's. */
  readonly nanos: number;
}

/** Measures every subject; a subject that does not compile is an error of ours. */
export function measureMicro(wasm: string, progress: (line: string) => void): MicroRow[] {
  const probe = Probe.load(wasm);
  const base = nanosOf(probe, BASE);
  return SUBJECTS.map((subject) => {
    progress(subject.name);
    const nanos = nanosOf(probe, subject) - base;
    return { ...subject, instructions: probe.programText().trim(), nanos };
  });
}

function nanosOf(probe: Probe, { name, expression }: Subject): number {
  probe.reset();
  for (const [attribute, { type }] of Object.entries(VALUES)) probe.declare(attribute, type);
  for (const [attribute, type] of Object.entries(ABSENT)) probe.declare(attribute, type);
  const compiled = probe.compile(expression);
  if ('error' in compiled) throw new Error(`${name}: ${expression}: ${compiled.error}`);
  probe.begin();
  for (const [attribute, value] of Object.entries(VALUES)) probe.set(attribute, value);
  const result = probe.evaluate();
  if ('error' in result) throw new Error(`${name}: ${expression}: ${result.error}`);
  let least = Infinity;
  for (let batch = 0; batch < BATCH_COUNT; batch++) {
    const begin = process.hrtime.bigint();
    probe.evaluateOften(BATCH);
    least = Math.min(least, Number(process.hrtime.bigint() - begin) / BATCH);
  }
  return least;
}

/** The lines as a table. */
export function microTable(rows: readonly MicroRow[]): string {
  const head = ['instruction or function', 'expression', 'ns'];
  const lines = rows.map(({ name, expression, nanos }) => [name, expression, nanos.toFixed(1)]);
  return table([head, ...lines], 2);
}
