// An author's folder outside the repository: the package as it would be published, unpacked into node_modules, beside
// links to the packages that it depends on. Nothing is downloaded; a package that only this project's own development
// has is not there.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

import { ROOT } from '../../tools/build/root.ts';
import { PACKAGE } from '../../tools/build/workspace.ts';
import { findEnvoy } from '../../tools/envoy/find.ts';

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
}

export interface Ended {
  readonly code: number | null;
  /** Standard output and standard error together. */
  readonly output: string;
}

const TOP_PACKAGE = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/;

/** Removed by `remove`. */
export class AuthorProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'mixer-author-'));

  /** Does what `npm install mixer-in-proxy` would. */
  install(): void {
    const modules = join(this.folder, 'node_modules');
    mkdirSync(join(modules, '.bin'), { recursive: true });
    const tarball = join(this.folder, pack(this.folder));
    execFileSync('tar', ['-xzf', tarball, '-C', modules]);
    execFileSync('mv', [join(modules, 'package'), join(modules, PACKAGE)]);
    rmSync(tarball);
    symlinkSync(join('..', PACKAGE, 'bin', 'mixer.js'), join(modules, '.bin', 'mixer'));
    for (const name of dependencies()) {
      mkdirSync(dirname(join(modules, name)), { recursive: true });
      symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
    }
  }

  /** Runs one line of a shell there, to its end. */
  run(line: string, more: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, ...env } = process.env;
    const child = spawn('bash', ['-c', line], {
      cwd: this.folder,
      env: { ...env, ...envoyOfThisTest(), ...more, NO_COLOR: '1', FORCE_COLOR: '0' },
    });
    let output = '';
    child.stdout.on('data', (part: Buffer) => (output += part.toString()));
    child.stderr.on('data', (part: Buffer) => (output += part.toString()));
    child.stdin.end();
    return new Promise((done, fail) => {
      child.on('error', fail);
      child.on('close', (code) => {
        done({ code, output });
      });
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Packs the package; scripts do not run, so what `prepack` makes is there as far as it was made before. */
function pack(folder: string): string {
  const flags = ['--ignore-scripts', '--json', '--pack-destination', folder];
  const path = (process.env['PATH'] ?? '').split(delimiter);
  const env = {
    ...process.env,
    PATH: path.filter((each) => !each.includes('node_modules')).join(delimiter),
  };
  const json = execFileSync('npm', ['pack', ...flags], {
    cwd: ROOT,
    env,
    encoding: 'utf8',
    stdio: 'pipe',
  });
  const [packed] = JSON.parse(json) as { filename: string }[];
  return packed!.filename;
}

/** The packages that an installation brings, from the lockfile. */
function dependencies(): string[] {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
  return Object.entries(lock.packages).flatMap(([path, { dev }]) => {
    const name = TOP_PACKAGE.exec(path)?.[1];
    return name === undefined || dev === true || !existsSync(join(ROOT, path)) ? [] : [name];
  });
}

/** An installed package keeps its wheels in the user's cache; a test uses the one that is here. */
function envoyOfThisTest(): Record<string, string> {
  const found = findEnvoy();
  return found.kind === 'binary' ? { ENVOY: found.path } : {};
}
