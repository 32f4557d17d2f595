// Maps of instructions to source lines. The columns of such a map are places in the module; the build moves them, for
// it writes sections anew.

import {
  TraceMap,
  decodedMappings,
  encodedMap,
  type EncodedSourceMap,
} from '@jridgewell/trace-mapping';
import { LIBRARY_PREFIX, PACKAGE } from './workspace.ts';

type Place = ReturnType<typeof decodedMappings>[number][number];

/** Where the map of a module lies. */
export function mapFile(module: string): string {
  return `${module}.map`;
}

/** How many bytes later the instructions of one function stand. */
export interface Move {
  /** Where the function ended. */
  readonly untilAt: number;
  readonly distance: number;
}

/** The map for a module whose functions were moved, in their order, without the texts of the sources. */
export function movedMap(json: string, moves: readonly Move[]): string {
  const { sources, names, mappings } = JSON.parse(json) as EncodedSourceMap;
  const places = decodedMappings(new TraceMap({ version: 3, sources, names, mappings }));
  const map = new TraceMap({
    version: 3,
    sources: sources.map((source) => sourcePath(source ?? '')),
    names: [],
    mappings: places.map((line) => movedLine(line, moves)),
  });
  return JSON.stringify(encodedMap(map));
}

/** Columns ascend, as do the ends of functions. */
function movedLine(line: readonly Place[], moves: readonly Move[]): Place[] {
  let index = 0;
  return line.map(([column, ...rest]) => {
    while (index + 1 < moves.length && column >= moves[index]!.untilAt) index++;
    return [column + (moves[index]?.distance ?? 0), ...rest] as Place;
  });
}

/** What an author's editor opens: the package's sources are in node_modules there. */
function sourcePath(source: string): string {
  return source.startsWith(LIBRARY_PREFIX)
    ? `node_modules/${PACKAGE}/${source.slice(LIBRARY_PREFIX.length)}`
    : source;
}
