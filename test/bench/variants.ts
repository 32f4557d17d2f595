// What is measured: each variant is what stands in front of the router of an otherwise equal
// listener.

import { render } from '../../tools/render/bootstrap.ts';
import { backendCluster } from '../../tools/render/cluster.ts';
import { describeDocument } from '../../tools/render/describe.ts';
import { statsTags } from '../../tools/render/stats-tags.ts';
import { envoyMinor } from '../../tools/render/defaults.ts';
import type { Config } from '../../tools/render/types.ts';
import {
  demoDocument,
  oneCheckDocument,
  policiesDocument,
  rulesDocument,
  standardMetricsDocument,
  w1Document,
} from './documents.ts';
import { adapterDocuments, allPoliciesDocument } from './adapter-documents.ts';
import type { Addresses } from './backends.ts';
import { compileYardstick } from './yardsticks.ts';

/** One way to do the work. */
export interface Variant {
  readonly name: string;
  readonly about: string;
  readonly filters: readonly Config[];
  readonly statsTags: readonly Config[];
  /** Those of the backends that it asks. */
  readonly clusters: readonly Config[];
  /** Whether it answers as W1 does; the others let the request of the load pass. */
  readonly decidesW1: boolean;
  /** The .wasm that it loads; null: none. */
  readonly module: string | null;
  /** Only its start and its memory are of interest. */
  readonly isIdle: boolean;
}

/** The bare listener, which every other variant is compared with. */
export const BASELINE = 'baseline';

const RBAC = 'type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC';
const WASM = 'type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm';

/** The filters to measure. */
export interface Modules {
  /** All adapters. */
  readonly mixer: string;
  /** One adapter, `denier`. */
  readonly oneAdapter: string;
  /** Another build of all adapters, measured beside it; null: none. */
  readonly against: string | null;
}

/** Every variant, in the order of the report. */
export async function allVariants(modules: Modules, addresses: Addresses): Promise<Variant[]> {
  const empty = await compileYardstick('empty');
  const w1 = await compileYardstick('w1');
  const native = { statsTags: [], clusters: [], module: null, isIdle: false };
  const wasm = { statsTags: [], clusters: [], isIdle: false };
  const others: Variant[] = [
    { ...native, name: BASELINE, about: 'the bare listener', filters: [], decidesW1: false },
    { ...native, name: 'rbac', about: 'native check', filters: [rbac()], decidesW1: true },
    {
      ...wasm,
      name: 'empty',
      about: 'wasm, one callback that returns',
      filters: [plainWasm('empty', empty)],
      decidesW1: false,
      module: empty,
    },
    {
      ...wasm,
      name: 'by-hand',
      about: 'wasm, W1 and nothing else',
      filters: [plainWasm('by-hand', w1)],
      decidesW1: true,
      module: w1,
    },
  ];
  const idle = { name: 'one-adapter', about: 'started, idle', json: oneCheckDocument() };
  const documents = documentsFor(addresses);
  const ours = documents.map((document) => ofDocument(document, modules.mixer));
  const { against } = modules;
  const theirs =
    against === null
      ? []
      : documents.map(({ name, ...rest }) =>
          // An older build need not know every adapter.
          ofDocument({ ...rest, name: `${name}@against` }, against).catch(() => null),
        );
  const one = { ...(await ofDocument(idle, modules.oneAdapter)), isIdle: true };
  return [...others, ...(await Promise.all(ours)), ...known(await Promise.all(theirs)), one];
}

function known(variants: readonly (Variant | null)[]): Variant[] {
  return variants.filter((variant) => variant !== null);
}

interface Measured {
  readonly name: string;
  readonly about: string;
  readonly json: string;
}

const DOCUMENTS: readonly Measured[] = [
  { name: 'w1', about: 'W1 as a document', json: w1Document() },
  { name: 'demo', about: 'envoy/demo.yaml', json: demoDocument() },
  { name: 'metrics', about: 'standard metrics alone', json: standardMetricsDocument() },
  { name: 'rules-1', about: '1 rule, it matches', json: rulesDocument(1) },
  { name: 'rules-10', about: '10 rules, one matches', json: rulesDocument(10) },
  { name: 'rules-100', about: '100 rules, one matches', json: rulesDocument(100) },
  { name: 'rules-1000', about: '1,000 rules, one matches', json: rulesDocument(1000) },
  { name: 'policies-10', about: '10 policies of rbac', json: policiesDocument(10) },
  { name: 'policies-1000', about: '1,000 policies of rbac', json: policiesDocument(1000) },
];

function documentsFor(addresses: Addresses): Measured[] {
  const adapters = adapterDocuments(addresses).map(([adapter, json]) => ({
    name: `adapter-${adapter}`,
    about: `${adapter} lets the request pass`,
    json,
  }));
  const json = allPoliciesDocument(addresses);
  const names = (JSON.parse(json) as { rules: { name: string }[] }).rules.map(({ name }) => name);
  const about = `one by one: ${names.join(', ')}`;
  return [...DOCUMENTS, ...adapters, { name: 'all-policies', about, json }];
}

async function ofDocument({ name, about, json }: Measured, wasm: string): Promise<Variant> {
  const described = await describeDocument(json, wasm);
  if (!described.isAccepted) {
    const problems = described.diagnostics.map(({ code, message }) => `${code} ${message}`);
    throw new Error(`${wasm} refuses the document of ${name}: ${problems.join('; ')}`);
  }
  const filter = render('filter', {
    described,
    trust: { kind: 'sidecar' },
    envoyMinor: envoyMinor() ?? 0,
    wasm,
    listeners: [{ name: 'main', document: json, endpoint: { host: '127.0.0.1', port: 0 } }],
    admin: { host: '127.0.0.1', port: 0 },
    upstream: { host: '127.0.0.1', port: 1 },
    accessLogPath: '/dev/null',
  });
  return {
    name,
    about,
    filters: [filter],
    statsTags: statsTags(described.labels).map((tag) => ({ ...tag })),
    clusters: (described.clusters ?? []).map(backendCluster),
    decidesW1: name.startsWith('w1'),
    module: wasm,
    isIdle: false,
  };
}

function plainWasm(name: string, filename: string): Config {
  const config = {
    name,
    vm_config: {
      vm_id: name,
      runtime: 'envoy.wasm.runtime.v8',
      code: { local: { filename } },
    },
  };
  return { name, typed_config: { '@type': WASM, config } };
}

function rbac(): Config {
  const header = (name: string, exact: string): Config => ({
    header: { name, string_match: { exact } },
  });
  const methods = ['GET', 'POST'].map((method) => header(':method', method));
  const permission = {
    and_rules: {
      rules: [{ or_rules: { rules: methods } }, { url_path: { path: { prefix: '/api/' } } }],
    },
  };
  const principals = ['admin', 'ops', 'dev'].map((role) => header('x-role', role));
  const policies = { w1: { permissions: [permission], principals } };
  return {
    name: 'envoy.filters.http.rbac',
    typed_config: { '@type': RBAC, rules: { action: 'ALLOW', policies } },
  };
}
