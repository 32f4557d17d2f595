// The command lines that the pages show: in blocks, in indented lines, in the middle of a sentence. Runs none of them.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../../tools/build/root.ts';

export interface CommandLine {
  /** `README.md:51`. */
  readonly where: string;
  /** Program and arguments, as a shell would split them; up to a pipe, a redirection or a comment. */
  readonly words: readonly string[];
  /** Whether it stands alone, ready to be copied, and not in a sentence, where parts may be left out. */
  readonly isWhole: boolean;
}

const SENTENCE = /`((?:npx |npm )?[^`\n]*)`/g;
const ALONE = /^(?:\s{2,}\$ | {4,}|#\s+)?((?:[A-Z_]+=\S+ )?(?:npx |npm |mixer |kubectl |helm ).*)$/;
/** A program of ours with what follows. */
const OURS = /^(?:[A-Z_]+=\S+ )?(?:npx (?:--package \S+ )?mixer|mixer|npm test|npm run) /;
const WORD = /'[^']*'|"[^"]*"|[^\s'"]+/g;

/** All of a file, in the order of its lines. */
export function commandLines(file: string): CommandLine[] {
  const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
  return lines.flatMap((line, at): CommandLine[] => {
    const where = `${file}:${at + 1}`;
    const alone = ALONE.exec(line)?.[1];
    if (alone !== undefined)
      return partsOf(alone).map((words) => ({ where, words, isWhole: true }));
    const inSentence = [...line.matchAll(SENTENCE)].map(([, code = '']) => code);
    return inSentence.flatMap((code) =>
      partsOf(code).map((words) => ({ where, words, isWhole: false })),
    );
  });
}

/** The commands of ours in one line of a shell: behind pipes and `&&`, without comments and redirections. */
function partsOf(line: string): string[][] {
  const code = line.replace(/ {3,}\S.*$/, '').replace(/ # .*$/, '');
  return code.split(/ (?:\||&&) /).flatMap((part) => {
    if (!OURS.test(`${part} `)) return [];
    const words = part.replace(/ [<>] ?\S+/g, '').match(WORD) ?? [];
    return [words.filter((word) => !/^[A-Z_]+=/.test(word)).map(unquoted)];
  });
}

function unquoted(word: string): string {
  return word.replace(/^(['"])(.*)\1$/s, '$2');
}
