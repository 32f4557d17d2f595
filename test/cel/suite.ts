// The official conformance suite of CEL, from the package @bufbuild/cel-spec: runs its sections
// through the probe and says what deviates. What needs protobuf messages, which documents cannot
// have, is counted apart.

import { DurationSchema, TimestampSchema, anyUnpack, type Any } from '@bufbuild/protobuf/wkt';
import type { SimpleTest } from '@bufbuild/cel-spec/cel/expr/conformance/test/simple_pb.js';
import type { Value } from '@bufbuild/cel-spec/cel/expr/value_pb.js';
import {
  getConformanceSuite,
  type IncrementalTestSuite,
} from '@bufbuild/cel-spec/testdata/tests.js';
import type { CaseOutcome } from '../conformance/result.ts';
import type { CelOutcome, CelProbe } from './cel-probe.ts';
import { showValue, type CelValue } from './value.ts';

/** Sections that are about the language itself, not about messages or extensions. */
export const SECTIONS: readonly string[] = [
  'basic',
  'comparisons',
  'conversions',
  'fields',
  'fp_math',
  'integer_math',
  'lists',
  'logic',
  'macros',
  'parse',
  'plumbing',
  'string',
  'timestamps',
];

/** Why a test is meant to deviate, by its expression. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^(x|f_unknown\(17\)|a\.\w+\(\)) \|\| true$/, 'unknown names are refused while configuring'],
  [/'(Australia|US|America|Asia)\//, 'time zones by name are refused while configuring'],
];

/** Messages in an expression, or bound to a variable. */
const MESSAGES = /TestAllTypes|NestedTestAllTypes|google\.protobuf\.\w+\s*\{/;
const NANOS_PER_SECOND = 1_000_000_000n;

/** Runs sections of the suite; what is not run, or meant to deviate, counts as skipped. */
export function runSections(probe: CelProbe, sections: readonly string[]): CaseOutcome[] {
  return getConformanceSuite()
    .suites.filter(({ name }) => sections.includes(name))
    .flatMap((suite) => runSuite(probe, suite, `cel/${suite.name}`, suite.name));
}

function runSuite(
  probe: CelProbe,
  { tests, suites }: IncrementalTestSuite,
  suite: string,
  path: string,
): CaseOutcome[] {
  return [
    ...tests.map(({ original, name }) => ({
      suite,
      id: `${path}/${name}`,
      expression: original.expr,
      ...outcomeOf(probe, original),
    })),
    ...suites.flatMap((inner) => runSuite(probe, inner, suite, `${path}/${inner.name}`)),
  ];
}

function outcomeOf(probe: CelProbe, test: SimpleTest): Pick<CaseOutcome, 'failure' | 'skipped'> {
  if (needsMessages(test)) return { skipped: 'protobuf messages are not supported' };
  const failure = runTest(probe, test);
  if (failure === null) return {};
  const skipped = reasonFor(test.expr);
  return skipped === null ? { failure } : { skipped };
}

function reasonFor(expression: string): string | null {
  return REASONS.find(([pattern]) => pattern.test(expression))?.[1] ?? null;
}

function needsMessages({ expr, bindings }: SimpleTest): boolean {
  if (MESSAGES.test(expr)) return true;
  return Object.values(bindings).some(
    ({ kind }) =>
      kind.case === 'value' &&
      kind.value.kind.case === 'objectValue' &&
      celValueOf(kind.value) === null,
  );
}

function runTest(
  probe: CelProbe,
  test: SimpleTest,
): { readonly expected: string; readonly actual: string } | null {
  const bindings = new Map<string, CelValue | null>();
  for (const { name } of test.typeEnv) bindings.set(name, null);
  for (const [name, { kind }] of Object.entries(test.bindings)) {
    if (kind.case === 'value') bindings.set(name, celValueOf(kind.value));
  }
  const outcome = probe.evaluate(test.expr, bindings, !test.disableCheck);
  const expected = expectation(test);
  const actual = outcome.kind === 'value' ? showValue(outcome.value) : outcome.kind;
  const isRight = expected === 'error' ? outcome.kind !== 'value' : expected === actual;
  return isRight ? null : { expected, actual: shown(outcome, actual) };
}

function shown(outcome: CelOutcome, actual: string): string {
  return outcome.kind === 'value' ? actual : `${outcome.kind}: ${outcome.message}`;
}

function expectation({ resultMatcher }: SimpleTest): string {
  if (resultMatcher.case === undefined) return 'bool true';
  if (resultMatcher.case === 'value') {
    const value = celValueOf(resultMatcher.value);
    return value === null ? 'a message' : showValue(value);
  }
  return resultMatcher.case === 'typedResult' ? 'a type' : 'error';
}

/** A value of the suite; null for a message. */
function celValueOf({ kind }: Value): CelValue | null {
  switch (kind.case) {
    case 'int64Value':
      return { type: 'int', value: kind.value };
    case 'uint64Value':
      return { type: 'uint', value: kind.value };
    case 'doubleValue':
      return { type: 'double', value: kind.value };
    case 'boolValue':
      return { type: 'bool', value: kind.value };
    case 'stringValue':
      return { type: 'string', value: kind.value };
    case 'bytesValue':
      return { type: 'bytes', value: kind.value };
    case 'nullValue':
      return { type: 'null' };
    case 'typeValue':
      return { type: 'type', value: kind.value };
    case 'listValue':
      return listOf(kind.value.values);
    case 'mapValue':
      return mapOf(kind.value.entries.map(({ key, value }) => [key, value] as const));
    case 'objectValue':
      return timeOf(kind.value);
    default:
      return null;
  }
}

function listOf(values: readonly Value[]): CelValue | null {
  const items = values.map(celValueOf);
  return items.includes(null) ? null : { type: 'list', items: items as CelValue[] };
}

function mapOf(pairs: readonly (readonly (Value | undefined)[])[]): CelValue | null {
  const entries = pairs.map((pair) => pair.map((value) => value && celValueOf(value)));
  if (entries.flat().some((value) => !value)) return null;
  return { type: 'map', entries: entries as unknown as [CelValue, CelValue][] };
}

function timeOf(any: Any): CelValue | null {
  const duration = anyUnpack(any, DurationSchema);
  if (duration)
    return {
      type: 'duration',
      value: duration.seconds * NANOS_PER_SECOND + BigInt(duration.nanos),
    };
  const time = anyUnpack(any, TimestampSchema);
  return time ? { type: 'timestamp', seconds: time.seconds, nanos: time.nanos } : null;
}
