// The lines that the filter wrote, picked out of Envoy's log. Envoy puts its own head before each
// entry and the plugin's name; an entry may go on over several lines without one.

const HEAD = /^\[\d{4}-\d\d-\d\d [^\]]*\]/;
const FILTER_LINE = /^\[[^\]]*\]\[[^\]]*\]\[(\w+)\]\[wasm\].*?\bwasm log(?: [^:]*)?: (.*)$/;

/** What the filter logged so far, oldest first; entries of several lines are one text with line ends in it. */
export function filterEntries(log: string): string[] {
  const entries: string[] = [];
  let isOurs = false;
  for (const line of log.split('\n')) {
    const text = FILTER_LINE.exec(line)?.[2];
    if (text !== undefined) entries.push(text);
    else if (!HEAD.test(line) && isOurs && line !== '') entries.push(`${entries.pop()}\n${line}`);
    isOurs = text !== undefined || (isOurs && !HEAD.test(line));
  }
  return entries;
}

/** The first line of each entry. */
export function filterLines(log: string): string[] {
  return filterEntries(log).map((entry) => entry.split('\n')[0] ?? '');
}
