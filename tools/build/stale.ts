// Which modules of dist/ are older than their sources: a test on one of them says nothing of the sources. Builds
// nothing. Where no build has left stamps (an installed package) nothing is known and nothing is said.

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { flagsFor, stampFlags, targetJob } from './jobs.ts';
import { STAMP_FOLDER, Stamps } from './stamp.ts';
import { allTargets, authorTargets, entryFile, entryText, type Target } from './targets.ts';
import type { Workspace } from './workspace.ts';

/** The built modules there that a build would make again, as they are written behind `mixer build --only`. */
export function staleModules(workspace: Workspace): Target[] {
  const { root, prefix } = workspace;
  if (!existsSync(join(root, STAMP_FOLDER))) return [];
  const stamps = new Stamps(root);
  const flagsOf = flagsFor(workspace);
  const targets = prefix === '' ? allTargets(root, false) : authorTargets(root);
  return targets.filter((target) => {
    const job = targetJob(target, { root, debug: false }, flagsOf(target));
    const isFresh =
      hasEntry(workspace, target) && stamps.isFresh(job.name, stampFlags(job), job.out);
    return !isFresh;
  });
}

/** The target whose module is this file and is older than its sources; undefined where it is not, or is no target's. */
export function staleTarget(workspace: Workspace, wasm: string): Target | undefined {
  return staleModules(workspace).find(({ out }) => resolve(workspace.root, out) === wasm);
}

/** What to tell about modules that are older than their sources. */
export function staleText(targets: readonly Target[], advice: string): string {
  const [first] = targets;
  const names = targets.length === 1 ? `${first?.out} is` : `${first?.out} and others are`;
  return `${names} older than the sources: ${advice}`;
}

/** Whether the entry that the build generates stands there as it would be generated. */
export function hasEntry({ root, prefix }: Workspace, target: Target): boolean {
  const file = join(root, entryFile(target));
  return existsSync(file) && readFileSync(file, 'utf8') === entryText(target, prefix);
}
