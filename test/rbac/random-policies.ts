// Random policies, and requests near their values. Few different words, so that they meet.

import type { Random } from '../fuzz/random.ts';
import { candidatesOf } from './candidates.ts';
import { permissionsOf, principalsOf, type Condition } from './conditions.ts';
import { PLAIN, patched, type Facts } from './facts.ts';
import type { PolicyParams, Rule, Source, When } from './istio.ts';

const WORDS = ['a', 'b', 'ab', 'a/b', 'abc', 'x-y', 'b.c'];
const NETWORKS = ['10.0.0.0/9', '10.1.2.3', '192.168.4.0/22', '0.0.0.0/0', '2001:db8::/33', '::/0'];
const TEMPLATES = ['/{*}/b', '/a/{**}', '/{**}/b', '/a/{*}', '/a/{*}.b', '/{*}/{**}'];
const FIELDS: Readonly<Record<string, (random: Random) => string>> = {
  principals: pattern,
  requestPrincipals: (random) =>
    `${pattern(random)}${random.pick(['', '/b', '/*'])}`.replace(/\*(?!$)/g, ''),
  namespaces: (random) => pattern(random).replace('/', ''),
  serviceAccounts: (random) => random.pick(['a', 'b', 'foo/a', 'a/b']),
  trustDomains: (random) => pattern(random).replace('/', ''),
  ipBlocks: (random) => random.pick(NETWORKS),
  remoteIpBlocks: (random) => random.pick(NETWORKS),
};
const OPERATIONS: Readonly<Record<string, (random: Random) => string>> = {
  hosts: pattern,
  methods: (random) => random.pick(['GET', 'G*', '*T', '*']),
  paths: (random) =>
    random.below(3) === 0 ? random.pick(TEMPLATES) : `/${pattern(random)}`.replace('/*', '*'),
  ports: (random) => random.pick(['80', '81']),
};
const KEYS = [
  'request.headers[x-a]',
  'request.auth.audiences',
  'request.auth.claims[a]',
  'request.auth.claims[b][c]',
  'connection.sni',
  'source.namespace',
  'source.trustDomain',
  'experimental.envoy.filters.a.b[c]',
];

function pattern(random: Random): string {
  const word = random.pick(WORDS);
  return random.pick([word, word, `${word}*`, `*${word}`, '*']);
}

/** Some policies. */
export function randomPolicies(random: Random): PolicyParams[] {
  const count = 1 + random.below(4);
  return Array.from({ length: count }, (_, index) => ({
    name: `policy-${index}`,
    namespace: 'foo',
    action: random.pick(['ALLOW', 'ALLOW', 'DENY', 'AUDIT']),
    dryRun: random.below(8) === 0,
    rules: some(random, 3, () => randomRule(random)),
  }));
}

function randomRule(random: Random): Rule {
  const from = some(random, 3, () => ({ source: fields(random, FIELDS) }));
  const to = some(random, 3, () => ({ operation: fields(random, OPERATIONS) }));
  const when = some(random, 3, () => randomWhen(random));
  return {
    ...(from.length > 0 && { from }),
    ...(to.length > 0 && { to }),
    ...(when.length > 0 && { when }),
  };
}

function randomWhen(random: Random): When {
  const key = random.pick(KEYS);
  // A trust domain has no slash: Istio refuses such a policy.
  const make = (): string =>
    key === 'source.trustDomain' ? pattern(random).replace('/', '') : pattern(random);
  const values = some(random, 3, make);
  return { key, values, ...(values.length === 0 && { notValues: [make()] }) };
}

function fields(random: Random, all: Readonly<Record<string, (random: Random) => string>>): Source {
  const chosen = Object.entries(all).filter(() => random.below(4) === 0);
  return Object.fromEntries(
    chosen.map(([name, make]) => {
      const isNegated = random.below(4) === 0;
      const field = isNegated ? `not${name[0]!.toUpperCase()}${name.slice(1)}` : name;
      return [field, [make(random), ...some(random, 3, () => make(random))]];
    }),
  );
}

function some<T>(random: Random, limit: number, make: () => T): T[] {
  return Array.from({ length: random.below(limit) }, make);
}

/** A request that differs from the plain one in what some of the conditions are about. */
export function randomRequest(random: Random, policies: readonly PolicyParams[]): Facts {
  const rules = policies.flatMap(({ rules: all }) => all);
  const conditions = rules.flatMap((rule) =>
    [...principalsOf(rule), ...permissionsOf(rule)].flat(),
  );
  let facts = PLAIN;
  for (const condition of conditions) {
    if (random.below(3) > 0) facts = patched(facts, patchOf(random, condition));
  }
  return facts;
}

function patchOf(random: Random, { key, values }: Condition): Partial<Facts> {
  return random.pick(candidatesOf(key, random.pick(values)));
}
