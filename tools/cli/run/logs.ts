// The filter's log lines for a person: the last ones, and how many were left out. And its traps.

import { filterLines } from '../../envoy/filter-log.ts';
import { trapsInLog } from '../../envoy/trap-log.ts';
import { withPlaces } from '../symbolize/case-places.ts';

const LINES_SHOWN_MAX = 12;

/** The last lines, and how many were left out. */
export function logText(log: string): string {
  const lines = filterLines(log);
  const left = lines.length - LINES_SHOWN_MAX;
  return [...(left > 0 ? [`… ${left} earlier lines`] : []), ...lines.slice(-LINES_SHOWN_MAX)]
    .map((line) => `  ${line}`)
    .join('\n');
}

/** Each different trap of the filter, with the source line of each frame; empty without any. */
export function trapsText(log: string, wasm: string): string {
  return withPlaces(trapsInLog(log).join('\n'), wasm)
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [`  ${line}`]))
    .join('\n');
}
