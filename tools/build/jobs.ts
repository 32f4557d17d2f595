// What one run of the compiler is: an entry, flags, and what is made of the outcome. Compiles nothing itself.

import { join, resolve } from 'node:path';
import { finishModule } from './finish.ts';
import { linkedFlags } from './linked.ts';
import { entryFile, namedFile, type Target } from './targets.ts';
import { HOTPATH_TEXT } from './verify.ts';
import { workspaceFlags, type Workspace } from './workspace.ts';

/** One run of the compiler and what follows it. */
export interface Job {
  readonly name: string;
  readonly entry: string;
  readonly flags: readonly string[];
  readonly out: string;
  /** Where the module's text goes before it is optimized; `isAll`: no module is wanted. */
  readonly text?: { readonly file: string; readonly isAll: boolean };
  /** What the same run brings as well. */
  readonly beside?: Job;
  /** Makes `out` of what the compiler wrote, and says what came out. */
  readonly finish: () => string;
}

/** The compiler's options for a target there, beside those of its kind. */
export function flagsFor(workspace: Workspace): (target: Target) => string[] {
  const common = workspaceFlags(workspace);
  return ({ adapters }) => [
    ...common,
    ...(workspace.prefix === '' ? linkedFlags(workspace.root, adapters) : []),
  ];
}

/** Makes the module of a target. */
export function targetJob(
  target: Target,
  { root, debug }: { readonly root: string; readonly debug: boolean },
  flags: readonly string[],
): Job {
  const named = namedFile(target);
  const finish = (): string => {
    const module = finishModule(join(root, named), resolve(root, target.out), debug);
    return `${target.out} ${module.length.toLocaleString('en')} bytes`;
  };
  return {
    name: debug ? `debug/${target.name}` : target.name,
    entry: entryFile(target),
    flags: ['--target', debug ? 'debug' : 'release', '--outFile', named, '--sourceMap', ...flags],
    out: target.out,
    finish,
  };
}

/** Makes the text that the hot-path check reads. */
export function hotpathJob(target: Target, flags: readonly string[]): Job {
  return {
    name: 'hotpath',
    entry: entryFile(target),
    flags: ['--target', 'release', '--noEmit', ...flags],
    out: HOTPATH_TEXT,
    text: { file: HOTPATH_TEXT, isAll: true },
    finish: () => HOTPATH_TEXT,
  };
}

/** One run for a module and its text. */
export function together(module: Job, text: Job): Job {
  return { ...module, text: { file: text.out, isAll: false }, beside: text };
}

/** What a stamp holds against the present. */
export function stampFlags({ entry, flags }: Job): string[] {
  return [entry, ...flags];
}
