// Passwords: what a slow hash costs is paid once for a good one, and again for each wrong one; limits at their edges.

import assert from 'node:assert/strict';
import { createHash, pbkdf2Sync } from 'node:crypto';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ROOT } from '../../tools/build/root.ts';
import { Host } from '../../tools/host/host.ts';

const WASM = join(ROOT, 'dist/mixer.wasm');
const SALT = 'salt-of-all';

function fast(password: string): string {
  return `sha256:${SALT}:${createHash('sha256').update(`${SALT}${password}`).digest('hex')}`;
}

function slow(password: string, iterations: number): string {
  const derived = pbkdf2Sync(password, SALT, iterations, 32, 'sha256').toString('hex');
  return `pbkdf2-sha256:${iterations}:${SALT}:${derived}`;
}

async function load(users: readonly object[]): Promise<Host> {
  const configuration = JSON.stringify({
    handlers: [{ name: 'users', adapter: 'basicauth', params: { users } }],
    rules: [{ name: 'callers', actions: [{ name: 'who', handler: 'users' }] }],
  });
  return Host.load({ wasm: WASM, configuration });
}

async function serve(users: readonly object[]): Promise<Host> {
  const host = await load(users);
  assert.ok(host.start(), logText(host));
  return host;
}

function logText(host: Host): string {
  return host.logs.map(({ text }) => text).join('\n');
}

function ask(host: Host, user: string, password: string): number {
  const pair = Buffer.from(`${user}:${password}`).toString('base64');
  return host.request({ headers: [['authorization', `Basic ${pair}`]] }).status;
}

/** Milliseconds of one question, the least of some. */
function cost(host: Host, user: string, password: string): number {
  let least = Infinity;
  for (let round = 0; round < 10; round++) {
    const start = process.hrtime.bigint();
    ask(host, user, password);
    least = Math.min(least, Number(process.hrtime.bigint() - start) / 1e6);
  }
  return least;
}

describe('a password with a slow hash', () => {
  it('costs a request little once it has been right, and a wrong one or a stranger the whole', async () => {
    const host = await serve([{ name: 'ann', hash: slow('secret', 4096) }]);
    for (let round = 0; round < 30; round++) ask(host, 'ann', 'wrong');
    assert.equal(ask(host, 'ann', 'secret'), 200);
    const known = cost(host, 'ann', 'secret');
    const wrong = cost(host, 'ann', 'wrong');
    const stranger = cost(host, 'eve', 'wrong');
    assert.ok(known * 5 < wrong, `${known} ms, and ${wrong} ms for a wrong one`);
    assert.ok(
      stranger * 2 > wrong,
      `a stranger costs ${stranger} ms, a wrong password ${wrong} ms`,
    );
    assert.equal(ask(host, 'ann', 'secret'), 200);
    assert.equal(ask(host, 'ann', 'wrong'), 401);
  });
});

describe('a password of the greatest size', () => {
  it('is known, and one that is longer is wrong', async () => {
    const [good, long] = ['p'.repeat(1024), 'p'.repeat(1025)];
    const host = await serve([
      { name: 'ann', hash: fast(good) },
      { name: 'bob', hash: fast(long) },
      { name: 'carl', hash: slow(good, 2) },
    ]);
    assert.equal(ask(host, 'ann', good), 200);
    assert.equal(ask(host, 'carl', good), 200);
    assert.equal(ask(host, 'bob', long), 401);
  });
});

describe('iterations', () => {
  it('are at most 4,096', async () => {
    assert.ok((await load([{ name: 'ann', hash: slow('a', 4096) }])).start());
    for (const hash of [slow('a', 4097), `pbkdf2-sha256:0:${SALT}:${'0'.repeat(64)}`]) {
      const host = await load([{ name: 'ann', hash }]);
      assert.equal(host.start(), false);
      assert.match(logText(host), /E0226/);
    }
  });
});

describe('two thousand users', () => {
  it('are each found', async () => {
    const users = Array.from({ length: 2000 }, (_, at) => ({
      name: `u${at}`,
      hash: fast(`p${at}`),
    }));
    const host = await serve(users);
    for (let at = 0; at < 2000; at += 3) assert.equal(ask(host, `u${at}`, `p${at}`), 200);
    assert.equal(ask(host, 'u1', 'p2'), 401);
  });
});
