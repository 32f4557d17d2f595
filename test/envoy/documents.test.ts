// Hostile documents on a running Envoy, by ECDS: each gets a verdict in time, a refused one says why and leaves the old
// one in force, and no VM is lost.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { assertAlive } from './support/alive.ts';
import { denying } from './support/documents.ts';

const NESTING = 10_000;
const LARGE_BYTES = 1_048_576;
/** Four threads read it, on a machine that is busy; what takes more is not linear. */
const UPDATE_MAX_MS = 30_000;

const good = JSON.stringify(denying('/closed'));
const matching = (match: string): string =>
  JSON.stringify({
    rules: [{ name: 'r', match, actions: [{ handler: 'closed' }] }],
    handlers: [CLOSED],
  });
const CLOSED = { name: 'closed', adapter: 'denier', params: { status: { code: 7 } } };

const REFUSED: Readonly<Record<string, readonly [document: string, code: RegExp]>> = {
  'is cut': [good.slice(0, -20), /E0\d{3} /],
  'is nested ten thousand deep': ['['.repeat(NESTING) + ']'.repeat(NESTING), /E0\d{3} .*nest/i],
  'has objects nested ten thousand deep': [
    `${'{"rules":['.repeat(NESTING)}${']}'.repeat(NESTING)}`,
    /E0\d{3} .*nest/i,
  ],
  'has parentheses nested ten thousand deep': [
    matching(`${'('.repeat(NESTING)}true${')'.repeat(NESTING)}`),
    /E0\d{3} /,
  ],
  'has wrong types': ['{"rules":{"name":1},"handlers":"x","instances":[1,null]}', /E0\d{3} /],
  'has a key twice': ['{"rules":[],"rules":[]}', /E0\d{3} .*rules/],
  'is no object': ['"rules"', /E0\d{3} /],
  'is no JSON': ['\u0000\u0001rules:\n- {', /E0\d{3} /],
  'has a pattern of too many instructions': [
    matching('"(a{1000}){1000}".matches(request.path)'),
    /E0\d{3} /,
  ],
};

describe('a hostile document', () => {
  let envoy: RunningEnvoy;
  before(async () => {
    envoy = await startEnvoy({
      document: good,
      described: { features: [], labels: [] },
      reloadable: true,
    });
  });
  after(() => envoy.stop());
  afterEach(() => assertAlive(envoy));

  async function update(document: string): Promise<string> {
    const start = performance.now();
    const outcome = await envoy.updateDocument(document);
    const ms = performance.now() - start;
    assert.ok(ms < UPDATE_MAX_MS, `it took ${ms} ms`);
    return outcome;
  }

  const statusOf = async (path: string, value = ''): Promise<number> =>
    (await request(envoy.url, { path, headers: [['x-value', value]] })).status;

  for (const [what, [document, code]] of Object.entries(REFUSED)) {
    it(`that ${what} is refused with its reason, and the old one stays in force`, async () => {
      const before = envoy.log().length;
      assert.equal(await update(document), 'refused');
      assert.match(envoy.log().slice(before), code);
      assert.deepEqual([await statusOf('/closed'), await statusOf('/open')], [403, 200]);
    });
  }

  it('of a megabyte is in force like any other', async () => {
    const entry = (index: number): string => `entry-${index}-${'x'.repeat(90)}`;
    const overrides = Array.from({ length: LARGE_BYTES / 100 }, (_, index) => entry(index));
    const large = JSON.stringify({
      handlers: [{ name: 'words', adapter: 'list', params: { overrides } }],
      instances: [
        { name: 'word', template: 'listentry', params: { value: 'request.headers["x-value"]' } },
      ],
      rules: [{ name: 'r', actions: [{ handler: 'words', instances: ['word'] }] }],
    });
    assert.ok(large.length > LARGE_BYTES);
    assert.equal(await update(large), 'applied');
    assert.equal(await statusOf('/', entry(9_999)), 200);
    assert.notEqual(await statusOf('/', 'entry'), 200);
  });

  it('with a pattern that makes other engines back-track costs a request time in proportion', async () => {
    const backtracking = matching('"^(a+)+$".matches(request.headers["x-value"])');
    assert.equal(await update(backtracking), 'applied');
    const text = 'a'.repeat(20_000);
    const start = performance.now();
    assert.equal(await statusOf('/', text), 403);
    assert.equal(await statusOf('/', `${text}b`), 200);
    assert.ok(performance.now() - start < UPDATE_MAX_MS);
  });
});
