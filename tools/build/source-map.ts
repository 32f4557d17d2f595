// Maps of instructions to source lines. The columns of such a map are places in the module; the build moves them, for
// it writes sections anew.

import {
  TraceMap,
  decodedMappings,
  encodedMap,
  type EncodedSourceMap,
} from '@jridgewell/trace-mapping';
import { LIBRARY_PREFIX, PACKAGE } from './workspace.ts';

/** Where the map of a module lies. */
export function mapFile(module: string): string {
  return `${module}.map`;
}

/** The map for a module whose code begins `distance` bytes later, without the texts of the sources. */
export function movedMap(json: string, distance: number): string {
  const { sources, names, mappings } = JSON.parse(json) as EncodedSourceMap;
  const places = decodedMappings(new TraceMap({ version: 3, sources, names, mappings }));
  const moved = places.map((line) =>
    line.map(([column, ...rest]) => [column + distance, ...rest] as (typeof line)[number]),
  );
  const map = new TraceMap({
    version: 3,
    sources: sources.map((source) => sourcePath(source ?? '')),
    names: [],
    mappings: moved,
  });
  return JSON.stringify(encodedMap(map));
}

/** What an author's editor opens: the package's sources are in node_modules there. */
function sourcePath(source: string): string {
  return source.startsWith(LIBRARY_PREFIX)
    ? `node_modules/${PACKAGE}/${source.slice(LIBRARY_PREFIX.length)}`
    : source;
}
