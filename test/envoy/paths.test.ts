// Ambiguous paths on a real Envoy, by HTTP/1 and HTTP/2: on one that leaves paths as they came, and
// on one as `mixer render` configures it, which tidies them up before the filter sees them.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { denying } from './support/documents.ts';
import { httpConnections, startPatched } from './support/patched.ts';

const AMBIGUOUS = [
  '//closed',
  '/closed//',
  '/./closed',
  '/closed/.',
  '/open/../closed',
  '/closed/..',
  '/closed/..?a=b',
  '/open/..;/closed',
  '/open\\..\\closed',
  '/open%2f..%2Fclosed',
  '/open%5Cclosed',
  '/%2e%2E/closed',
  '/closed%00',
  '/%63losed',
  '/clos%65d',
  '/;/closed',
  '/open/;x=y/../closed',
  '/open/..%3b/closed',
];
const PLAIN = ['/', '/a/b/', '/a.b/..c/...', '/a;b=c', '/%20', '/a?u=http://x/../%2f', '/closed2'];
const PROTOCOLS = [
  ['HTTP/1.1', false],
  ['HTTP/2', true],
] as const;
const DETAILS = 'mixer_ambiguous_path';

/** An Envoy whose connection manager leaves paths as they came. */
function startUntidy(document: object): Promise<RunningEnvoy> {
  return startPatched({
    document,
    patch: (bootstrap) => {
      const http = httpConnections(bootstrap);
      http['normalize_path'] = false;
      http['merge_slashes'] = false;
      http['path_with_escaped_slashes_action'] = 'KEEP_UNCHANGED';
    },
  });
}

describe('an Envoy that leaves paths as they came', () => {
  let envoy: RunningEnvoy;
  before(async () => {
    envoy = await startUntidy(denying('/closed'));
  });
  after(() => envoy.stop());

  for (const [protocol, http2] of PROTOCOLS) {
    it(`refuses each ambiguous path with 400 by ${protocol}`, async () => {
      for (const path of AMBIGUOUS) {
        const answer = await request(envoy.url, { path, http2 });
        assert.deepEqual(
          [answer.status, answer.body],
          [400, 'INVALID_ARGUMENT:mixer:ambiguous path'],
          path,
        );
      }
    });

    it(`takes other paths as they are by ${protocol}`, async () => {
      for (const path of PLAIN) {
        const answer = await request(envoy.url, { path, http2 });
        assert.equal(answer.status, 200, path);
        assert.equal((JSON.parse(answer.body) as { path: string }).path, path);
      }
      assert.equal((await request(envoy.url, { path: '/closed', http2 })).status, 403);
    });
  }

  it('names the reason in the access log and counts it', async () => {
    await request(envoy.url, { path: '//closed?log' });
    const entry = await envoy.waitFor(() =>
      envoy.accessLog().find(({ path }) => path === '//closed?log'),
    );
    assert.deepEqual([entry.details, entry.verdict], [DETAILS, 'denied']);
    await envoy.waitFor(async () => {
      const stats = await envoy.stats('mixer_ambiguous_paths_total');
      return Number(Object.values(stats)[0] ?? 0) >= AMBIGUOUS.length;
    });
  });
});

describe('an Envoy that leaves paths as they came, with AS_IS', () => {
  it('shows them to the rules', async () => {
    const envoy = await startUntidy({ ...denying('//closed'), ambiguousPath: 'AS_IS' });
    try {
      assert.equal((await request(envoy.url, { path: '//closed' })).status, 403);
      assert.equal((await request(envoy.url, { path: '/a/../closed' })).status, 200);
    } finally {
      await envoy.stop();
    }
  });
});

describe('an Envoy as it is rendered', () => {
  it('never lets an ambiguous path past the rule about what it means', async () => {
    const envoy = await startPatched({ document: denying('/closed'), patch: () => undefined });
    try {
      for (const path of AMBIGUOUS.filter((each) => each.includes('closed'))) {
        for (const [, http2] of PROTOCOLS) {
          const answer = await request(envoy.url, { path, http2 });
          const isOther = answer.status === 200 && !isClosed(answer.body);
          assert.ok([307, 400, 403].includes(answer.status) || isOther, `${path} ${answer.body}`);
        }
      }
    } finally {
      await envoy.stop();
    }
  });
});

/** Whether the upstream was asked for what the rule closes. */
function isClosed(body: string): boolean {
  const { path } = JSON.parse(body) as { path: string };
  return path.split('?')[0] === '/closed';
}
