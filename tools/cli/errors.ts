// How a command fails, and the exit code that says so. Whatever else is thrown is a mistake of
// ours: 70.

import { CommanderError } from 'commander';

import { UnreadableFile } from '../document/document.ts';
import { EnvoyNotReady, MissingEnvironment } from '../envoy/errors.ts';
import { ModuleRefused } from '../host/errors.ts';

export const EXIT = { done: 0, files: 1, usage: 2, environment: 3, bug: 70 } as const;

/** Of a path itself; what is missing or a folder is for each command to say. */
const UNREADABLE = new Set(['EACCES', 'ELOOP', 'ENAMETOOLONG', 'ENOTDIR', 'EPERM']);

/** The user's files are wrong. Without a message everything has been said already. */
export class FilesWrong extends Error {
  override readonly name = 'FilesWrong';
}

/** The command line asks for something that cannot be meant. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage';
}

/** A file of the user's that the system does not let us read. */
function isUnreadable(error: unknown): error is NodeJS.ErrnoException {
  const { code, path } = error as NodeJS.ErrnoException;
  return error instanceof Error && path !== undefined && UNREADABLE.has(code ?? '');
}

/** The exit code for anything that a command may throw. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof WrongUsage) return EXIT.usage;
  if (error instanceof FilesWrong || error instanceof UnreadableFile) return EXIT.files;
  if (error instanceof ModuleRefused || isUnreadable(error)) return EXIT.files;
  if (error instanceof MissingEnvironment || error instanceof EnvoyNotReady)
    return EXIT.environment;
  return EXIT.bug;
}

/** What a person is told: one line for a mistake of ours, unless the stack is wanted. */
export function explain(error: unknown, isVerbose: boolean): string {
  const problem = error instanceof Error ? error : new Error(String(error));
  if (error instanceof ModuleRefused) return `no filter that Envoy would load: ${error.message}`;
  if (exitCodeOf(error) !== EXIT.bug) return problem.message;
  if (isVerbose) return problem.stack ?? problem.message;
  return `this is a mistake in mixer, not in your files: ${problem.message} (--verbose shows where)`;
}
