// What another plugin on our vm_id writes under our keys, on a real Envoy: quotas, cached verdicts, fetched lists and
// budgets of series are parsed as hostile. No trap, no request that passes wrongly. The seed is printed;
// MIXER_FUZZ_SEED repeats a run.

import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';

import { request, type Answer } from '../../tools/envoy/request.ts';
import { Random, rounds, runSeed } from '../fuzz/random.ts';
import { assertAlive } from './support/alive.ts';
import { SpoiledEnvoy, type Emulation } from './support/spoiling.ts';

const LIMIT = 3;
const SEED_SIZE_BYTES = 8;
const ALGORITHMS = ['ROLLING_WINDOW', 'FIXED_WINDOW', 'TOKEN_BUCKET'] as const;
/** A worker that has used up its share of a verdict looks into shared data again. */
const USE_COUNT = 4;
const LIST_TIMEOUT_MS = 10_000;

const HEADER = 'request.headers["x-value"] | ""';
const instance = (name: string, template: string, params: object): object => ({
  name,
  template,
  params,
});
const rule = (name: string, handler: string, instances: string[]): object => ({
  name,
  match: `request.url_path == "/${name}"`,
  actions: [{ handler, instances }],
});

function document(port: number): object {
  const address = `127.0.0.1:${port}`;
  return {
    handlers: [
      ...ALGORITHMS.map((algorithm) => ({
        name: `limits-${algorithm}`,
        adapter: 'memquota',
        params: {
          quotas: [{ name: `q-${algorithm}`, maxAmount: LIMIT, validDuration: '3600s', algorithm }],
        },
      })),
      {
        name: 'policy',
        adapter: 'opa',
        connection: { address, timeout: '5s' },
        params: { validDuration: '3600s', validUseCount: USE_COUNT },
      },
      {
        name: 'list',
        adapter: 'list',
        params: { providerUrl: `http://${address}/list`, refreshInterval: '1s', ttl: '3600s' },
      },
      {
        name: 'metrics',
        adapter: 'prometheus',
        params: {
          metrics: [{ namespace: '', name: 'seen', instanceName: 'seen', kind: 'COUNTER' }],
        },
      },
    ],
    instances: [
      ...ALGORITHMS.map((algorithm) => instance(`q-${algorithm}`, 'quota', {})),
      instance('entry', 'listentry', { value: HEADER }),
      instance('seen', 'metric', { value: 1, dimensions: { v: HEADER } }),
      instance('who', 'authorization', { subject: { user: HEADER } }),
    ],
    rules: [
      ...ALGORITHMS.map((algorithm) =>
        rule(`q-${algorithm}`, `limits-${algorithm}`, [`q-${algorithm}`]),
      ),
      rule('policy', 'policy', ['who']),
      rule('list', 'list', ['entry']),
      rule('series', 'metrics', ['seen']),
    ],
  };
}

/** In the emulator every key is written once. */
const EMULATION: Emulation = {
  answer: ({ headers }) => {
    const isList = headers.some(([name, value]) => name === ':path' && value === '/list');
    return { body: isList ? 'acme' : '{"result":false}' };
  },
  send(host) {
    for (const algorithm of ALGORITHMS) host.request({ path: `/q-${algorithm}` });
    host.request({ path: '/policy', headers: [['x-value', 'eve']] });
    host.request({ path: '/series', headers: [['x-value', 'a']] });
  },
};

describe('shared data that somebody else wrote', () => {
  const seed = runSeed();
  const random = new Random(seed);
  let backend: Server;
  let askedCount = 0;
  let spoiled: SpoiledEnvoy;

  before(async () => {
    backend = createServer((incoming, outgoing) => {
      if (incoming.url === '/list') return void outgoing.end('acme');
      askedCount++;
      outgoing.end('{"result":false}');
    });
    await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
    const { port } = backend.address() as AddressInfo;
    spoiled = await SpoiledEnvoy.start(document(port), EMULATION);
    // Workers agree on a seed for their buckets; with that of the emulator the keys are the same.
    for (const key of quotaKeys()) {
      if (spoiled.emulated(key).length === SEED_SIZE_BYTES)
        await spoiled.write(key, spoiled.emulated(key));
    }
  });
  after(async () => {
    await spoiled.envoy.stop();
    backend.closeAllConnections();
    backend.close();
  });
  afterEach(() => assertAlive(spoiled.envoy));

  const quotaKeys = (): Buffer[] => spoiled.keysWith('q-').concat(spoiled.keysWith('memquota'));

  function send(path: string, value = ''): Promise<Answer> {
    return request(spoiled.envoy.url, { path, headers: [['x-value', value]] });
  }

  /** Ways to spoil what stands there: nothing, noise, a cut, another version, bits that fell over. */
  function spoilt(value: Buffer): Buffer[] {
    const noise = Buffer.from(Array.from({ length: value.length }, () => random.below(256)));
    const bits = Array.from({ length: rounds(8) }, () => {
      const copy = Buffer.from(value);
      const bit = random.below(Math.max(1, value.length * 8));
      if (copy.length > 0) copy[bit >> 3]! ^= 1 << (bit & 7);
      return copy;
    });
    const ends = [Buffer.alloc(0), Buffer.alloc(1), value.subarray(0, value.length >> 1)];
    const fills = [0, 0x7f, 0x80, 0xff].map((byte) => Buffer.alloc(value.length, byte));
    return [...ends, ...fills, otherVersion(value), noise, ...bits];
  }

  function otherVersion(value: Buffer): Buffer {
    return Buffer.concat([Buffer.of((value[0] ?? 0) + 100), value.subarray(1)]);
  }

  for (const algorithm of ALGORITHMS) {
    it(`never grants more than the limit behind it, ${algorithm}, and takes no version but its own`, async (t) => {
      t.diagnostic(`seed ${seed}`);
      const path = `/q-${algorithm}`;
      const grants = async (): Promise<number> => {
        let granted = 0;
        for (let sent = 0; sent < LIMIT + 2; sent++) {
          const { status } = await send(path);
          assert.ok(status === 200 || status === 429, `${status}`);
          if (status === 200) granted++;
        }
        return granted;
      };
      assert.equal(await grants(), LIMIT);
      const keys: Buffer[] = [];
      for (const key of spoiled.keysWith(`q-${algorithm}`)) {
        const value = await spoiled.read(key);
        if (value !== null && value.length !== SEED_SIZE_BYTES) keys.push(key);
      }
      assert.ok(keys.length > 0, 'the keys of Envoy are those of the emulator');
      for (const key of keys) {
        const value = (await spoiled.read(key)) ?? assert.fail();
        await spoiled.write(key, otherVersion(value));
        assert.equal(await grants(), LIMIT, 'another version counts as absent');
        for (const bytes of spoilt(value)) {
          await spoiled.write(key, bytes);
          const granted = await grants();
          assert.ok(granted <= LIMIT, `${granted} granted behind ${bytes.toString('hex')}`);
        }
      }
    });
  }

  it('never lets a request pass that the backend denies', async (t) => {
    t.diagnostic(`seed ${seed}`);
    assert.equal((await send('/policy', 'eve')).status, 403);
    const [key = assert.fail()] = spoiled.keysWith('mixer.checks');
    const value = (await spoiled.read(key)) ?? assert.fail('nothing is shared');
    for (const bytes of spoilt(value)) {
      await spoiled.write(key, bytes);
      const before = askedCount;
      for (let sent = 0; sent <= USE_COUNT; sent++) {
        const { status } = await send('/policy', 'eve');
        assert.equal(status, 403, `behind ${bytes.toString('hex')}`);
      }
      assert.ok(askedCount > before, 'what is spoilt counts as absent');
    }
  });

  it('never puts on a list what its provider does not serve', async (t) => {
    t.diagnostic(`seed ${seed}`);
    const isFetched = async (): Promise<boolean> => (await send('/list', 'acme')).status === 200;
    await spoiled.envoy.waitFor(isFetched, LIST_TIMEOUT_MS);
    const keys = spoiled.keysWith('mixer/1/list');
    assert.ok(keys.length >= 2, 'a head and a body');
    for (const key of keys) {
      // A body's second place is written when the list is fetched again.
      const isWritten = async (): Promise<boolean> => (await spoiled.read(key)) !== null;
      await spoiled.envoy.waitFor(isWritten, LIST_TIMEOUT_MS);
      const value = (await spoiled.read(key)) ?? assert.fail();
      const forged = Buffer.from(value.toString('latin1').replace('acme', 'evil'), 'latin1');
      for (const bytes of [...spoilt(value), forged]) {
        await spoiled.write(key, bytes);
        for (const entry of ['evil', 'other', ''])
          assert.notEqual((await send('/list', entry)).status, 200, bytes.toString('hex'));
      }
      await spoiled.envoy.waitFor(isFetched, LIST_TIMEOUT_MS);
    }
    assert.equal((await send('/list', 'evil')).status, 403);
  });

  it('loses no sample of a metric, whatever stands in its budget', async (t) => {
    t.diagnostic(`seed ${seed}`);
    let sent = 0;
    const count = async (value: string): Promise<void> => {
      assert.equal((await send('/series', value)).status, 200);
      sent++;
    };
    await count('a');
    const keys = spoiled.keysWith('prometheus');
    assert.ok(keys.length >= 2, 'a bucket and a counter');
    for (const key of keys) {
      for (const bytes of spoilt(spoiled.emulated(key))) {
        await spoiled.write(key, bytes);
        await count(`v${sent}`);
      }
    }
    await spoiled.envoy.waitFor(async () => {
      const stats = Object.values(await spoiled.envoy.stats('wasmcustom\\.seen\\.'));
      return stats.reduce<number>((sum, value) => sum + Number(value), 0) === sent;
    });
  });
});
