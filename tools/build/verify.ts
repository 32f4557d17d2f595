// Checks what was built: byte budgets, and that nothing allocates behind a per-request export.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkHotpath, type Exemption } from './hotpath/check.ts';
import { readCallGraph } from './hotpath/wat.ts';
import type { BuildOptions } from './options.ts';
import { HOT_EXPORTS } from './settings.ts';
import { measure, overBudget, renderSizes } from './size.ts';
import { ROOT } from './root.ts';
import { namedFile, type Target } from './targets.ts';
import { LIBRARY_PREFIX } from './workspace.ts';

/** The first target as text, before it is optimised: what the hot-path check reads. */
export const HOTPATH_TEXT = 'build/hotpath.wat';
const HOTPATH_TRAPS = 'build/hotpath-traps.txt';
const ALLOCATION_ADVICE =
  'expected: what a request reaches makes no object, array or string; make them while the document is loaded, as ' +
  'constants or fields of the handler, and write texts with a Writer into takeArena (docs/sdk.md)';
const ALLOWED = 'tools/build/hotpath/allowed.json';

/** One line for each module over its budget. Shows where the bytes of the first target and of those modules are. */
export function checkBudgets({ root, targets, debug, log }: BuildOptions): string[] {
  if (debug) return [];
  return targets.flatMap((target, index) => {
    const report = measureTarget(root, target);
    const problem = overBudget(target.out, report.totalBytes, target.sizeMaxBytes);
    if (problem !== null || index === 0) log.info(renderSizes(target.out, report));
    return problem ?? [];
  });
}

function measureTarget(root: string, target: Target): ReturnType<typeof measure> {
  const module = readFileSync(resolve(root, target.out));
  const named = join(root, namedFile(target));
  return measure(module, existsSync(named) ? readFileSync(named) : module);
}

/** One text for each allocation on the hot path, what to do, and, where asked for, for each exemption without a use. */
export function checkHotpathText({ root, hotpath, debug, log }: BuildOptions): string[] {
  if (hotpath === 'off' || debug) return [];
  const text = readFileSync(join(root, HOTPATH_TEXT), 'utf8');
  const graph = readCallGraph(text.replaceAll(LIBRARY_PREFIX, ''));
  const { allocations, stale, traps, ...counts } = checkHotpath(
    graph,
    HOT_EXPORTS,
    readExemptions(),
  );
  writeFileSync(join(root, HOTPATH_TRAPS), traps.map((path) => `${path}\n`).join(''));
  log.info(
    `hot path: ${counts.functionCount} functions behind ${counts.exportCount} exports, ` +
      `${allocations.length} allocate, ${traps.length} have a check that could trap (${HOTPATH_TRAPS})`,
  );
  const advice = allocations.length > 0 ? [ALLOCATION_ADVICE] : [];
  return [...allocations, ...advice, ...(hotpath === 'all' ? stale : [])];
}

function readExemptions(): Exemption[] {
  const file = join(ROOT, ALLOWED);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Exemption[]) : [];
}
