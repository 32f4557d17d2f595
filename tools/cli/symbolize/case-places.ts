// The source line behind each frame of a trap that the emulator has told of, where the module has a map beside it.

import { existsSync, readFileSync } from 'node:fs';
import { mapFile } from '../../build/source-map.ts';
import { Symbols, frameOf } from './symbols.ts';

/** The text with `file:line:column` behind each frame. */
export function withPlaces(text: string, wasm: string): string {
  const map = mapFile(wasm);
  if (!text.split('\n').some((line) => frameOf(line) !== null) || !existsSync(map)) return text;
  const symbols = new Symbols(readFileSync(wasm), readFileSync(map, 'utf8'));
  return text
    .split('\n')
    .map((line) => {
      const frame = frameOf(line);
      const place = frame === null ? null : symbols.place(frame);
      return place === null ? line : `${line}  ${place.file}:${place.line}:${place.column}`;
    })
    .join('\n');
}
