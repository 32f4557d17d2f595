// The generated part of a README: between two markers; everything else is the author's. A README without markers gets
// them at its end.

export const BEGIN = '<!-- mixer docs: generated from here on; changes are lost -->';
export const END = '<!-- mixer docs: end -->';

/** The README with `text` between its markers. */
export function markedText(readme: string, text: string): string {
  const part = `${BEGIN}\n\n${text}\n\n${END}`;
  const from = readme.indexOf(BEGIN);
  const to = readme.indexOf(END);
  if (from < 0 || to < from) return `${readme.trimEnd()}\n\n## Reference\n\n${part}\n`;
  return readme.slice(0, from) + part + readme.slice(to + END.length);
}
