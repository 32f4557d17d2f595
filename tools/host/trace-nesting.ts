// The trace as a person reads it: each callback stands before the calls that it made, which are indented below it; the
// record itself has a callback when it ends.

import type { TraceEntry } from './trace.ts';

interface Item {
  /** How deep its parent is; what a callback at this depth made, or a callback that is over. */
  readonly depth: number;
  readonly lines: readonly string[];
}

const INDENT = '  ';

/** One line for each entry, and one for each note. */
export function nestedText(entries: readonly TraceEntry[]): string {
  const items: Item[] = [];
  for (const entry of entries) {
    const { depth, kind, text } = entry;
    if (kind !== 'callback') {
      items.push({ depth, lines: [text] });
      continue;
    }
    const before = items.findLastIndex((item) => item.depth < depth);
    const made = items
      .splice(before + 1)
      .flatMap(({ lines }) => lines.map((line) => INDENT + line));
    items.push({ depth: depth - 1, lines: [`${entry.vm} ${entry.context} ${text}`, ...made] });
  }
  return items.flatMap(({ lines }) => lines).join('\n');
}
