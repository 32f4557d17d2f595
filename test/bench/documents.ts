// The documents that are measured: W1, the demo, the standard metrics, and many rules of which one
// matches.

import { join } from 'node:path';

import { ROOT } from '../../tools/build/root.ts';
import { DocumentFile } from '../../tools/document/document.ts';

/** A quota that no benchmark uses up. */
const AMPLE = 1_000_000_000_000;

/** W1 of this folder, as JSON. */
export function w1Document(): string {
  return DocumentFile.read(join(ROOT, 'test', 'bench', 'w1.yaml')).json;
}

/** envoy/demo.yaml with quotas that are never used up, so that every request takes the whole way. */
export function demoDocument(): string {
  const { json } = DocumentFile.read(join(ROOT, 'envoy', 'demo.yaml'));
  return json.replace(/"maxAmount":\d+/g, `"maxAmount":${AMPLE}`);
}

/** Istio's standard metrics for every request, and nothing else. */
export function standardMetricsDocument(): string {
  return JSON.stringify({
    handlers: [{ name: 'metrics', adapter: 'prometheus' }],
    rules: [{ name: 'telemetry', actions: [{ handler: 'metrics' }] }],
  });
}

/** A document that needs one adapter, and does as little as one can. */
export function oneCheckDocument(): string {
  return JSON.stringify({
    handlers: [{ name: 'closed', adapter: 'denier' }],
    rules: [
      {
        name: 'closed',
        match: 'request.path == "/closed"',
        actions: [{ handler: 'closed' }],
      },
    ],
  });
}

/** `count` rules on path, host and header, of which the last one matches and checks a list. */
export function rulesDocument(count: number): string {
  const rules = Array.from({ length: count }, (_, index) => ({
    name: `rule-${index}`,
    match: index === count - 1 ? 'request.path.startsWith("/api/")' : otherMatch(index),
    actions: [{ handler: 'roles', instances: ['role'] }],
  }));
  return JSON.stringify({
    handlers: [{ name: 'roles', adapter: 'list', params: { overrides: ['admin', 'ops', 'dev'] } }],
    instances: [
      {
        name: 'role',
        template: 'listentry',
        params: { value: 'request.headers["x-role"] | ""' },
      },
    ],
    rules,
  });
}

// What tables of services look like: a prefix, a host, or one of two values of a header.
function otherMatch(index: number): string {
  const kinds = [
    `request.path.startsWith("/service-${index}/")`,
    `request.host == "service-${index}.example.test"`,
    `request.headers["x-role"] == "reader-${index}" || request.headers["x-role"] == "writer-${index}"`,
  ];
  return kinds[index % kinds.length] ?? '';
}

/** `count` policies on paths, hosts, identities and headers, of which the last one allows. */
export function policiesDocument(count: number): string {
  const policies = Array.from({ length: count }, (_, index) => ({
    name: `policy-${index}`,
    action: index % 8 === 0 && index < count - 1 ? 'DENY' : 'ALLOW',
    rules: [index === count - 1 ? { to: [{ operation: { paths: ['/api/*'] } }] } : other(index)],
  }));
  return JSON.stringify({
    handlers: [{ name: 'authz', adapter: 'rbac', params: { policies } }],
    rules: [{ name: 'access', actions: [{ handler: 'authz' }] }],
  });
}

// What policies of many services look like: a prefix, a host, an identity, a header.
function other(index: number): object {
  const methods = ['GET', 'POST'];
  const kinds = [
    { to: [{ operation: { paths: [`/service-${index}/*`], methods } }] },
    { to: [{ operation: { hosts: [`service-${index}.example.test`], methods } }] },
    { from: [{ source: { principals: [`cluster.local/ns/team-${index}/sa/front`] } }] },
    { when: [{ key: 'request.headers[x-role]', values: [`reader-${index}`, `writer-${index}`] }] },
  ];
  return kinds[index % kinds.length] ?? {};
}
