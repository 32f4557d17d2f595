// Finds the source line of a frame of a backtrace that Envoy logged: `0x34f - compiler/TreeCompiler#call`. By the place
// where the module has a function of that name there, else by the name alone.

import { TraceMap, decodedMappings, traceSegment } from '@jridgewell/trace-mapping';

import { readFunctions, readSections, type WasmFunction } from '../../build/wasm.ts';

/** A frame as it was logged. */
export interface Frame {
  /** Of the instruction, from the start of the module. */
  readonly at: number;
  readonly name: string;
}

export interface Place {
  readonly file: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  /** False: the module is another than the one that wrote the log, and this is where the function begins. */
  readonly isExact: boolean;
}

const FRAME = /\b0x([0-9a-f]{1,8}) - (\S.*?)\s*$/;

/** The frame that a line of Envoy's log ends with. */
export function frameOf(line: string): Frame | null {
  const [, at, name] = FRAME.exec(line) ?? [];
  return at === undefined || name === undefined ? null : { at: Number.parseInt(at, 16), name };
}

/** The functions of one module and the map beside it. */
export class Symbols {
  readonly #map: TraceMap;
  readonly #functions: readonly WasmFunction[];

  constructor(module: Uint8Array, mapJson: string) {
    this.#map = new TraceMap(mapJson);
    this.#functions = readFunctions(readSections(module));
  }

  /** Null: the module has no function of this name, or none that came from a source. */
  place(frame: Frame): Place | null {
    const around = this.#functions.find(
      ({ at, sizeBytes }) => at <= frame.at && frame.at < at + sizeBytes,
    );
    if (around?.name === frame.name) {
      const exact = this.#exact(around, frame.at);
      if (exact !== null) return exact;
    }
    const named = this.#functions.find(({ name }) => name === frame.name);
    return named === undefined ? null : this.#begin(named);
  }

  #exact(around: WasmFunction, at: number): Place | null {
    const segment = traceSegment(this.#map, 0, at);
    return segment === null || segment[0] < around.at ? null : this.#placeOf(segment, true);
  }

  #begin({ at, sizeBytes }: WasmFunction): Place | null {
    const [line = []] = decodedMappings(this.#map);
    const first = line.find(([column]) => at <= column && column < at + sizeBytes);
    return first === undefined ? null : this.#placeOf(first, false);
  }

  #placeOf(segment: readonly number[], isExact: boolean): Place | null {
    const [, source, line, column] = segment;
    const file = source === undefined ? null : this.#map.sources[source];
    if (file === null || file === undefined || line === undefined) return null;
    return { file, line: line + 1, column: (column ?? 0) + 1, isExact };
  }
}
