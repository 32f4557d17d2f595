// `mixer render`: a document becomes Envoy's configuration, on stdout.

import { existsSync } from 'node:fs';

import { Command, Option } from 'commander';

import { documentForEnvoy, PARTS, render, toYaml, type Part } from '../../render/bootstrap.ts';
import { FILTER_KINDS, type FilterKind } from '../../render/capabilities.ts';
import { absentCallers } from '../../render/callers.ts';
import { absolute, ADMIN_PORT, LISTENER_PORT, UPSTREAM, WASM_PATH } from '../../render/defaults.ts';
import type { Description } from '../../render/describe.ts';
import { rateLimitFile, rateLimitServices } from '../../render/ratelimit.ts';
import type { Endpoint, RenderOptions, Trust } from '../../render/types.ts';
import { FilesWrong, WrongUsage } from '../errors.ts';
import { acceptedDocument, filterPath, type Inspection } from '../inspect.ts';
import { endpoint, ENVOY_RELEASES, envoyVersion, hops, port, strangeRelease } from '../options.ts';
import { createLog, print } from '../output.ts';

interface RenderFlags {
  readonly target: 'envoy';
  readonly part: Part | typeof RATE_LIMIT;
  readonly wasm?: string;
  readonly edge?: number;
  readonly sidecar?: true;
  readonly envoyVersion: number;
  readonly upstream: Endpoint;
  readonly address: string;
  readonly port: number;
  readonly adminAddress: string;
  readonly adminPort: number;
  readonly accessLog: string;
  readonly ecds?: string | true;
  readonly filterKind: FilterKind;
}

/** Not Envoy's: the file of the service that handlers of redisquota ask. */
const RATE_LIMIT = 'ratelimit';

const EXAMPLES = `
Examples:
  $ mixer render policy.yaml --edge 0 > envoy.yaml            clients connect to this Envoy directly
  $ mixer render policy.yaml --edge 1 > envoy.yaml            one load balancer of yours stands in front
  $ mixer render policy.yaml --sidecar --upstream app:8080    beside an application in a mesh
  $ mixer render policy.yaml --sidecar --part filter          the http_filters entry alone
  $ mixer render policy.yaml --filter-kind network            for TCP connections: databases, queues, TLS passed through
  $ mixer render policy.yaml --part stats                     the stats_config that gives metrics their labels
  $ mixer render policy.yaml --part ratelimit                 the file of the rate limit service that redisquota asks
  $ mixer render policy.yaml --edge 0 --ecds /etc/envoy/mixer.ecds.yaml
  $ mixer render policy.yaml --edge 0 --part ecds > mixer.ecds.yaml && mv mixer.ecds.yaml /etc/envoy/
                                                              changed while traffic flows: replace the file by rename

Same input, same bytes: the output can be checked in and compared.`;

const DEFAULT_ECDS_PATH = '/etc/envoy/mixer.ecds.yaml';

/** The command for commander. */
export function renderCommand(): Command {
  return new Command('render')
    .summary("write Envoy's configuration for a document")
    .description(
      'Write complete Envoy configuration for a document: the filter, its safety settings, labels of ' +
        'metrics, a listener and an upstream.',
    )
    .argument('<file>', 'the document; - is the standard input')
    .addOption(
      new Option('--target <target>', 'what to write for').choices(['envoy']).default('envoy'),
    )
    .addOption(
      new Option('--part <part>', 'the whole bootstrap, or one part')
        .choices([...PARTS, RATE_LIMIT])
        .default('all'),
    )
    .addOption(
      new Option('--filter-kind <kind>', 'check requests, or TCP connections without HTTP')
        .choices(FILTER_KINDS)
        .default('http'),
    )
    .option('--edge <hops>', 'clients come from outside, through this many proxies of yours', hops)
    .option('--sidecar', 'all clients are proxies of the mesh, which say who the client is')
    .option(
      '--wasm <path>',
      "where the filter lies on Envoy's machine (default: dist/mixer.wasm, absolute)",
    )
    .addOption(
      new Option(
        '--envoy-version <version>',
        `the release that reads this; tested: ${ENVOY_RELEASES}`,
      )
        .argParser(envoyVersion)
        .default(envoyVersion('1.40'), '1.40'),
    )
    .addOption(
      new Option('--upstream <host:port>', 'where requests go')
        .argParser(endpoint)
        .default(endpoint(UPSTREAM), UPSTREAM),
    )
    .option('--address <address>', 'what the listener binds to', '0.0.0.0')
    .option('--port <port>', "the listener's port", port, LISTENER_PORT)
    .option('--admin-address <address>', 'what the admin interface binds to', '127.0.0.1')
    .option('--admin-port <port>', "the admin interface's port", port, ADMIN_PORT)
    .option('--access-log <path>', "the file for Envoy's own access log", '/dev/stdout')
    .option(
      '--ecds [path]',
      `Envoy reads the filter's configuration from this file and follows its changes (default: ${DEFAULT_ECDS_PATH})`,
    )
    .addHelpText('after', EXAMPLES)
    .action(renderFile);
}

async function renderFile(path: string, flags: RenderFlags, command: Command): Promise<void> {
  const { part } = flags;
  if (part === RATE_LIMIT) return renderRateLimit(path, flags);
  const trust = trustOf(flags);
  const strange = strangeRelease(flags.envoyVersion);
  if (strange !== '') createLog().warn(strange);
  const inspection = await acceptedDocument(path, checkingFilter(flags.wasm));
  const options = renderOptions(inspection, flags, trust);
  // A part alone may come to stand in an outbound listener.
  if (part === 'all') warnOfCallers(inspection, flags, trust);
  print(toYaml(render(part, options), comment(command)));
}

function warnOfCallers({ file }: Inspection, { filterKind }: RenderFlags, trust: Trust): void {
  const log = createLog();
  const lines = absentCallers(JSON.parse(file.json), trust, filterKind);
  for (const line of lines) log.warn(line);
}

/** A file for each domain that handlers of redisquota with a connection name; several stand behind `---`. */
async function renderRateLimit(path: string, flags: RenderFlags): Promise<void> {
  const { file } = await acceptedDocument(path, checkingFilter(flags.wasm));
  const services = rateLimitServices(file.json);
  if (services.length === 0)
    throw new FilesWrong(
      `${path} asks no rate limit service: no handler has \`adapter: redisquota\` and a \`connection\``,
    );
  print(services.map(rateLimitFile).join('---\n'));
}

/** The path of --wasm may exist on Envoy's machine only; then the built filter does the checking. */
function checkingFilter(wasm: string | undefined): string {
  return filterPath(wasm !== undefined && existsSync(wasm) ? wasm : undefined);
}

/** What is written where nobody's word about the client is asked for. */
const NO_TRUST: Trust = { kind: 'edge', hops: 0 };

/**
 * One of --edge and --sidecar, where requests are rendered: whose word about the client's address counts cannot be
 * guessed. Labels of metrics do not depend on it, and connections have the address that they come from.
 */
function trustOf(flags: RenderFlags): Trust {
  if (flags.edge !== undefined && flags.sidecar === true)
    throw new WrongUsage('--edge and --sidecar exclude each other');
  if (flags.sidecar === true) return { kind: 'sidecar' };
  if (flags.edge !== undefined) return { kind: 'edge', hops: flags.edge };
  if (flags.part === 'stats' || flags.filterKind === 'network') return NO_TRUST;
  throw new WrongUsage(
    [
      "give --edge HOPS or --sidecar: it decides whose word about the client's address (source.ip) counts",
      '  --edge 0     clients connect to this Envoy themselves; what they write into x-forwarded-for is not believed',
      '  --edge 1     one proxy of yours stands in front and appends the client to x-forwarded-for',
      '  --sidecar    all clients are proxies of the mesh; the last entry of x-forwarded-for is believed',
    ].join('\n'),
  );
}

function renderOptions(
  inspection: Inspection & { description: Description },
  flags: RenderFlags,
  trust: Trust,
): RenderOptions {
  const ecdsPath = flags.ecds === true ? DEFAULT_ECDS_PATH : flags.ecds;
  return {
    described: inspection.description,
    trust,
    envoyMinor: flags.envoyVersion,
    wasm: flags.wasm === undefined ? WASM_PATH : absolute(flags.wasm),
    listeners: [
      {
        name: 'ingress',
        document: documentForEnvoy(inspection.file.json),
        endpoint: { host: flags.address, port: flags.port },
        kind: flags.filterKind,
        ...(ecdsPath === undefined ? {} : { ecdsPath: absolute(ecdsPath) }),
      },
    ],
    admin: { host: flags.adminAddress, port: flags.adminPort },
    upstream: flags.upstream,
    accessLogPath: flags.accessLog,
  };
}

/** The command as it was given, in the order of the help, without the document's path. */
function comment(command: Command): string {
  const given = command.options.flatMap((option) => {
    const name = option.attributeName();
    if (command.getOptionValueSource(name) !== 'cli') return [];
    return [
      `${option.long} ${valueText(name, command.getOptionValue(name) as Endpoint)}`.trimEnd(),
    ];
  });
  return `Written by \`mixer render FILE ${given.join(' ')}\`. Change the document and write this again.`;
}

function valueText(name: string, value: string | number | true | Endpoint): string {
  if (value === true) return '';
  if (typeof value !== 'object') return `${name === 'envoyVersion' ? '1.' : ''}${value}`;
  const { host, port: number } = value;
  return `${host.includes(':') ? `[${host}]` : host}:${number}`;
}
