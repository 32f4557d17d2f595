// Starts one Envoy process (or one container) and ends it again. Ready means: the admin port says
// so before the deadline; otherwise its last words are in the error. Everything it writes lies in
// one temporary folder, which stop() removes.

import {
  spawn,
  spawnSync,
  type ChildProcess,
  type SpawnOptionsWithStdioTuple,
  type StdioNull,
  type StdioPipe,
} from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Admin } from './admin.ts';
import { EnvoyNotReady } from './errors.ts';
import type { EnvoyFound } from './find.ts';
import { poll } from './poll.ts';

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 5_000;
const LOG_SIZE_MAX_CHARS = 16_777_216;
const ADMIN_FILE = 'admin.address';

export interface LaunchOptions {
  /** Writes the bootstrap and whatever it names into the folder; returns the bootstrap's text. */
  readonly bootstrap: (folder: string) => string;
  readonly concurrency: number;
  /** Envoy's log level; the wasm logger has `wasmLogLevel`. */
  readonly logLevel?: string;
  readonly wasmLogLevel?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Files outside the folder that a container must see, read-only. */
  readonly files?: readonly string[];
  readonly readyTimeoutMs?: number;
}

/** A process of ours, its folder and its admin port. */
export interface Launched {
  readonly admin: Admin;
  readonly folder: string;
  readonly pid: number;
  log(): string;
  /** Resolves with a sentence when Envoy ends without having been asked to. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/** Starts Envoy; rejects with EnvoyNotReady and its last words when it does not get ready. */
export async function launchEnvoy(found: EnvoyFound, options: LaunchOptions): Promise<Launched> {
  const folder = mkdtempSync(join(tmpdir(), 'mixer-envoy-'));
  const name = `mixer-envoy-${folder.slice(-6)}`;
  let log = '';
  let child: ChildProcess | null = null;
  const cleanUp = (): void => {
    if (found.kind === 'container') spawnSync('docker', ['rm', '-f', name], { stdio: 'ignore' });
    rmSync(folder, { recursive: true, force: true });
  };
  // A test that fails without stop(), or a second Ctrl-C, must not leave an Envoy behind.
  const onExit = (): void => {
    child?.kill('SIGKILL');
    cleanUp();
  };
  process.once('exit', onExit);
  const stop = async (): Promise<void> => {
    if (child !== null) await end(child);
    process.off('exit', onExit);
    cleanUp();
  };
  try {
    const config = join(folder, 'envoy.yaml');
    writeFileSync(config, options.bootstrap(folder));
    const started = start(found, folder, name, options);
    child = started;
    const collect = (part: Buffer): void => {
      log = (log + part.toString('utf8')).slice(-LOG_SIZE_MAX_CHARS);
    };
    started.stdout?.on('data', collect);
    started.stderr?.on('data', collect);
    const ended = whenEnded(started);
    const admin = await becomeReady(
      folder,
      ended,
      () => log,
      options.readyTimeoutMs ?? READY_TIMEOUT_MS,
    );
    return { admin, folder, pid: started.pid ?? 0, log: () => log, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function start(
  found: EnvoyFound,
  folder: string,
  name: string,
  options: LaunchOptions,
): ChildProcess {
  const flags = [
    '-c',
    join(folder, 'envoy.yaml'),
    '--concurrency',
    String(options.concurrency),
    '--disable-hot-restart',
    '--admin-address-path',
    join(folder, ADMIN_FILE),
    '-l',
    options.logLevel ?? 'warning',
    '--component-log-level',
    `wasm:${options.wasmLogLevel ?? 'info'}`,
    '--drain-time-s',
    '1',
    '--file-flush-interval-msec',
    '50',
  ];
  // A process group of its own: Ctrl-C in a terminal is for us, and we end Envoy in order.
  const env = { ...process.env, ...options.env };
  const how: SpawnOptionsWithStdioTuple<StdioNull, StdioPipe, StdioPipe> = {
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  };
  if (found.kind === 'binary') return spawn(found.path, flags, how);
  const container = dockerArguments(folder, name, options);
  return spawn('docker', [...container, found.image, 'envoy', ...flags], how);
}

// The host's network keeps every address of the bootstrap valid. The same paths inside and outside
// do it for files.
function dockerArguments(folder: string, name: string, options: LaunchOptions): string[] {
  const mounts = (options.files ?? []).flatMap((file) => ['-v', `${file}:${file}:ro`]);
  const variables = Object.keys(options.env ?? {}).flatMap((variable) => ['-e', variable]);
  const user =
    process.getuid === undefined
      ? []
      : ['--user', `${process.getuid()}:${process.getgid?.() ?? 0}`];
  return [
    'run',
    '--rm',
    '--name',
    name,
    '--network',
    'host',
    '--entrypoint',
    '',
    ...user,
    '-v',
    `${folder}:${folder}`,
    ...mounts,
    ...variables,
  ];
}

function whenEnded(child: ChildProcess): Promise<string> {
  return new Promise((done) => {
    child.once('error', (error) => done(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) =>
      done(signal === null ? `ended with code ${code}` : `was ended by ${signal}`),
    );
  });
}

async function becomeReady(
  folder: string,
  ended: Promise<string>,
  log: () => string,
  timeoutMs: number,
): Promise<Admin> {
  const state: { end: string | null } = { end: null };
  void ended.then((sentence) => {
    state.end = sentence;
  });
  const admin = await poll(async () => {
    if (state.end !== null) return 'ended' as const;
    const address = readAddress(join(folder, ADMIN_FILE));
    if (address === null) return null;
    const candidate = new Admin(`http://${address}`);
    return (await candidate.isReady()) ? candidate : null;
  }, timeoutMs);
  if (admin instanceof Admin) return admin;
  // The pipe may still hold what Envoy wrote last.
  await poll(() => log().includes('exiting') || null, 200);
  throw new EnvoyNotReady(
    state.end === null
      ? `Envoy was not ready after ${timeoutMs} ms`
      : `Envoy ${state.end} before it was ready`,
    log(),
  );
}

function readAddress(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim() || null;
  } catch {
    return null;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}
