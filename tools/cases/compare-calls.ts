// Compares the calls that a backend got with those that a case expects.

import { isDeepStrictEqual } from 'node:util';
import { Differences } from './differences.ts';
import type { Difference, ExpectedCall, SeenCall } from './types.ts';

/** What differs; calls come in the order in which they were made. */
export function callDifferences(
  expected: readonly ExpectedCall[],
  seen: readonly SeenCall[],
  pointer: string,
): Difference[] {
  const differences = expected.flatMap((call, index) => {
    const got = seen[index];
    return got === undefined ? [] : oneCall(call, got, `${pointer}/${index}`, index);
  });
  if (expected.length === seen.length) return differences;
  const count = {
    pointer,
    what: 'number of calls',
    wanted: String(expected.length),
    got: [seen.length, ...seen.map(({ method, path }) => `${method} ${path}`)].join('\n'),
  };
  return [...differences, count];
}

function oneCall(
  expected: ExpectedCall,
  seen: SeenCall,
  pointer: string,
  index: number,
): Difference[] {
  const found = new Differences(pointer, ` of call ${index + 1}`);
  const body = Buffer.from(seen.body);
  if (expected.method !== undefined) found.same('method', expected.method, seen.method);
  if (expected.path !== undefined) found.same('path', expected.path, seen.path);
  if (expected.body !== undefined) found.same('body', expected.body, body.toString('utf8'));
  if (expected.message !== undefined)
    found.same('message', expected.message, body.toString('base64'));
  if (expected.json !== undefined && !isSameJson(expected.json, body.toString('utf8')))
    found.add('json', JSON.stringify(expected.json), body.toString('utf8'));
  found.headers(expected, seen.headers);
  return found.all;
}

function isSameJson(wanted: unknown, text: string): boolean {
  try {
    return isDeepStrictEqual(wanted, JSON.parse(text));
  } catch {
    return false;
  }
}
