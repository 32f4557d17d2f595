// `rollout` of a single action, SHADOW rules behind a denial, and what actions gave to later rules, on a real Envoy:
// read from what a client gets and from Envoy's statistics.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { type Answer, request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { poll } from '../support/poll.ts';
import { AnsweringServer } from './support/answering.ts';

const COUNT = 40;
const IS_GUEST = '(who.output.user | "") == "guest"';
const on = (path: string, more = ''): string => `request.path == "${path}"${more}`;
const says = (header: string): object[] => valueOf(`request.headers["${header}"] | "yes"`);
const valueOf = (value: string): object[] => [{ template: 'listentry', params: { value } }];
const here = (instances: object[], more: object = {}): object => ({
  handler: 'here',
  instances,
  ...more,
});
const part = (percent: number, by: string): object => ({ rollout: { percent, by } });

const SHADOW = { mode: 'SHADOW' };

/** Rules whose actions have a part of the callers, or tell later rules something. */
const RULES = [
  {
    name: 'parts',
    match: on('/part'),
    actions: [
      here(says('x-say'), { name: 'trial', ...part(50, 'request.headers["x-user"]') }),
      here(says('x-also')),
    ],
  },
  {
    name: 'id',
    match: 'request.path.startsWith("/who")',
    actions: [
      { name: 'who', handler: 'ids', instances: valueOf('request.headers["x-token"]') },
      here(valueOf('"local-" + request.method'), { name: 'me' }),
    ],
    requestHeaderOperations: [{ name: 'x-who', values: ['who.output.user'] }],
    responseHeaderOperations: [{ name: 'x-me', values: ['me.output.user'] }],
  },
  {
    name: 'staged',
    match: on('/who/part'),
    actions: [here(says('x-say'), part(50, 'who.output.user'))],
  },
  {
    name: 'tier',
    match: on('/who/tier', ` && ${IS_GUEST}`),
    actions: [{ name: 'level', handler: 'ids', instances: valueOf('"tier-" + who.output.user') }],
    responseHeaderOperations: [{ name: 'x-level', values: ['level.output.user'] }],
  },
];

/** One that denies, and what is in SHADOW mode behind it. */
const BEHIND = [
  {
    name: 'closed',
    match: on('/who/closed', ` && ${IS_GUEST}`),
    actions: [here(valueOf('"no"'))],
  },
  {
    name: 'behind',
    match: on('/who/closed', ` && (me.output.user | "") == "local-GET" && ${IS_GUEST}`),
    actions: [{ handler: 'trial', instances: valueOf('request.path') }],
    ...SHADOW,
  },
  {
    name: 'spared',
    match: on('/who/spared', ' && (level.output.user | "none") == "none"'),
    actions: [here(valueOf('"no"'))],
    ...SHADOW,
  },
];

function document(identities: string, trial: string): object {
  const connection = (address: string): object => ({ address, timeout: '5s' });
  return {
    handlers: [
      { name: 'ids', adapter: 'later', connection: connection(identities) },
      { name: 'trial', adapter: 'later', connection: connection(trial) },
      { name: 'here', adapter: 'later', connection: connection(trial), params: { local: true } },
    ],
    rules: [...RULES, ...BEHIND],
  };
}

describe('actions on their way in, on Envoy', () => {
  const identities = new AnsweringServer((token) =>
    token === 'none' ? { status: 401 } : { status: 200, headers: { 'x-user': token } },
  );
  const trial = new AnsweringServer(() => ({ status: 403, afterMs: 50 }));
  let envoy: RunningEnvoy;

  before(async () => {
    const given = document(await identities.start(), await trial.start());
    envoy = await startEnvoy({ document: given, wasm: 'dist/test/later.wasm' });
  });

  after(async () => {
    await envoy.stop();
    await identities.stop();
    await trial.stop();
  });

  const ask = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
    request(envoy.url, { path, headers: Object.entries(headers) });
  const users = Array.from({ length: COUNT }, (_, at) => `user-${at}`);

  async function counted(name: string, labels: Record<string, string>): Promise<number> {
    const samples = await envoy.prometheus();
    return samples
      .filter((sample) => sample.name === name)
      .filter((sample) =>
        Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
      )
      .reduce((sum, { value }) => sum + value, 0);
  }

  const sidesOf = (rule: string, action: string): Promise<number[]> =>
    Promise.all(
      ['enforced', 'shadow'].flatMap((side) =>
        ['allow', 'deny'].map((verdict) =>
          counted('mixer_rollout_total', { rule, action, side, verdict }),
        ),
      ),
    );

  async function becomes(rule: string, action: string, expected: readonly number[]): Promise<void> {
    let seen: number[] = [];
    await poll(`verdicts ${String(expected)}`, 10_000, async () => {
      seen = await sidesOf(rule, action);
      return String(seen) === String(expected) || null;
    }).catch(() => assert.deepEqual(seen, expected));
  }

  const shadowDenied = (rule: string): Promise<number> =>
    counted('mixer_rule_shadow_denied_total', { rule });

  it('enforce one action for a part of the callers, who stay on their side', async () => {
    const deniedOf = async (say: string): Promise<boolean[]> => {
      const answers = users.map((user) => ask('/part', { 'x-user': user, 'x-say': say }));
      return (await Promise.all(answers)).map(({ status }) => status === 403);
    };
    const first = await deniedOf('no');
    const enforced = first.filter(Boolean).length;
    assert.ok(enforced > COUNT * 0.2 && enforced < COUNT * 0.8, `${enforced} of ${COUNT}`);
    assert.deepEqual(await deniedOf('no'), first);
    assert.ok((await deniedOf('yes')).every((isDenied) => !isDenied));
    const aside = COUNT - enforced;
    await becomes('parts', 'trial', [enforced, 2 * enforced, aside, 2 * aside]);
  });

  it('leave the other action of the rule enforced for everybody', async () => {
    const answers = await Promise.all(
      users.map((user) => ask('/part', { 'x-user': user, 'x-also': 'no' })),
    );
    assert.ok(answers.every(({ status }) => status === 403));
  });

  it('choose the side by what a backend said of the caller', async () => {
    const deniedOf = async (): Promise<string[]> => {
      const answers = users.map((token) => ask('/who/part', { 'x-token': token, 'x-say': 'no' }));
      const statuses = (await Promise.all(answers)).map(({ status }) => status);
      return users.filter((_, at) => statuses[at] === 403);
    };
    const first = await deniedOf();
    assert.ok(first.length > 0 && first.length < COUNT);
    assert.deepEqual(await deniedOf(), first);
    await becomes('staged', '0', [0, 2 * first.length, 0, 2 * (COUNT - first.length)]);
  });

  it('hand their outputs to headers and to rules of later stages', async () => {
    const { status, headers, body } = await ask('/who/tier', { 'x-token': 'guest' });
    assert.equal(status, 200);
    assert.equal(headers['x-me'], 'local-GET');
    assert.equal(headers['x-level'], 'tier-guest');
    assert.match(body, /x-who[^]*guest/);
    const other = await ask('/who/tier', { 'x-token': 'ann' });
    assert.equal(other.headers['x-level'], undefined);
  });

  const deniedBecomes = (rule: string, count: number): Promise<unknown> =>
    poll(`${count} shadow denials of ${rule}`, 10_000, async () =>
      (await shadowDenied(rule)) === count ? true : null,
    );

  it('run in SHADOW mode behind a denial where all that they read is known', async () => {
    assert.equal((await ask('/who/closed', { 'x-token': 'guest' })).status, 403);
    await deniedBecomes('behind', 1);
    assert.deepEqual(trial.asked, ['/who/closed']);
    assert.equal(await counted('mixer_rule_denied_total', { rule: 'closed' }), 1);
  });

  it('do not run in SHADOW mode where a denial spared what they read', async () => {
    assert.equal((await ask('/who/spared', { 'x-token': 'none' })).status, 403);
    assert.equal((await ask('/who/spared', { 'x-token': 'ann' })).status, 200);
    await deniedBecomes('spared', 1);
    assert.equal(await counted('mixer_rule_errors_total', { rule: 'spared' }), 0);
  });
});
