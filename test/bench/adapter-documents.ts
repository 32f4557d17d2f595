// One document for each adapter that needs nobody beside the proxy: what it costs to let the request of the load pass.
// And one with all policy adapters at once, for the long run.

import { createHash } from 'node:crypto';

import { HEADERS } from './load.ts';

interface Work {
  readonly handlers: readonly object[];
  readonly instances: readonly object[];
  readonly action: object;
  readonly match?: string;
}

/** A quota that no benchmark uses up. */
const AMPLE = 1_000_000_000_000;
const POLICY_COUNT = 10;

const KEY = sha256(HEADERS['x-request-id'] ?? '');

/** What each policy adapter is asked for a request of the load. */
const POLICIES: Readonly<Record<string, Work>> = {
  denier: {
    match: 'request.path == "/closed"',
    handlers: [{ name: 'closed', adapter: 'denier' }],
    instances: [],
    action: { handler: 'closed' },
  },
  list: {
    handlers: [{ name: 'roles', adapter: 'list', params: { overrides: ['admin', 'ops', 'dev'] } }],
    instances: [
      { name: 'role', template: 'listentry', params: { value: 'request.headers["x-role"] | ""' } },
    ],
    action: { handler: 'roles', instances: ['role'] },
  },
  memquota: quotaWork('limits', 'memquota', {}),
  'memquota-lease': quotaWork('leases', 'memquota', { leaseSize: 100 }),
  rbac: {
    handlers: [{ name: 'authz', adapter: 'rbac', params: { policies: policies() } }],
    instances: [],
    action: { handler: 'authz' },
  },
  apikey: {
    handlers: [
      {
        name: 'keys',
        adapter: 'apikey',
        params: {
          requestHeaders: ['x-request-id'],
          keys: [{ consumer: 'load', sha256: KEY }],
        },
      },
    ],
    instances: [],
    action: { handler: 'keys' },
  },
};

/** What each adapter of reports is told of a request. */
const REPORTS: Readonly<Record<string, Work>> = {
  noop: reportWork('nothing', 'noop'),
  stdio: reportWork('log', 'stdio'),
};

/** Documents by adapter. */
export function adapterDocuments(): readonly (readonly [adapter: string, json: string])[] {
  return Object.entries({ ...POLICIES, ...REPORTS }).map(([adapter, work]) => [
    adapter,
    documentOf([[adapter, work]]),
  ]);
}

/** All policy adapters, one behind the other. */
export function allPoliciesDocument(): string {
  return documentOf(Object.entries(POLICIES));
}

function documentOf(works: readonly (readonly [string, Work])[]): string {
  return JSON.stringify({
    handlers: works.flatMap(([, { handlers }]) => handlers),
    instances: works.flatMap(([, { instances }]) => instances),
    rules: works.map(([name, { action, match }]) => ({
      name,
      ...(match === undefined ? {} : { match }),
      actions: [action],
    })),
  });
}

function quotaWork(name: string, adapter: string, extra: object): Work {
  const quota = { name: `per-${name}`, maxAmount: AMPLE, validDuration: '1s', ...extra };
  const dimensions = { role: 'request.headers["x-role"] | ""' };
  return {
    handlers: [{ name, adapter, params: { quotas: [quota] } }],
    instances: [{ name: quota.name, template: 'quota', params: { dimensions } }],
    action: { handler: name, instances: [quota.name] },
  };
}

function reportWork(name: string, adapter: string): Work {
  return { handlers: [{ name, adapter }], instances: [], action: { handler: name } };
}

// Of which the last one matches.
function policies(): object[] {
  return Array.from({ length: POLICY_COUNT }, (_, index) => {
    const path = index === POLICY_COUNT - 1 ? '/api/*' : `/service-${index}/*`;
    return { name: `policy-${index}`, rules: [{ to: [{ operation: { paths: [path] } }] }] };
  });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
