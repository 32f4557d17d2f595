// A text somebody wrote, and positions in it as that person counts them: lines and columns from 1,
// columns in code points. It knows nothing of YAML or JSON.

export interface Position {
  readonly line: number;
  readonly column: number;
}

export class SourceText {
  /** The file's name as given on the command line. */
  readonly name: string;
  readonly text: string;
  readonly #starts: readonly number[];

  constructor(name: string, text: string) {
    this.name = name;
    this.text = text;
    this.#starts = lineStarts(text);
  }

  /** The position of a UTF-16 offset; an offset beyond the end counts as the end. */
  position(offset: number): Position {
    const at = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    // A line end of two characters has no column between them.
    const start = this.#starts[low] ?? 0;
    const before = this.text.slice(start, Math.min(at, start + this.line(low + 1).length));
    return { line: low + 1, column: codePoints(before) + 1 };
  }

  /** The text of a line, without its end. */
  line(line: number): string {
    const start = this.#starts[line - 1];
    if (start === undefined) return '';
    return this.text.slice(start, this.#starts[line] ?? this.text.length).replace(/\r?\n$/, '');
  }

  /** The offset at which a line begins. */
  lineStart(line: number): number {
    return this.#starts[line - 1] ?? this.text.length;
  }
}

/** How many code points a text has; a pair of surrogates is one. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
