// Real backends that tests talk to: where a program is found, and how it is got: built from the Go module proxy into
// .cache, which git does not see, or from the machine's own packages.

import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, renameSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ROOT } from '../build/root.ts';

/** Programs by name: the Go package that is built, pinned. */
const PACKAGES: Readonly<Record<string, string>> = {
  ratelimit: 'github.com/envoyproxy/ratelimit/src/service_cmd@v1.4.1-0.20260122083618-3fb702589d36',
  opa: 'github.com/open-policy-agent/opa@v1.22.2',
};

/** Build tags by name: OPA's leaves out what only bundles from container registries need, a third of its build. */
const TAGS: Readonly<Record<string, string>> = { opa: 'opa_no_oci' };

/** Programs by name whose source stands here, with their modules pinned in go.mod and go.sum. */
const SOURCES: Readonly<Record<string, string>> = {
  mixeradapter: 'test/parts/mixeradapter',
};

/** Programs that Debian has, by name: its packages. */
const DEBIAN: Readonly<Record<string, string>> = { 'redis-server': 'redis-server' };

/** What is tested is not their speed, and nobody debugs them: without optimisation and without what debuggers read they
 * are built in half of the time. */
const QUICK_FLAGS: readonly string[] = ['-gcflags', 'all=-N -l -dwarf=false', '-ldflags', '-s -w'];

/** The compiler, which runs a moment for each package, spends a tenth of it on collecting garbage otherwise. */
const COMPILER_GOGC = '400';

/** Longest time that one build may take, on two busy cores; continuous integration goes on without the part then. */
const BUILD_TIME_MAX_MS = 800_000;

const FOLDER = join(ROOT, '.cache', 'parts');

/** Debian's first: they are there before anything else asks for its package manager, which serves one at a time; the
 * largest last. */
export const PARTS: readonly string[] = [DEBIAN, SOURCES, PACKAGES].flatMap(Object.keys);

/** The program of a part: `$<NAME>`, then .cache/parts, then PATH; null where there is none. */
export function findPart(name: string): string | null {
  const given = process.env[variableOf(name)];
  const folders = [join(FOLDER, 'bin'), ...(process.env['PATH'] ?? '').split(delimiter)];
  const candidates = [
    ...(given === undefined || given === '' ? [] : [given]),
    ...folders.map((folder) => join(folder, name)),
  ];
  return candidates.find(isExecutable) ?? null;
}

function variableOf(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}

/** What to do when `findPart` finds nothing. */
export function howToGet(name: string): string {
  return `${name} is missing: build it with \`npx tsx tools/parts/install.ts ${name}\`, or set $${variableOf(name)}`;
}

/** Installs a part and returns its path: built with Go into .cache/parts/bin, or a package of Debian's, as root. */
export function installPart(name: string): string {
  if (DEBIAN[name] !== undefined) return installPackage(name, DEBIAN[name]);
  const folder = SOURCES[name];
  const source = folder === undefined ? PACKAGES[name] : '.';
  if (source === undefined) throw new Error(`no part ${name}; there are ${PARTS.join(', ')}`);
  const bin = join(FOLDER, 'bin');
  mkdirSync(bin, { recursive: true });
  const env = {
    ...process.env,
    GOBIN: bin,
    GOPATH: join(FOLDER, 'go'),
    GOCACHE: join(FOLDER, 'cache'),
    CGO_ENABLED: '0',
    GOGC: COMPILER_GOGC,
  };
  const { error, status, stderr } = spawnSync(
    'go',
    ['install', '-tags', TAGS[name] ?? '', ...QUICK_FLAGS, source],
    {
      env,
      ...(folder !== undefined && { cwd: join(ROOT, folder) }),
      encoding: 'utf8',
      timeout: BUILD_TIME_MAX_MS,
    },
  );
  if (error !== undefined) throw new Error(`go did not finish: ${error.message}`);
  if (status !== 0) throw new Error(`go install ${name} failed:\n${stderr.slice(-2000)}`);
  const built = join(bin, folder === undefined ? programOf(source) : name);
  const path = join(bin, name);
  if (built !== path) renameSync(built, path);
  return path;
}

function installPackage(name: string, source: string): string {
  const install = ['install', '--yes', '--quiet', '--no-install-recommends', source];
  // A fresh machine has no list of packages yet.
  if (aptGet(install) !== null) aptGet(['update', '--quiet']);
  const problem = aptGet(install);
  if (problem !== null) throw new Error(`apt-get install ${source} failed:\n${problem}`);
  const path = findPart(name);
  if (path === null) throw new Error(`the package ${source} brought no ${name}`);
  return path;
}

/** What went wrong, or null. */
function aptGet(args: readonly string[]): string | null {
  const { error, status, stderr } = spawnSync(
    'apt-get',
    ['-o', 'DPkg::Lock::Timeout=300', ...args],
    {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      encoding: 'utf8',
      timeout: BUILD_TIME_MAX_MS,
    },
  );
  if (error !== undefined) return error.message;
  return status === 0 ? null : stderr.slice(-2000);
}

/** What Go calls the program of a package. */
function programOf(source: string): string {
  const [path = ''] = source.split('@');
  return path.slice(path.lastIndexOf('/') + 1);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
