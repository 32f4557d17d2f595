// Names of Mixer that a document cannot have, and what stands in their place here: for who brings a configuration
// along. The filter itself knows none of them.

import { TEMPLATE_NAMES } from '../../assembly/shared/templates.ts';

const PEERS = "nothing: the node's metadata give the own workload, `peers: HEADERS` the other side";
const COLLECTED =
  '`prometheus` for metrics and `stdio` for logs, which an agent collects; `bypass` for an adapter that runs beside Envoy';
const STATISTICS = "`prometheus`: Envoy's own statistics, which a `stats_sinks` of Envoy sends on";
const TRACING = "Envoy's own tracing, in its bootstrap or the connection manager";
const API = 'attributes of your own, such as `api: { type: STRING, value: request.url_path }`';
const RBAC = 'in the parameters of the adapter `rbac`';
/** For an adapter that nobody here knows. */
export const BESIDE = '`bypass` asks one that runs beside Envoy';

/** What is written instead of an adapter that is not here. */
const ADAPTERS: Readonly<Record<string, string>> = {
  circonus: COLLECTED,
  cloudwatch: COLLECTED,
  dogstatsd: STATISTICS,
  fluentd: "`stdio`: JSON lines in Envoy's log, which a log agent forwards",
  kubernetesenv: PEERS,
  servicecontrol: '`apikey` and `memquota`, or `extauthz`',
  signalfx: COLLECTED,
  solarwinds: COLLECTED,
  stackdriver: COLLECTED,
  statsd: STATISTICS,
  zipkin: TRACING,
};

/** What is written instead of a template that is not here. */
const TEMPLATES: Readonly<Record<string, string>> = {
  edge: '`metric`, with both workloads as dimensions',
  kubernetes: PEERS,
  servicecontrolreport: '`logentry`',
  tracespan: TRACING,
};

const ENVOYS = "a document; this is of Envoy's configuration, which `mixer render` writes for one";

/** Fields of Kubernetes resources, and of files that are taken for documents. */
const FIELDS: Readonly<Record<string, string>> = {
  admin: ENVOYS,
  cases: 'a document; this is a file for `mixer test`',
  node: ENVOYS,
  requests: 'a document; this is a script for `mixer run`, which stands beside one',
  static_resources: ENVOYS,
  stats_config: ENVOYS,
  namespace: 'nothing: a document is of one proxy, `match` says for which of its requests',
  spec: 'its fields here, without `spec`',
  metadata: '`name` alone',
  kind: 'nothing: the list that it stands in says what it is',
};

/** Istio's own instances, which actions have without `instances`. */
const STANDARD_INSTANCES: readonly (readonly [adapter: string, names: string])[] = [
  [
    'prometheus',
    'requestcount requestduration requestsize responsesize tcpbytesent tcpbytereceived ' +
      'tcpconnectionsopened tcpconnectionsclosed',
  ],
  ['stdio', 'accesslog tcpaccesslog'],
];

const INSTANCES: Readonly<Record<string, string>> = Object.fromEntries(
  STANDARD_INSTANCES.flatMap(([adapter, names]) =>
    names
      .split(' ')
      .map((name) => [
        name,
        `an instance of the document; without \`instances\`, \`${adapter}\` has Istio's own`,
      ]),
  ),
);

/** Adapters that had a kind of resource of their own before Mixer 1.1, and are here. */
const KINDS_OF_HANDLERS: ReadonlySet<string> = new Set(
  'bypass denier listchecker memquota noop opa prometheus rbac redisquota stdio'.split(' '),
);

const BY_CODE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  E0201: FIELDS,
  E0403: INSTANCES,
  E0404: ADAPTERS,
  E0405: TEMPLATES,
};

/** What replaces the name that a diagnostic is about; null where it is no name of Mixer's. */
export function insteadOf(code: string, name: string): string | null {
  const names = BY_CODE[code];
  return names !== undefined && Object.hasOwn(names, name) ? (names[name] ?? null) : null;
}

/** Whether an adapter of Mixer's, by its name there, is here under any name. */
export function isAdapterHere(name: string): boolean {
  return KINDS_OF_HANDLERS.has(name);
}

/** Where a resource of this kind goes: a handler's, an instance's or a rule's list; null elsewhere. */
export function listOfKind(kind: string): 'handlers' | 'instances' | 'rules' | null {
  if (kind === 'rule') return 'rules';
  if (kind === 'handler' || KINDS_OF_HANDLERS.has(kind)) return 'handlers';
  return kind === 'instance' || TEMPLATE_NAMES.includes(kind) ? 'instances' : null;
}

/** What a kind of resource has become that is in none of the lists; null for kinds that Mixer never had. */
export function successorOfKind(kind: string): string | null {
  return insteadOf('E0404', kind) ?? insteadOf('E0405', kind) ?? OTHER_KINDS[kind] ?? null;
}

const OTHER_KINDS: Readonly<Record<string, string>> = {
  adapter: `nothing: ${BESIDE}`,
  attributemanifest: "nothing for Mixer's own attributes; others stand under `attributes`",
  AuthorizationPolicy: `\`policies\`, ${RBAC}`,
  ClusterRbacConfig: `\`mode\`, \`inclusion\` and \`exclusion\`, ${RBAC}`,
  HTTPAPISpec: API,
  HTTPAPISpecBinding: "the rule's `match`",
  QuotaSpec: "the action's `charge`, where it is not 1",
  QuotaSpecBinding: 'the rule\'s `match`, such as `(destination.service.name | "") == "reviews"`',
  RbacConfig: `\`mode\`, \`inclusion\` and \`exclusion\`, ${RBAC}`,
  ServiceRole: `\`roles\`, ${RBAC}`,
  ServiceRoleBinding: `\`bindings\`, ${RBAC}`,
  template: 'nothing: templates are known by name',
};
