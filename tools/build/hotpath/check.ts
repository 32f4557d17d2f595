// No managed allocation behind a per-request export: fails with the shortest call path to each place that allocates.
// Exemptions stop the walk at a named function; one that stops nothing is stale and fails too.

import { pathTo, walk, type Walk } from './walk.ts';
import type { CallGraph } from './wat.ts';

/** A function that hot code may reach although it allocates, for it is only called when nothing is hot. */
export interface Exemption {
  readonly function: string;
  readonly reason: string;
}

/** The outcome of the check: no lines mean clean. */
export interface HotpathReport {
  /** One text for each function that allocates: what it calls for it, and the way to it from an export. */
  readonly allocations: readonly string[];
  /**
   * The way to each place that could trap by a failed check of its own or of the standard library; told, not refused.
   */
  readonly traps: readonly string[];
  /** Exemptions without a reason or without a use. */
  readonly stale: readonly string[];
  readonly exportCount: number;
  readonly functionCount: number;
}

/** Entries of AssemblyScript's managed heap and of the allocator below it. */
const HEAP =
  /^~lib\/rt\/(?:[^/]+\/)?(?:__new|__newArray|__newBuffer|__renew|__alloc|__realloc|__free|__collect)$/;

/** What `throw` and failed bounds checks call. */
const ABORT = /^assembly\/abi\/abort\/abort$/;

/** Checks every hot export that the module has. */
export function checkHotpath(
  graph: CallGraph,
  hotExports: readonly string[],
  exempt: readonly Exemption[],
): HotpathReport {
  const stops = new Set(exempt.map(({ function: name }) => name));
  const walks = hotExports
    .flatMap((name) => graph.exports.get(name) ?? [])
    .map((start) => walk(graph, start, (name) => stops.has(name) || HEAP.test(name)));
  const reached = new Set(walks.flatMap(({ from }) => [...from.keys()]));
  const pathsTo = (target: RegExp): string[][] => shortestPaths(graph, walks, stops, target);
  const allocations = pathsTo(HEAP).map(allocationText);
  return {
    allocations: walks.length > 0 ? allocations : ['the module has none of the hot exports'],
    traps: pathsTo(ABORT).map(joined),
    stale: stale(graph, exempt, reached),
    exportCount: walks.length,
    functionCount: reached.size,
  };
}

/** Names the function that can be changed: the adapter's, also where it calls what makes an object for it. */
function allocationText(path: readonly string[]): string {
  const inAdapter = path.findLastIndex((name) => name.startsWith('adapters/'));
  const at = inAdapter >= 0 ? inAdapter : path.findLastIndex((name) => !isLibrary(name));
  return [
    `allocates on the hot path: ${path[at]}`,
    `  by calling ${joined(path.slice(at + 1))}`,
    `  reached by ${joined(path.slice(0, at))}`,
  ].join('\n');
}

function joined(path: readonly string[]): string {
  return path.join(' > ');
}

/** For each function of ours that reaches a target, itself or through the standard library, the shortest way there. */
function shortestPaths(
  graph: CallGraph,
  walks: readonly Walk[],
  exempt: ReadonlySet<string>,
  target: RegExp,
): string[][] {
  const shortest = new Map<string, string[]>();
  for (const each of walks) {
    for (const name of each.from.keys()) {
      if (isLibrary(name) || exempt.has(name) || target.test(name)) continue;
      const toTarget = libraryPath(graph, name, target);
      if (!toTarget) continue;
      const path = [...pathTo(each, name), ...toTarget];
      if (path.length < (shortest.get(name)?.length ?? Infinity)) shortest.set(name, path);
    }
  }
  return [...shortest.values()];
}

/** From a function of ours through functions of the standard library alone, or null. */
function libraryPath(graph: CallGraph, start: string, target: RegExp): string[] | null {
  const inLibrary = walk(
    graph,
    start,
    (name) => target.test(name) || (name !== start && !isLibrary(name)),
  );
  const end = [...inLibrary.from.keys()].find((name) => target.test(name));
  return end === undefined ? null : pathTo(inLibrary, end).slice(1);
}

function isLibrary(name: string): boolean {
  return name.startsWith('~lib/');
}

function stale(
  graph: CallGraph,
  exempt: readonly Exemption[],
  reached: ReadonlySet<string>,
): string[] {
  return exempt.flatMap(({ function: name, reason }) => {
    const file = 'tools/build/hotpath/allowed.json';
    if (reason.length < 10) return [`${file}: ${name} needs a reason`];
    if (!reached.has(name))
      return [`${file}: ${name} is not reached from a hot export: remove the entry`];
    const behind = walk(graph, name, (step) => HEAP.test(step));
    const allocates = [...behind.from.keys()].some((step) => HEAP.test(step));
    return allocates ? [] : [`${file}: ${name} does not allocate: remove the entry`];
  });
}
