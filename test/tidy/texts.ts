// What no text of the project holds: folders of somebody's machine, addresses in the lock file.

import type { Problem, SourceFile } from './source.ts';

const MACHINE_PATH = /(?<![\w.*}])\/(?:tmp|home|root|work|farm|Users)\/[\w.-]+/;

/** Holds that no file names a folder of the machine it was written on. */
export function machinePaths(files: readonly SourceFile[]): Problem[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const found = MACHINE_PATH.exec(line)?.[0];
      if (found === undefined) return [];
      const message = `${found} is a folder of one machine: use a relative path, os.tmpdir() or an option`;
      return [{ rule: 'machine-paths', path, line: index + 1, subject: found, message }];
    }),
  );
}

/** Holds that the lock file names no registry. */
export function lockFile(files: readonly SourceFile[]): Problem[] {
  return files
    .filter(({ path, text }) => path === 'package-lock.json' && text.includes('"resolved"'))
    .map(({ path }) => {
      const message =
        'names a registry: run npm install with omit-lockfile-registry-resolved=true (.npmrc has it)';
      return { rule: 'lock-file', path, line: 0, subject: '', message };
    });
}
