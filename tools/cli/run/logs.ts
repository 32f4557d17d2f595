// The lines that the filter wrote, picked out of Envoy's log. Envoy puts its own head before each
// and the plugin's name.

const FILTER_LINE = /^\[[^\]]*\]\[[^\]]*\]\[(\w+)\]\[wasm\].*?\bwasm log(?: [^:]*)?: (.*)$/;
const LINES_SHOWN_MAX = 12;

/** What the filter logged so far, oldest first. */
export function filterLines(log: string): string[] {
  return log.split('\n').flatMap((line) => FILTER_LINE.exec(line)?.[2] ?? []);
}

/** The last lines, and how many were left out. */
export function logText(log: string): string {
  const lines = filterLines(log);
  const left = lines.length - LINES_SHOWN_MAX;
  return [...(left > 0 ? [`… ${left} earlier lines`] : []), ...lines.slice(-LINES_SHOWN_MAX)]
    .map((line) => `  ${line}`)
    .join('\n');
}
