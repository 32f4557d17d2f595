// Real backends that tests talk to: where a program is found, and how it is got: built of pinned Go modules into
// .cache, which git does not see, or from the machine's own packages.

import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { ROOT } from '../build/root.ts';

/** The Go module of the parts, with the modules they need pinned in go.mod and go.sum. */
const MODULE = join(ROOT, 'test', 'parts');

/** Programs by name: their Go packages. They are built by one command, so that what they share is compiled once. */
const PACKAGES: Readonly<Record<string, string>> = {
  ratelimit: 'github.com/envoyproxy/ratelimit/src/service_cmd',
  opa: './opa',
  mixeradapter: './mixeradapter',
};

/** OPA's leaves out what only bundles from container registries need. */
const TAGS = 'opa_no_oci';

/** Programs that Debian has, by name: its packages. */
const DEBIAN: Readonly<Record<string, string>> = { 'redis-server': 'redis-server' };

/** What is tested is not their speed, and nobody debugs them: without optimisation and without what debuggers read they
 * are built in half of the time. */
const QUICK_FLAGS: readonly string[] = ['-gcflags', 'all=-N -l -dwarf=false', '-ldflags', '-s -w'];

/** The compiler runs a moment for each package: it collects garbage only where it would take much memory otherwise. */
const COMPILER_MEMORY = { GOGC: 'off', GOMEMLIMIT: '800MiB' };

/** Longest time that one build may take, on two busy cores; continuous integration goes on without the part then. */
const BUILD_TIME_MAX_MS = 800_000;

const BIN = join(ROOT, '.cache', 'parts', 'bin');

/** Debian's first: they are there before anything else asks for its package manager, which serves one at a time. */
export const PARTS: readonly string[] = [DEBIAN, PACKAGES].flatMap(Object.keys);

/** The program of a part: `$<NAME>`, then .cache/parts, then PATH; null where there is none. */
export function findPart(name: string): string | null {
  const given = process.env[variableOf(name)];
  const folders = [BIN, ...(process.env['PATH'] ?? '').split(delimiter)];
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

/** Installs parts: builds them with Go into .cache/parts/bin, or takes Debian's packages, as root. Returns what went
 * wrong; one that cannot be had does not keep the others from it. */
export function installParts(names: readonly string[]): string[] {
  const unknown = names.find((name) => !PARTS.includes(name));
  if (unknown !== undefined) return [`no part ${unknown}; there are ${PARTS.join(', ')}`];
  const problems = names
    .filter((name) => DEBIAN[name] !== undefined)
    .map((name) => installPackage(name, DEBIAN[name]!));
  const built = names.filter((name) => PACKAGES[name] !== undefined);
  if (built.length > 0) problems.push(build(built));
  return problems.filter((problem) => problem !== null);
}

/** What went wrong, or null. Go keeps modules and what it compiled where it does for any project. */
function build(names: readonly string[]): string | null {
  mkdirSync(BIN, { recursive: true });
  const packages = names.map((name) => PACKAGES[name]!);
  const { error, status, stderr } = spawnSync(
    'go',
    ['build', '-tags', TAGS, '-o', `${BIN}/`, ...QUICK_FLAGS, ...packages],
    {
      cwd: MODULE,
      env: { HOME: homedir(), ...process.env, CGO_ENABLED: '0', ...COMPILER_MEMORY },
      encoding: 'utf8',
      timeout: BUILD_TIME_MAX_MS,
    },
  );
  for (const name of names) {
    const built = join(BIN, basename(PACKAGES[name]!));
    if (built !== join(BIN, name) && isExecutable(built)) renameSync(built, join(BIN, name));
  }
  if (error !== undefined) return `go did not finish: ${error.message}`;
  return status === 0 ? null : `go build ${names.join(' ')} failed:\n${stderr.slice(-2000)}`;
}

function installPackage(name: string, source: string): string | null {
  const install = ['install', '--yes', '--quiet', '--no-install-recommends', source];
  // A fresh machine has no list of packages yet.
  if (aptGet(install) !== null) aptGet(['update', '--quiet']);
  const problem = aptGet(install);
  if (problem !== null) return `apt-get install ${source} failed:\n${problem}`;
  return findPart(name) === null ? `the package ${source} brought no ${name}` : null;
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

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
