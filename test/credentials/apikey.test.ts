// API keys by the thousand: each is found, none is made up, and the number of keys costs a request nothing.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ROOT } from '../../tools/build/root.ts';
import { Host } from '../../tools/host/host.ts';

const WASM = join(ROOT, 'dist/mixer.wasm');
const CONSUMER_HEADER = {
  name: 'x-consumer',
  operation: 'REPLACE',
  values: ['who.output.consumer'],
};

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function configuration(keys: readonly object[], more: object = {}): string {
  return JSON.stringify({
    handlers: [{ name: 'keys', adapter: 'apikey', params: { keys, ...more } }],
    rules: [
      {
        name: 'callers',
        actions: [{ name: 'who', handler: 'keys' }],
        requestHeaderOperations: [CONSUMER_HEADER],
      },
    ],
  });
}

async function serve(count: number): Promise<Host> {
  const keys = Array.from({ length: count }, (_, number) => ({
    consumer: `consumer-${number}`,
    sha256: sha256(`key-${number}`),
  }));
  const host = await Host.load({ wasm: WASM, configuration: configuration(keys) });
  assert.ok(host.start(), logText(host));
  return host;
}

function logText(host: Host): string {
  return host.logs.map(({ text }) => text).join('\n');
}

/** Nanoseconds of one request with a good key at each host, side by side; the least of many rounds. */
function costs(hosts: readonly Host[]): number[] {
  const least = hosts.map(() => Infinity);
  for (let round = 0; round < 60; round++) {
    for (const [index, host] of hosts.entries()) {
      const start = process.hrtime.bigint();
      for (let at = 0; at < 100; at++) host.request({ headers: [['x-api-key', 'key-7']] });
      const spent = Number(process.hrtime.bigint() - start) / 100;
      least[index] = Math.min(least[index] ?? Infinity, spent);
    }
  }
  return least;
}

describe('ten thousand API keys', () => {
  it('are each found, with their consumers, and no others', async () => {
    const host = await serve(10_000);
    for (let number = 0; number < 10_000; number += 7) {
      const { status, upstreamHeaders } = host.request({
        headers: [['x-api-key', `key-${number}`]],
      });
      assert.equal(status, 200);
      const consumer = upstreamHeaders?.find(([name]) => name === 'x-consumer');
      assert.deepEqual(consumer, ['x-consumer', `consumer-${number}`]);
    }
    for (const key of ['key-10000', 'key-', 'KEY-1', sha256('key-1')]) {
      assert.equal(host.request({ headers: [['x-api-key', key]] }).status, 401, key);
    }
  });

  it('cost a request what ten cost', async () => {
    const [few = 0, many = 0] = costs([await serve(10), await serve(10_000)]);
    const ratio = many / few;
    assert.ok(ratio < 1.5, `10,000 keys cost ${ratio.toFixed(2)} times what 10 cost`);
  });
});

describe('a key of the greatest size', () => {
  it('is known, and one that is longer is not', async () => {
    const [good, long] = ['k'.repeat(1024), 'k'.repeat(1025)];
    const keys = [good, long].map((key) => ({ consumer: 'c', sha256: sha256(key) }));
    const host = await Host.load({ wasm: WASM, configuration: configuration(keys) });
    assert.ok(host.start(), logText(host));
    assert.equal(host.request({ headers: [['x-api-key', good]] }).status, 200);
    assert.equal(host.request({ headers: [['x-api-key', long]] }).status, 401);
  });
});

describe('places of a key', () => {
  it('are at most sixteen', async () => {
    const names = (count: number) => Array.from({ length: count }, (_, at) => `x-key-${at}`);
    const load = async (count: number) =>
      Host.load({ wasm: WASM, configuration: configuration([], { requestHeaders: names(count) }) });
    assert.ok((await load(16)).start());
    const refused = await load(17);
    assert.equal(refused.start(), false);
    assert.match(logText(refused), /E0219 .*at most 16/s);
  });
});

describe('a request with many keys', () => {
  it('is refused at once, however many there are', async () => {
    const host = await serve(10);
    const path = `/?${'api_key=key-1&'.repeat(4000)}`;
    const { status, body } = host.request({ path });
    assert.equal(status, 401);
    assert.equal(body, 'UNAUTHENTICATED:keys:the API key is given more than once');
  });
});
