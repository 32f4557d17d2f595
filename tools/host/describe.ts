// Asks a module what it makes of a configuration: one VM, one configure, then the module's own `mixer_describe`, whose
// JSON is checked field by field. A module without that export is judged by configure's answer and its log.

import { toBytes } from './bytes.ts';
import { DescribeFailed, EXPORT, Fields } from './described-fields.ts';
import { RootContext } from './contexts.ts';
import type { LogLine } from './logs.ts';
import { loadModule } from './module.ts';
import { startRoot } from './plugin.ts';
import { EnvoyProcess } from './process.ts';
import { trapText } from './trap-text.ts';
import type { Bytes, NodeOptions } from './types.ts';
import { Vm } from './vm.ts';

export { DescribeFailed } from './described-fields.ts';

export interface DescribeOptions {
  pluginName?: string;
  rootId?: string;
  vmId?: string;
  node?: NodeOptions;
  environment?: Record<string, string>;
}

export interface Diagnostic {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** Whose mistake it is: `rule api-policy`. */
  readonly owner: string;
  /** JSON pointer into the document. */
  readonly pointer: string;
  /** It points at the key, not the value. */
  readonly key: boolean;
  /** Bytes into the decoded string; -1 is the whole value. */
  readonly offset: number;
  readonly size: number;
  readonly message: string;
  readonly expected: string;
  readonly suggestion: string;
  /** Pointer to the other place that it is about, or empty. */
  readonly related: string;
}

/** A handler of an accepted document. */
export interface DescribedHandler {
  readonly name: string;
  readonly adapter: string;
  /** Serve where an action names none; as a document would give them. */
  readonly standardInstances: readonly unknown[];
  /** What Envoy must have for it, as its adapter says; null for nothing. */
  readonly needs: unknown;
}

/** TLS to a backend: files of Envoy's, and the name in its certificate; what is left out is as usual. */
export interface DescribedTls {
  readonly caCertificates?: string;
  readonly clientCertificate?: string;
  readonly privateKey?: string;
  readonly serverName?: string;
}

/** A backend that a handler asks at an address. */
export interface DescribedCluster {
  readonly name: string;
  /** host:port. */
  readonly address: string;
  readonly protocol: 'http' | 'grpc';
  /** How the backend speaks TLS; left out where it does not. */
  readonly tls?: DescribedTls;
}

export interface Description {
  readonly accepted: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** JSON pointers of values that nobody may see; told where there are diagnostics. */
  readonly secrets: readonly string[];
  readonly features: readonly string[];
  /** Environment variables that the document names; none where the module does not say. */
  readonly environment: readonly string[];
  readonly labels: readonly string[];
  readonly rules: readonly string[];
  /** Empty for a module that does not tell. */
  readonly handlers: readonly DescribedHandler[];
  /** Whether the document reads `source.direct_ip`; false where the module does not say. */
  readonly readsDirectAddress: boolean;
  /** Clusters that Envoy needs for backends given by address. */
  readonly clusters: readonly DescribedCluster[];
  /** What the module logged meanwhile. */
  readonly logs: readonly LogLine[];
}

/** How much of a text that is no JSON is shown around the mistake. */
const SHOWN_BEFORE = 80;
const SHOWN_BEHIND = 16;
const TLS_FIELDS = ['caCertificates', 'clientCertificate', 'privateKey', 'serverName'] as const;

export async function describe(
  wasm: string | Uint8Array,
  configuration: Bytes,
  options: DescribeOptions = {},
): Promise<Description> {
  const { pluginName = 'plugin', rootId = '', vmId = '', node = {}, environment = {} } = options;
  const module = await loadModule(wasm);
  const process = new EnvoyProcess({});
  const facts = {
    module,
    vmId,
    vmConfiguration: toBytes(undefined),
    node,
    environment,
    allowedCapabilities: null,
  };
  const vm = new Vm(process, facts, 'canary');
  const plugin = { name: pluginName, rootId, configuration: toBytes(configuration) };
  const started = startRoot(vm, plugin);
  const trap = process.traps[0];
  if (trap !== undefined) throw new DescribeFailed(`the module: ${trapText(trap)}`);
  const { lines } = process.logs;
  if (!vm.hasExport(EXPORT)) return fromLogs(started !== null, lines);
  const root = started ?? rootOf(vm);
  return { ...parseDescription(readText(vm, root)), logs: lines };
}

/** The refused root: it still exists, and knows why. */
function rootOf(vm: Vm): RootContext {
  const root = [...vm.contexts.values()].find((context) => context instanceof RootContext);
  if (root === undefined) throw new DescribeFailed('the module has no root context');
  return root;
}

/** The export returns a slice: its address in the low 32 bits, its size in the high ones. */
function readText(vm: Vm, root: RootContext): string {
  const slice = vm.callExport(root, EXPORT, []);
  if (typeof slice !== 'bigint') throw new DescribeFailed(`${EXPORT} returns no i64`);
  const packed = BigInt.asUintN(64, slice);
  const address = Number(packed & 0xffff_ffffn);
  return Buffer.from(vm.memory.read(address, Number(packed >> 32n))).toString('utf8');
}

function fromLogs(accepted: boolean, logs: readonly LogLine[]): Description {
  const told = logs.filter(
    ({ level, context }) => context >= 0 && ['warn', 'error', 'critical'].includes(level),
  );
  const diagnostics = told.map(({ level, text }): Diagnostic => {
    const severity = level === 'warn' ? 'warning' : 'error';
    const nowhere = { code: '', owner: '', pointer: '', key: false, offset: -1, size: 0 };
    return { ...nowhere, severity, message: text, expected: '', suggestion: '', related: '' };
  });
  return {
    accepted,
    diagnostics,
    secrets: [],
    features: [],
    environment: [],
    labels: [],
    rules: [],
    clusters: [],
    handlers: [],
    readsDirectAddress: false,
    logs,
  };
}

/** Checks the text of `mixer_describe`; says which field is wrong. */
export function parseDescription(text: string): Omit<Description, 'logs'> {
  const fields = new Fields(parsed(text), '');
  return {
    accepted: fields.boolean('accepted'),
    diagnostics: fields
      .list('diagnostics')
      .map((item, index) => diagnostic(item, `diagnostics[${index}]`)),
    secrets: fields.optionalStrings('secrets'),
    features: fields.strings('features'),
    environment: fields.optionalStrings('environment'),
    labels: fields.strings('labels'),
    rules: fields.strings('rules'),
    readsDirectAddress: fields.flag('readsDirectAddress'),
    clusters: fields
      .optionalList('clusters')
      .map((item, index) => cluster(item, `clusters[${index}]`)),
    handlers: describedHandlers(fields.optionalList('handlers')),
  };
}

/** A handler with the same standard instances as an earlier one names it by its number. */
function describedHandlers(values: readonly unknown[]): DescribedHandler[] {
  const handlers: DescribedHandler[] = [];
  for (const [index, value] of values.entries()) {
    const fields = new Fields(value, `handlers[${index}]`);
    const same = fields.any('standardInstances');
    handlers.push({
      name: fields.string('name'),
      adapter: fields.string('adapter'),
      standardInstances:
        typeof same === 'number'
          ? (handlers[same]?.standardInstances ?? [])
          : fields.list('standardInstances'),
      needs: fields.any('needs'),
    });
  }
  return handlers;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const at = Number(/position (\d+)/.exec((error as Error).message)?.[1] ?? 0);
    const around = text.slice(Math.max(at - SHOWN_BEFORE, 0), at + SHOWN_BEHIND);
    throw new DescribeFailed(
      `${EXPORT} gives no JSON, here: ${around}\n` +
        'expected JSON of every adapter in what it gives as standardInstances and envoyNeeds',
    );
  }
}

function diagnostic(value: unknown, at: string): Diagnostic {
  const fields = new Fields(value, at);
  const severity = fields.string('severity');
  if (severity !== 'error' && severity !== 'warning')
    throw fields.wrong('severity', '"error" or "warning"');
  return {
    severity,
    code: fields.string('code'),
    owner: fields.string('owner'),
    pointer: fields.string('pointer'),
    key: fields.boolean('key'),
    offset: fields.integer('offset'),
    size: fields.integer('size'),
    message: fields.string('message'),
    expected: fields.string('expected'),
    suggestion: fields.string('suggestion'),
    related: fields.string('related'),
  };
}

function cluster(value: unknown, at: string): DescribedCluster {
  const fields = new Fields(value, at);
  const protocol = fields.string('protocol');
  if (protocol !== 'http' && protocol !== 'grpc')
    throw fields.wrong('protocol', '"http" or "grpc"');
  const tls = fields.texts('tls', TLS_FIELDS);
  const name = fields.string('name');
  return { name, address: fields.string('address'), protocol, ...(tls !== null && { tls }) };
}
