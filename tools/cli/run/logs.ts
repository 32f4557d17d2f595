// The filter's log lines for a person: the last ones, and how many were left out.

import { filterLines } from '../../envoy/filter-log.ts';

const LINES_SHOWN_MAX = 12;

/** The last lines, and how many were left out. */
export function logText(log: string): string {
  const lines = filterLines(log);
  const left = lines.length - LINES_SHOWN_MAX;
  return [...(left > 0 ? [`… ${left} earlier lines`] : []), ...lines.slice(-LINES_SHOWN_MAX)]
    .map((line) => `  ${line}`)
    .join('\n');
}
