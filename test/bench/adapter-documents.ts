// One document for each adapter: what it costs to let the request of the load pass. And one with all policy adapters at
// once, for the long run. Adapters whose backend does not run are left out.

import { createHash, pbkdf2Sync } from 'node:crypto';

import type { Addresses } from './backends.ts';
import { HEADERS } from './load.ts';
import { remoteWorks } from './remote-documents.ts';

/** What one adapter is asked. */
export interface Work {
  readonly handlers: readonly object[];
  readonly instances: readonly object[];
  readonly action: object;
  readonly match?: string;
  /** Whether each request waits for somebody else: too slow for the long run. */
  readonly isSlow?: true;
}

/** A quota that no benchmark uses up. */
const AMPLE = 1_000_000_000_000;
const POLICY_COUNT = 10;

const KEY = sha256(HEADERS['x-request-id'] ?? '');
const PASSWORD = 'correct horse';
const SALT = 'salt of the load';
/** The most that the filter takes: paid once for each worker, then remembered. */
const ITERATION_COUNT = 4_096;
const ISSUER = 'https://issuer.example';
const CLAIMS = { iss: ISSUER, sub: 'ann', aud: ['shop'], realm: { roles: ['admin', 'dev'] } };

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
  'memquota-fixed': quotaWork('windows', 'memquota', { algorithm: 'FIXED_WINDOW' }),
  'memquota-tokens': quotaWork('rates', 'memquota', {
    algorithm: 'TOKEN_BUCKET',
    validDuration: '3600s',
  }),
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
  basicauth: {
    handlers: [
      {
        name: 'users',
        adapter: 'basicauth',
        params: { users: [{ name: 'ann', hash: passwordHash() }] },
      },
    ],
    instances: [
      { name: 'credentials', template: 'apikey', params: { apiKey: text(`Basic ${pair()}`) } },
    ],
    action: { handler: 'users', instances: ['credentials'] },
  },
  jwtclaims: {
    handlers: [
      {
        name: 'tokens',
        adapter: 'jwtclaims',
        params: {
          issuer: ISSUER,
          audiences: ['shop'],
          claims: [{ path: ['realm', 'roles'], values: ['dev'] }],
        },
      },
    ],
    instances: [
      {
        name: 'token',
        template: 'authorization',
        params: {
          subject: { user: '"ann"', properties: { claims: text(JSON.stringify(CLAIMS)) } },
        },
      },
    ],
    action: { handler: 'tokens', instances: ['token'] },
  },
};

/** What each adapter of reports is told of a request. */
const REPORTS: Readonly<Record<string, Work>> = {
  noop: reportWork('nothing', 'noop'),
  stdio: reportWork('log', 'stdio'),
};

/** Documents by adapter. */
export function adapterDocuments(
  addresses: Addresses,
): readonly (readonly [adapter: string, json: string])[] {
  const works = { ...POLICIES, ...remoteWorks(addresses), ...REPORTS };
  return Object.entries(works).map(([adapter, work]) => [adapter, documentOf([[adapter, work]])]);
}

/** All policy adapters, one behind the other. */
export function allPoliciesDocument(addresses: Addresses): string {
  const works = Object.entries({ ...POLICIES, ...remoteWorks(addresses) });
  return documentOf(works.filter(([, { isSlow }]) => isSlow !== true));
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

/** A literal of the expression language. */
function text(value: string): string {
  return JSON.stringify(value);
}

function pair(): string {
  return Buffer.from(`ann:${PASSWORD}`).toString('base64');
}

function passwordHash(): string {
  const hash = pbkdf2Sync(PASSWORD, SALT, ITERATION_COUNT, 32, 'sha256').toString('hex');
  return `pbkdf2-sha256:${ITERATION_COUNT}:${SALT}:${hash}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
