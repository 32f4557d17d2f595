// A real Redis and the real rate limit service in front of it, on free ports of this machine; the service's file is the
// one that `mixer render --part ratelimit` writes.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePorts } from '../../../tools/envoy/ports.ts';
import { rateLimitFile } from '../../../tools/render/ratelimit.ts';
import { poll } from '../../support/poll.ts';

const START_TIMEOUT_MS = 30_000;

/** The programs. */
export interface RateLimitPrograms {
  readonly redis: string;
  readonly service: string;
}

/** A running service. */
export interface RateLimit {
  /** Where it is asked. */
  readonly port: number;
  /** Keys in Redis. */
  keys(): Promise<string[]>;
  stopRedis(): Promise<void>;
  stopService(): Promise<void>;
  startService(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts both and waits until the service says that it serves. */
export async function startRateLimit(programs: RateLimitPrograms): Promise<RateLimit> {
  const folder = mkdtempSync(join(tmpdir(), 'mixer-ratelimit-'));
  const [redisPort = 0, port = 0, httpPort = 0, debugPort = 0] = await freePorts(4);
  const config = join(folder, 'ratelimit', 'config');
  mkdirSync(config, { recursive: true });
  const redisUrl = `127.0.0.1:${redisPort}`;
  const service = { domain: 'mixer', redisUrl, poolSize: 2, port };
  writeFileSync(join(config, 'mixer.yaml'), rateLimitFile(service));
  const redis = start(programs.redis, [
    ...['--port', String(redisPort), '--bind', '127.0.0.1', '--dir', folder],
    ...['--save', '', '--appendonly', 'no'],
  ]);
  await poll('Redis answers', START_TIMEOUT_MS, () => canConnect(redisPort));
  const environment = {
    ...environmentOf(rateLimitFile(service)),
    RUNTIME_ROOT: folder,
    HOST: '127.0.0.1',
    GRPC_HOST: '127.0.0.1',
    DEBUG_HOST: '127.0.0.1',
    PORT: String(httpPort),
    DEBUG_PORT: String(debugPort),
    LOG_LEVEL: 'error',
  };
  let running: ChildProcess;
  const startService = async (): Promise<void> => {
    running = start(programs.service, [], environment);
    const url = `http://127.0.0.1:${httpPort}/healthcheck`;
    await poll('the service serves', START_TIMEOUT_MS, async () =>
      (await fetch(url)).ok ? true : null,
    );
  };
  await startService();
  return {
    port,
    keys: () => redisKeys(redisPort),
    stopRedis: () => end(redis),
    stopService: () => end(running),
    startService,
    async stop() {
      await end(running);
      await end(redis);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The environment in the comment of a rendered file. */
function environmentOf(file: string): Record<string, string> {
  const lines = [...file.matchAll(/^# {3}([A-Z_]+)=(.*)$/gm)];
  return Object.fromEntries(lines.map(([, name = '', value = '']) => [name, value]));
}

function start(
  program: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): ChildProcess {
  return spawn(program, args, { stdio: 'ignore', env: { ...process.env, ...environment } });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // The service would first wait for the end of its clients' connections.
  child.kill('SIGKILL');
  await ended;
}

function canConnect(port: number): Promise<true | null> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (result: true | null): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(null));
  });
}

/** `KEYS *`, by Redis's own protocol. */
function redisKeys(port: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('KEYS *\r\nQUIT\r\n'));
    let text = '';
    socket.on('data', (bytes) => (text += bytes.toString()));
    socket.once('error', reject);
    socket.once('close', () =>
      resolve(text.split('\r\n').filter((line) => line !== '' && !/^[*$+]/.test(line))),
    );
  });
}
