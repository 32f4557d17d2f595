// Folders of tools/ may not import each other in a circle.

import { roomOf } from './layers.ts';
import {
  importsOf,
  isCode,
  isTest,
  resolveImport,
  type Problem,
  type SourceFile,
} from './source.ts';

interface Place {
  readonly path: string;
  readonly line: number;
}

/** Folder → folders it imports, each with one place that does. */
type FolderGraph = ReadonlyMap<string, ReadonlyMap<string, Place>>;

/** Holds that there is no circle; each is told once, from its first folder by name. */
export function cycles(files: readonly SourceFile[]): Problem[] {
  const graph = folderGraph(files);
  return [...graph.keys()].sort().flatMap((room) => {
    const circle = findCircle(graph, room);
    if (!circle || circle.some((other) => other < room)) return [];
    const edge = graph.get(room)?.get(circle[1] ?? '') ?? { path: room, line: 0 };
    const message = `circle ${circle.join(' → ')}: move what both need into the lower folder or a new one`;
    return [{ rule: 'cycles', ...edge, subject: circle.join(' '), message }];
  });
}

function folderGraph(files: readonly SourceFile[]): FolderGraph {
  const graph = new Map<string, Map<string, Place>>();
  const own = files.filter(
    (file) => isCode(file) && !isTest(file) && file.path.startsWith('tools/'),
  );
  for (const file of own) {
    const from = roomOf(file.path);
    const edges = graph.get(from) ?? new Map<string, Place>();
    graph.set(from, edges);
    for (const { module, line } of importsOf(file)) {
      const to = roomOf(resolveImport(file.path, module));
      if (from !== to && to.startsWith('tools/')) edges.set(to, { path: file.path, line });
    }
  }
  return graph;
}

/** The shortest circle through a folder, which stands at both ends. */
function findCircle(graph: FolderGraph, start: string): string[] | null {
  const paths = [[start]];
  const seen = new Set<string>();
  for (const path of paths) {
    const next = [...(graph.get(path[path.length - 1] ?? '') ?? new Map<string, Place>()).keys()];
    if (next.includes(start)) return [...path, start];
    for (const room of next.filter((each) => !seen.has(each))) {
      seen.add(room);
      paths.push([...path, room]);
    }
  }
  return null;
}
