// What can be reached from an export, and by which shortest path.

import type { CallGraph } from './wat.ts';

/** A walk from one function. */
export interface Walk {
  /** Every function that was reached, with the one it was first reached from. */
  readonly from: ReadonlyMap<string, string | null>;
}

/** Breadth first, so that paths are shortest. Functions that `stop` accepts are reached but not entered. */
export function walk(graph: CallGraph, start: string, stop: (name: string) => boolean): Walk {
  const from = new Map<string, string | null>([[start, null]]);
  const queue = [start];
  for (const name of queue) {
    if (stop(name)) continue;
    for (const callee of callees(graph, name)) {
      if (from.has(callee)) continue;
      from.set(callee, name);
      queue.push(callee);
    }
  }
  return { from };
}

function* callees(graph: CallGraph, name: string): Generator<string> {
  const node = graph.functions.get(name);
  if (!node) return;
  yield* node.calls;
  if (node.indirect.size === 0) return;
  for (const { name: held, type } of graph.table) if (node.indirect.has(type)) yield held;
}

/** The way from the walk's start to a function. */
export function pathTo({ from }: Walk, name: string): string[] {
  const path: string[] = [];
  for (let at: string | null | undefined = name; at; at = from.get(at)) path.unshift(at);
  return path;
}
