// Sessions of the bypass adapter with an out-of-process adapter that serves nothing without one, on a real Envoy: what
// it is told, what carries the id, and what becomes of requests when it refuses, hangs, talks nonsense or forgets.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { type Answer, request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { type Asked, type MixerAdapter, startMixerAdapter } from './support/mixeradapter.ts';
import { neededPart } from './support/part.ts';

const { program, skip } = neededPart('mixeradapter');
const TYPE = 'type.googleapis.com/google.protobuf.StringValue';
/** A StringValue: "strict". */
const CONFIG = 'CgZzdHJpY3Q=';
const SESSION_TIMEOUT_MS = 20_000;
const WASM = 'dist/bypass.wasm';

function document(port: number, revision = 'first'): object {
  const connection = { address: `127.0.0.1:${port}`, timeout: '700ms' };
  const params = { session_based: true, params: { typeUrl: TYPE, value: CONFIG } };
  const rule = (path: string, instance: string, more: object = {}): object => ({
    name: path,
    match: `request.path == "/${path}"`,
    actions: [{ handler: 'ours', instances: [instance] }],
    ...more,
  });
  return {
    revision,
    handlers: [{ name: 'ours', adapter: 'bypass', connection, params }],
    instances: [
      {
        name: 'entry',
        template: 'listentry',
        params: { value: 'request.headers["x-order"] | ""' },
      },
      { name: 'calls', template: 'quota', params: { dimensions: { ip: 'source.ip' } } },
      {
        name: 'count',
        template: 'metric',
        params: { value: 1, dimensions: { code: 'response.code', took: 'response.duration' } },
      },
    ],
    rules: [
      rule('check', 'entry'),
      rule('open', 'entry', { onError: 'ALLOW' }),
      rule('charge', 'calls'),
      rule('report', 'count'),
    ],
  };
}

const start = (port: number): Promise<RunningEnvoy> =>
  startEnvoy({ document: document(port), wasm: WASM, reloadable: true });
const ask = (envoy: RunningEnvoy, path: string, order = 'allow'): Promise<Answer> =>
  request(envoy.url, { path, headers: [['x-order', order]] });
const opens = (envoy: RunningEnvoy): Promise<unknown> =>
  envoy.waitFor(async () => (await ask(envoy, '/check')).status === 200, SESSION_TIMEOUT_MS);
const asked = (adapter: MixerAdapter, method: string): Asked[] =>
  adapter.asked.filter((each) => each.method.endsWith(`/${method}`));

describe('a session with an adapter of Mixer’s protocol, on Envoy', { skip }, () => {
  let adapter: MixerAdapter;
  let envoy: RunningEnvoy;

  before(async () => {
    adapter = await startMixerAdapter(program, ['-sessions']);
    envoy = await start(adapter.port);
    await opens(envoy);
  });

  after(async () => {
    await envoy.stop();
    await adapter.stop();
  });

  it('is validated, then created, with the configuration and the types of all instances', () => {
    const [validate] = asked(adapter, 'Validate');
    const [create] = asked(adapter, 'CreateSession');
    assert.deepEqual(create?.request, validate?.request);
    const type = (template: string, fields: object): object => ({
      '@type': `type.googleapis.com/${template}.Type`,
      ...fields,
    });
    assert.deepEqual(create?.request, {
      adapter_config: { '@type': TYPE, value: 'strict' },
      inferred_types: {
        calls: type('quota', { dimensions: { ip: 'IP_ADDRESS' } }),
        count: type('metric', { value: 'INT64', dimensions: { code: 'INT64', took: 'DURATION' } }),
        entry: type('listentry', { value: 'STRING' }),
      },
    });
  });

  it('is what checks, charges and reports carry, and no configuration', async () => {
    assert.equal((await ask(envoy, '/check', 'deny')).body, 'PERMISSION_DENIED:ours:not you');
    const charged = [];
    for (let at = 0; at < 4; at++) charged.push((await ask(envoy, '/charge')).status);
    assert.deepEqual(charged, [200, 200, 200, 429]);
    await ask(envoy, '/report');
    await envoy.waitFor(() => asked(adapter, 'HandleMetric').length > 0);
    const calls = ['HandleListEntry', 'HandleQuota', 'HandleMetric'].flatMap((method) =>
      asked(adapter, method),
    );
    assert.ok(calls.length >= 6);
    for (const { session, request: sent } of calls) {
      assert.match(session, /^session-\d+-\d+$/);
      assert.equal(sent['adapter_config'], undefined);
    }
  });

  it('is closed when the next document has its own', async () => {
    const before = asked(adapter, 'HandleListEntry').at(-1).session;
    assert.equal(
      await envoy.updateDocument(JSON.stringify(document(adapter.port, 'next'))),
      'applied',
    );
    await envoy.waitFor(
      () =>
        asked(adapter, 'CloseSession').some(({ request: sent }) => sent['session_id'] === before),
      SESSION_TIMEOUT_MS,
    );
    await opens(envoy);
    assert.notEqual(asked(adapter, 'HandleListEntry').at(-1).session, before);
  });

  it('is begun anew when the adapter has started again and knows none', async () => {
    const { port } = adapter;
    await adapter.stop();
    adapter = await startMixerAdapter(program, ['-sessions', '-port', String(port)]);
    await opens(envoy);
    assert.match(envoy.log(), /handler ours: no session: the adapter no longer knows it/);
    assert.match(envoy.log(), /handler ours: the adapter has a session again/);
  });
});

describe('without a session, on Envoy', { skip }, () => {
  for (const [trouble, why] of [
    ['invalid', /no session: the adapter refuses the configuration: not like this/],
    ['refused', /no session: the adapter refuses the configuration: no more sessions/],
    ['unavailable', /no session: the adapter does not answer/],
    ['hang', /no session: the adapter does not answer/],
    ['garbage', /no session: the adapter's answer is not understood/],
    ['empty', /no session: the adapter's session id is empty or too long/],
    ['long', /no session: the adapter's session id is empty or too long/],
  ] as const) {
    it(`because of an adapter that is ${trouble}, onError decides until one goes well`, async () => {
      const bad = await startMixerAdapter(program, ['-sessions', '-trouble', trouble]);
      const envoy = await start(bad.port);
      try {
        await envoy.waitFor(() => why.test(envoy.log()), SESSION_TIMEOUT_MS);
        const { status, body } = await ask(envoy, '/check');
        assert.deepEqual([status, body], [503, 'UNAVAILABLE:ours:the adapter has no session']);
        assert.equal((await ask(envoy, '/open')).status, 200);
        assert.equal(asked(bad, 'HandleListEntry').length, 0);
        await bad.stop();
        const good = await startMixerAdapter(program, ['-sessions', '-port', String(bad.port)]);
        await opens(envoy).finally(() => good.stop());
      } finally {
        await envoy.stop();
        await bad.stop();
      }
    });
  }
});
