// Makes a container image from one binary of this machine: the file, the libraries it links, nothing else. No registry
// is asked and no base image is used.

import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { findEnvoy } from '../envoy/find.ts';

type Environment = Readonly<Record<string, string>>;

/** Unprivileged user that the binary runs as, the same as in Envoy's own image. */
const USER_ID = 101;
const ENVOY_TAG = 'mixer-envoy:local';

/** The image to test with: ENVOY_IMAGE where it is set, else one made from the Envoy binary that is found here. */
export function provideEnvoyImage(env: Environment, print: (line: string) => void): string {
  const given = process.env['ENVOY_IMAGE'];
  if (given) return given;
  const envoy = findEnvoy();
  if (envoy.kind === 'container') return envoy.image;
  print(`  image ${ENVOY_TAG} from ${envoy.path}`);
  importImage(envoy.path, ENVOY_TAG, env);
  return ENVOY_TAG;
}

/** Imports a dynamically linked binary as image `tag` into the engine that `env` names. */
export function importImage(binary: string, tag: string, env: Environment): void {
  const name = basename(binary);
  const root = mkdtempSync(join(tmpdir(), 'mixer-image-'));
  try {
    fillRoot(root, binary, name);
    const settings = [
      'ENV PATH=/usr/local/bin',
      `USER ${USER_ID}:${USER_ID}`,
      'WORKDIR /tmp',
      `CMD ["${name}"]`,
    ];
    const archive = `${root}.tar`;
    execFileSync('tar', ['-C', root, '-cf', archive, '.']);
    const changes = settings.flatMap((setting) => ['-c', setting]);
    execFileSync('docker', ['import', ...changes, archive, tag], {
      env: { ...process.env, ...env },
      stdio: 'pipe',
    });
    rmSync(archive);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function fillRoot(root: string, binary: string, name: string): void {
  copyInto(root, binary, `/usr/local/bin/${name}`);
  for (const library of linkedLibraries(binary)) copyInto(root, realpathSync(library), library);
  mkdirSync(join(root, 'tmp'));
  chmodSync(join(root, 'tmp'), 0o1777);
  mkdirSync(join(root, 'etc', name), { recursive: true });
  writeFileSync(join(root, 'etc/passwd'), `${name}:x:${USER_ID}:${USER_ID}::/:/x\n`);
  writeFileSync(join(root, 'etc/group'), `${name}:x:${USER_ID}:\n`);
  writeFileSync(join(root, 'etc/nsswitch.conf'), 'hosts: files dns\n');
  chmodSync(root, 0o755);
}

function linkedLibraries(binary: string): string[] {
  const listing = execFileSync('ldd', [binary], { encoding: 'utf8' });
  return [...new Set(listing.match(/\/[^\s]+/g) ?? [])];
}

function copyInto(root: string, from: string, path: string): void {
  const target = join(root, path);
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(from, target);
  chmodSync(target, 0o755);
}
