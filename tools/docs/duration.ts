// Durations as a document writes them, from nanoseconds.

const UNITS = [
  ['h', 3600e9],
  ['m', 60e9],
  ['s', 1e9],
  ['ms', 1e6],
  ['us', 1e3],
  ['ns', 1],
] as const;

/** The shortest text in one unit: `5m`, `90s`, `250ms`. */
export function durationText(ns: number): string {
  if (ns === 0) return '0s';
  const [name, size] = UNITS.find(([, each]) => ns % each === 0) ?? UNITS.at(-1)!;
  return `${ns / size}${name}`;
}
