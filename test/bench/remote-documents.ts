// What adapters with a backend are asked for a request of the load: verdicts that a cache keeps, quotas taken ahead,
// and one that asks for every request.

import type { Work } from './adapter-documents.ts';
import type { Addresses, Backend } from './backends.ts';

/** The most that the rate limit service can count. */
const AMPLE = 4_000_000_000;
/** The most that may be given: a busy machine shall not deny. */
const TIMEOUT = '30s';

type Make = (address: string) => Work;

interface Remote {
  readonly backend: Backend;
  readonly make: Make;
}

const REMOTE: Readonly<Record<string, Remote>> = {
  redisquota: {
    backend: 'ratelimit',
    make: (address) => ({ ...quota(address, 'global', {}), isSlow: true }),
  },
  'redisquota-prefetch': {
    backend: 'ratelimit',
    make: (address) => quota(address, 'ahead', { prefetch: true }),
  },
  opa: {
    backend: 'opa',
    make: (address) => ({
      handlers: [{ name: 'opa', adapter: 'opa', ...at(address), params: {} }],
      instances: [],
      action: { handler: 'opa' },
    }),
  },
  extauthz: {
    backend: 'extauthz',
    make: (address) => ({
      handlers: [{ name: 'authz-server', adapter: 'extauthz', ...at(address), params: {} }],
      instances: [],
      action: { handler: 'authz-server' },
    }),
  },
  bypass: {
    backend: 'mixeradapter',
    make: (address) => ({
      handlers: [{ name: 'theirs', adapter: 'bypass', ...at(address), params: {} }],
      // The adapter lets a cache keep its verdict on this value.
      instances: [{ name: 'entry', template: 'listentry', params: { value: '"cached"' } }],
      action: { handler: 'theirs', instances: ['entry'] },
    }),
  },
};

/** Works by adapter, for backends that run. */
export function remoteWorks(addresses: Addresses): Record<string, Work> {
  const works: Record<string, Work> = {};
  for (const [adapter, { backend, make }] of Object.entries(REMOTE)) {
    const address = addresses[backend];
    if (address !== undefined) works[adapter] = make(address);
  }
  return works;
}

/** Whether a variant's name is that of a work with a backend, or of all of them. */
export function needsBackend(variant: string): boolean {
  return variant === 'all-policies' || REMOTE[variant.replace(/^adapter-/, '')] !== undefined;
}

function at(address: string): { readonly connection: object } {
  return { connection: { address, timeout: TIMEOUT } };
}

function quota(address: string, name: string, params: object): Work {
  const given = { name: `per-${name}`, maxAmount: AMPLE, validDuration: '1s' };
  const dimensions = { role: 'request.headers["x-role"] | ""' };
  return {
    handlers: [
      { name, adapter: 'redisquota', ...at(address), params: { quotas: [given], ...params } },
    ],
    instances: [{ name: given.name, template: 'quota', params: { dimensions } }],
    action: { handler: name, instances: [given.name] },
  };
}
