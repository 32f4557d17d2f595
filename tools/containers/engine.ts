// A container engine for as long as tests need one: the one that answers, or, as root on Debian, one of our own on a
// socket of its own, installed when missing and gone without a trace of state when closed.

import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  existsSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** An engine that answers, or why there is none. */
export type Engine = ReadyEngine | MissingEngine;

export interface ReadyEngine {
  readonly kind: 'ready';
  /** What a process needs to reach it. */
  readonly env: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

export interface MissingEngine {
  readonly kind: 'missing';
  readonly reason: string;
}

/** The clean-up container of testcontainers is a registry's image, which may be out of reach: tests stop their own. */
const COMMON_ENV = { TESTCONTAINERS_RYUK_DISABLED: 'true' };
const READY_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 20_000;
const POLL_MS = 100;
const LOG_LINES_MAX = 8;

/** Finds, installs or starts an engine. Never throws for want of one. */
export async function acquireEngine(print: (line: string) => void): Promise<Engine> {
  const close = (): Promise<void> => Promise.resolve();
  if (answers({})) return { kind: 'ready', env: COMMON_ENV, close };
  const missing = missingPackages();
  if (missing.length > 0 || !isCommand('dockerd')) {
    const problem = install(missing, print);
    if (problem !== null) return { kind: 'missing', reason: problem };
  }
  if (process.getuid?.() !== 0)
    return { kind: 'missing', reason: 'no engine answers, and only root can start one' };
  return startEngine(print);
}

/** Debian packages that an own engine and compose need and that are not there. */
export function missingPackages(): string[] {
  const packages = isCommand('dockerd') ? [] : ['docker.io', 'iptables'];
  const hasCompose =
    isCommand('docker-compose') || spawnSync('docker', ['compose', 'version']).status === 0;
  return hasCompose ? packages : [...packages, 'docker-compose'];
}

function install(packages: readonly string[], print: (line: string) => void): string | null {
  const wanted = `no engine answers; install ${packages.join(', ')} and start one`;
  if (process.getuid?.() !== 0 || !isCommand('apt-get'))
    return `${wanted}, or run as root on Debian`;
  print(`  installing ${packages.join(', ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    execFileSync('apt-get', ['-qq', 'update'], { env, stdio: 'pipe' });
    execFileSync('apt-get', ['-qq', 'install', '--no-install-recommends', ...packages], {
      env,
      stdio: 'pipe',
    });
    return null;
  } catch (error) {
    return `${wanted}: ${(error as Error).message.split('\n').slice(0, 2).join(' ')}`;
  }
}

async function startEngine(print: (line: string) => void): Promise<Engine> {
  const folder = mkdtempSync(join(tmpdir(), 'mixer-engine-'));
  const env = { ...COMMON_ENV, DOCKER_HOST: `unix://${folder}/socket` };
  const log = openSync(join(folder, 'log'), 'w');
  const state = ['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')];
  const child = spawn(
    'dockerd',
    [...state, '--pidfile', join(folder, 'pid'), '-H', env.DOCKER_HOST],
    {
      stdio: ['ignore', log, log],
      detached: true,
    },
  );
  closeSync(log);
  const stopNow = (): void => void child.kill('SIGTERM');
  process.once('exit', stopNow);
  const close = async (): Promise<void> => {
    process.off('exit', stopNow);
    await stop(child);
    removeState(folder);
  };
  if (await isReady(child, env)) {
    print('  started an engine of our own');
    return { kind: 'ready', env, close };
  }
  const last = readFileSync(join(folder, 'log'), 'utf8')
    .trim()
    .split('\n')
    .slice(-LOG_LINES_MAX)
    .join('\n  ');
  await close();
  return { kind: 'missing', reason: `an engine was started and did not get ready:\n  ${last}` };
}

async function isReady(
  child: ChildProcess,
  env: Readonly<Record<string, string>>,
): Promise<boolean> {
  const failure = new AbortController();
  child.once('error', () => {
    failure.abort();
  });
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (Date.now() < deadline && !failure.signal.aborted && child.exitCode === null) {
    if (answers(env)) return true;
    await sleep(POLL_MS);
  }
  return false;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}

/** A container of the host's network leaves a mount behind, which must go before the folder can. */
function removeState(folder: string): void {
  const mounts = join(folder, 'exec', 'netns');
  if (existsSync(mounts))
    for (const name of readdirSync(mounts)) spawnSync('umount', [join(mounts, name)]);
  rmSync(folder, { recursive: true, force: true });
}

function answers(env: Readonly<Record<string, string>>): boolean {
  return (
    spawnSync('docker', ['info'], { env: { ...process.env, ...env }, stdio: 'ignore' }).status === 0
  );
}

function isCommand(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' }).status === 0;
}
