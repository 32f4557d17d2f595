// What a quota costs and whether it stays exact when h2load asks as fast as it can: 2 workers, 16 connections, answers
// that come from Envoy itself, so that nothing but the quota differs. Rates are compared in rounds that alternate,
// since a machine has slow moments; both are printed.

import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';

import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import type { Config } from '../../tools/render/types.ts';
import { firstListener, httpConnections, startPatched } from './support/patched.ts';

const CONNECTION_COUNT = 16;
/** Many short rounds rather than a few long ones: what slows one side of a round then slows the other too. */
const ROUND_COUNT = 41;
const ROUND_REQUEST_COUNT = 1_500;
/** A refusal costs less than an answer: a rate counts only where there was none. */
const ALL_GRANTED = { '2xx': ROUND_REQUEST_COUNT, '3xx': 0, '4xx': 0, '5xx': 0 };
const EXACT_MAX = 7_000;
const EXACT_REQUEST_COUNT = 20_000;
/**
 * Other work on the machine only lowers a ratio, and so may where a start of Envoy happens to put the compiled code:
 * it is measured again with another start, so often at most.
 */
const TRY_COUNT = 3;
const RATIO_MIN = 0.9;

const ENDLESS = { maxAmount: '1000000000', validDuration: '3600s' };
const EXACT = { maxAmount: EXACT_MAX, validDuration: '3600s' };
const QUOTAS = [
  { name: 'rolling', ...ENDLESS },
  { name: 'leased', ...ENDLESS, leaseSize: 100 },
  { name: 'tokens', ...ENDLESS, algorithm: 'TOKEN_BUCKET' },
  { name: 'exact-rolling', ...EXACT },
  { name: 'exact-fixed', ...EXACT, algorithm: 'FIXED_WINDOW' },
  { name: 'leased-fixed', ...EXACT, algorithm: 'FIXED_WINDOW', leaseSize: 100 },
];

const skip =
  spawnSync('h2load', ['--version'], { stdio: 'ignore' }).error !== undefined &&
  'no h2load on the PATH: `apt-get install nghttp2-client`';

interface Load {
  readonly perSecond: number;
  readonly statuses: Readonly<Record<string, number>>;
}

async function load(url: string, path: string, count: number): Promise<Load> {
  const flags = ['--h1', '-n', String(count), '-c', String(CONNECTION_COUNT), '-t', '1'];
  const { stdout } = await promisify(execFile)('h2load', [...flags, `${url}${path}`]);
  const perSecond = Number(/, ([\d.]+) req\/s/.exec(stdout)?.[1]);
  const codes = /status codes: (.*)/.exec(stdout)?.[1] ?? '';
  const statuses: Record<string, number> = {};
  for (const [, number = '', code = ''] of codes.matchAll(/(\d+) (\dxx)/g))
    statuses[code] = Number(number);
  return { perSecond, statuses };
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}

/**
 * Envoy answers by itself, and each worker has half of the connections: else they would be shared out by chance for
 * each load, and that chance be measured.
 */
function answerDirectly(bootstrap: Config): void {
  firstListener(bootstrap)['connection_balance_config'] = { exact_balance: {} };
  const route = { match: { prefix: '/' }, direct_response: { status: 200 } };
  const host = { name: 'all', domains: ['*'], routes: [route] };
  httpConnections(bootstrap)['route_config'] = { virtual_hosts: [host] };
}

async function start(): Promise<RunningEnvoy> {
  return startPatched({
    concurrency: 2,
    patch: answerDirectly,
    document: {
      handlers: [{ name: 'limits', adapter: 'memquota', params: { quotas: QUOTAS } }],
      instances: QUOTAS.map(({ name }) => ({ name, template: 'quota' })),
      rules: QUOTAS.map(({ name }) => ({
        name,
        match: `request.path == "/${name}"`,
        actions: [{ handler: 'limits', instances: [name] }],
      })),
    },
  });
}

describe('memquota at full speed', { skip }, () => {
  let envoy: RunningEnvoy;

  before(async () => {
    envoy = await start();
  });

  after(async () => envoy.stop());

  for (const name of ['exact-rolling', 'exact-fixed'])
    it(`grants exactly ${EXACT_MAX} of ${EXACT_REQUEST_COUNT} requests by ${name}`, async () => {
      const { statuses } = await load(envoy.url, `/${name}`, EXACT_REQUEST_COUNT);
      assert.deepEqual(statuses, {
        '2xx': EXACT_MAX,
        '3xx': 0,
        '4xx': EXACT_REQUEST_COUNT - EXACT_MAX,
        '5xx': 0,
      });
    });

  it('grants no more with leases, and at most one lease less', async () => {
    const { statuses } = await load(envoy.url, '/leased-fixed', EXACT_REQUEST_COUNT);
    const granted = statuses['2xx'] ?? 0;
    process.stdout.write(`# leases of 100: ${granted} of ${EXACT_MAX} granted\n`);
    assert.ok(granted <= EXACT_MAX && granted > EXACT_MAX - 100, `${granted} granted`);
  });

  for (const name of ['rolling', 'leased', 'tokens'])
    it(`answers with ${name} at nine tenths of the rate without a quota, or faster`, async () => {
      const ratios = [await ratioOf(name)];
      while (ratios.length < TRY_COUNT && Math.max(...ratios) < RATIO_MIN) {
        await envoy.stop();
        envoy = await start();
        ratios.push(await ratioOf(name));
      }
      assert.ok(Math.max(...ratios) >= RATIO_MIN, `ratios ${ratios.join(', ')}`);
    });

  /** The rate with a quota, by the rate without one. */
  async function ratioOf(name: string): Promise<number> {
    const [free, limited]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUND_COUNT; round++) {
      const sides = [
        { path: '/free', rates: free },
        { path: `/${name}`, rates: limited },
      ];
      for (const { path, rates } of round % 2 === 0 ? sides : sides.toReversed()) {
        const { perSecond, statuses } = await load(envoy.url, path, ROUND_REQUEST_COUNT);
        assert.deepEqual(statuses, ALL_GRANTED, path);
        rates.push(perSecond);
      }
    }
    const ratio = median(limited.map((rate, round) => rate / (free[round] ?? 1)));
    process.stdout.write(
      `# ${name}: ${Math.round(median(limited))}/s, without a quota ${Math.round(median(free))}/s, ` +
        `ratio ${ratio.toFixed(3)} (median of ${ROUND_COUNT} rounds)\n`,
    );
    return ratio;
  }
});
