// `docker compose up` on a clone: the demo in containers, with no more than Envoy's image.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { Admin } from '../../tools/envoy/admin.ts';
import { sampleValue } from '../../tools/envoy/exposition.ts';
import { request } from '../../tools/envoy/request.ts';
import { compose } from '../support/compose.ts';
import { poll } from '../support/poll.ts';

const READY_TIMEOUT_MS = 20_000;
const METRICS_TIMEOUT_MS = 10_000;
const PROJECT = ['-p', `mixer-test-${process.pid}`];
// The system chooses the ports.
const ENVIRONMENT = { ENVOY_PORT: '0', ENVOY_ADMIN_PORT: '0' };

describe('docker compose up', () => {
  let url = '';
  let admin: Admin;

  before(async () => {
    compose(ENVIRONMENT, ...PROJECT, 'up', '-d');
    url = `http://${address(10_000)}`;
    admin = new Admin(`http://${address(9_901)}`);
    await poll('Envoy is ready', READY_TIMEOUT_MS, async () =>
      (await admin.isReady()) ? true : null,
    );
  });
  after(() => compose(ENVIRONMENT, ...PROJECT, 'down'));

  function address(port: number): string {
    return compose(ENVIRONMENT, ...PROJECT, 'port', 'envoy', String(port)).trim();
  }

  it('allows a request and rewrites its headers', async () => {
    const answer = await request(url, { path: '/api/books', headers: [['x-user', 'mallory']] });
    assert.equal(answer.status, 200);
    const echo = JSON.parse(answer.body) as Record<string, string | null>;
    assert.deepEqual([echo['x-plan'], echo['x-mixer'], echo['x-user']], ['free', 'checked', null]);
  });

  it('denies an address on the blocklist', async () => {
    const answer = await request(url, {
      path: '/api/books',
      headers: [['x-forwarded-for', '10.1.2.3']],
    });
    assert.equal(answer.status, 403);
    assert.equal(answer.body, 'PERMISSION_DENIED:blocklist:10.1.2.3 is blacklisted');
  });

  it('limits a tenant', async () => {
    const statuses: number[] = [];
    for (let index = 0; index < 4; index++) {
      const headers = [['x-tenant', 'initech']] as const;
      statuses.push((await request(url, { path: '/api/loans', headers })).status);
    }
    assert.deepEqual(statuses, [200, 200, 200, 429]);
  });

  it('shows metrics with labels', async () => {
    const denied = await poll('the denials are counted', METRICS_TIMEOUT_MS, async () => {
      const labels = { rule: 'api-policy' };
      const value = sampleValue(await admin.prometheus(), 'mixer_rule_denied_total', labels);
      return value === 2 ? value : null;
    });
    assert.equal(denied, 2);
  });
});
