// Compiles the fixtures of these tests and starts hosts on them. Scripts of the probe are explained in its own file.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Host } from '../../tools/host/host.ts';
import type { HostOptions } from '../../tools/host/host.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BUILT = join(ROOT, 'build', 'test', 'host');
const FLAGS = [
  '--config',
  'none',
  '-O1',
  '--runtime',
  'minimal',
  '--use',
  'abort=',
  '--exportStart',
  '_initialize',
  '--debug',
];

/** The path of the compiled fixture; compiled again only when a source is newer. */
export function fixture(name: string): string {
  const source = join(ROOT, 'test', 'host', 'fixtures', `${name}.ts`);
  const target = join(BUILT, `${name}.wasm`);
  if (isFresh(dirname(source), target)) return target;
  mkdirSync(BUILT, { recursive: true });
  const asc = join(ROOT, 'node_modules', 'assemblyscript', 'bin', 'asc.js');
  const args = [asc, relative(ROOT, source), '-o', relative(ROOT, target), ...FLAGS];
  execFileSync(process.execPath, args, {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: withoutLoader(),
  });
  return target;
}

/** The child compiles with plain Node: a loader inherited from the test runner would slow it down or break it. */
function withoutLoader(): NodeJS.ProcessEnv {
  return { ...process.env, NODE_OPTIONS: '' };
}

function isFresh(folder: string, target: string): boolean {
  const built = statSync(target, { throwIfNoEntry: false });
  const newest = Math.max(
    ...readdirSync(folder).map((name) => statSync(join(folder, name)).mtimeMs),
  );
  return built !== undefined && built.mtimeMs > newest;
}

/** A host on the probe, not started. */
export function loadProbe(
  script: readonly string[],
  options: Partial<HostOptions> = {},
): Promise<Host> {
  return Host.load({ wasm: fixture('probe'), configuration: script.join('\n'), ...options });
}

/** A host on the probe, started. */
export async function startProbe(
  script: readonly string[],
  options: Partial<HostOptions> = {},
): Promise<Host> {
  const host = await loadProbe(script, options);
  if (!host.start())
    throw new Error(`the probe did not start: ${host.logs.map(({ text }) => text).join('\n')}`);
  return host;
}

/** What the probe said on workers in this event, without the event's name and context. */
export function said(host: Host, event: string, vm = 'worker 0'): string[] {
  const lines = host.logs.filter((line) => line.vm === vm && line.text.startsWith(`${event} `));
  return lines.map(({ text }) => text.split(' ').slice(2).join(' '));
}

/** The last of some lines, or nothing. */
export function last(lines: readonly string[]): string {
  return lines[lines.length - 1] ?? '';
}

/** Everything the worker said since the start, with event and context. */
export function allSaid(host: Host, vm = 'worker 0'): string[] {
  return host.logs.filter((line) => line.vm === vm && line.context >= 0).map(({ text }) => text);
}
