// Hot and cold code never share a file, and hot code imports no cold file. A file's head comment says which it is:
// `Hot:`, `Cold:` or `Both:` (or the word with a full stop).

import {
  headComment,
  importsOf,
  isAssembly,
  isCode,
  isTest,
  resolveImport,
  type Problem,
  type SourceFile,
} from './source.ts';

export type World = 'hot' | 'cold' | 'both';

/** Rooms whose files must say it; in the others this is what they are when they do not say. */
const DEFAULTS: Readonly<Record<string, World | null>> = {
  'assembly/shared': 'both',
  'assembly/memory': 'both',
  'assembly/text': 'both',
  'assembly/abi': 'both',
  'assembly/diagnostic': 'cold',
  'assembly/config': 'cold',
};

/**
 * Files in which the worlds meet: they name both sides and run nothing per request. Literals are made while the module
 * starts, so that hot code may hold them as constants.
 */
const JOINTS =
  /^(assembly\/(entry|sdk|memory\/literal)|(test\/)?adapters\/[^/]+\/adapter|test\/(?!adapters\/).*)$/;
const MARK = /\b(Hot|Cold|Both)[.:]/g;

/** The marks in a file's head comment. */
export function marksOf(text: string): World[] {
  const marks = [...headComment(text).join(' ').matchAll(MARK)].map(
    ([, word]) => word?.toLowerCase() as World,
  );
  return [...new Set(marks)];
}

/** Holds that files say what they are and that no hot file imports a cold one. */
export function worlds(files: readonly SourceFile[]): Problem[] {
  const own = files.filter(
    (file) => isCode(file) && isAssembly(file) && !isTest(file) && !JOINTS.test(stem(file.path)),
  );
  const worldOf = new Map(
    own.map((file) => [stem(file.path), { world: world(file), path: file.path }]),
  );
  return own.flatMap((file) => {
    if (world(file) === null) return [unmarked(file)];
    if (world(file) !== 'hot') return [];
    return importsOf(file).flatMap(({ module, line }) => {
      const target = worldOf.get(resolveImport(file.path, module));
      if (target?.world !== 'cold') return [];
      const message = `hot code imports ${target.path}, which is cold: move the hot part into a file of its own`;
      return [{ rule: 'worlds', path: file.path, line, subject: module, message }];
    });
  });
}

function world({ path, text }: SourceFile): World | null {
  const marks = marksOf(text);
  if (marks.length === 1) return marks[0] ?? null;
  if (marks.length > 1) return null;
  return DEFAULTS[path.split('/').slice(0, 2).join('/')] ?? null;
}

function unmarked({ path, text }: SourceFile): Problem {
  const message =
    marksOf(text).length > 1
      ? 'the head comment gives more than one of Hot, Cold, Both: split the file, or write Both.'
      : 'the head comment must say Hot:, Cold: or Both: (per request; while configuring; pure code for either)';
  return { rule: 'worlds', path, line: 1, subject: '', message };
}

function stem(path: string): string {
  return path.replace(/\.ts$/, '');
}
