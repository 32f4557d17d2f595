// What `mixer check` says to who writes an expression as another language has it: what it is called here.

import assert from 'node:assert/strict';
import { it } from 'node:test';

import type { PlacedDiagnostic } from '../../tools/cli/diagnostics.ts';
import { mixer } from './mixer.ts';

const ROWS: readonly (readonly [expression: string, expected: RegExp])[] = [
  ['request.path == "a" and request.path == "b"', /^`&&`$/],
  ['request.size > 1 ? true : false', /^`conditional\(condition, then, else\)`/],
  ['request.method in ["GET"]', /^comparisons with `\|\|` between them/],
  ['!request.path.startsWith("/a")', /^`… == false`, or `unless`/],
  ['request.headers.x-user == "a"', /^a name with a hyphen in brackets/],
  ['request.path.contains("a")', /^a pattern, which may match anywhere/],
  ['has(request.path)', /^`\| "else"` behind what can be absent/],
  ['source.ip == "10.0.0.1"', /^IP_ADDRESS: `ip\("10\.0\.0\.1"\)`$/],
  ['request.time > "2020-01-01T00:00:00Z"', /^TIMESTAMP: `timestamp\("2020-/],
  ['source.ip == "localhost"', /^IP_ADDRESS$/],
];

it('an expression of another language is told what stands in its place', async () => {
  const rules = ROWS.map(([match], at) => ({
    name: `r${at}`,
    match,
    actions: [{ handler: { adapter: 'denier' } }],
  }));
  const { stdout } = await mixer(['check', '--format', 'json', '-'], {
    stdin: JSON.stringify({ rules }),
  });
  const [{ diagnostics }] = JSON.parse(stdout) as [{ diagnostics: PlacedDiagnostic[] }];
  for (const [at, [expression, expected]] of ROWS.entries()) {
    const told = diagnostics.find(({ pointer }) => pointer === `/rules/${at}/match`);
    assert.match(told?.expected ?? '', expected, expression);
  }
});

it('and so is one of the command line', async () => {
  const { code, stderr } = await mixer(['explain', 'response.duration > 5']);
  assert.match(stderr, /expected DURATION: `"5s"`$/m);
  assert.equal(code, 1);
});
