// Words that say nothing, in names of files and declarations; words that do not belong in test titles.

import ts from 'typescript';
import { isCode, isTest, lineOf, parse, type Problem, type SourceFile } from './source.ts';

/** Word → what to write instead. */
const BANNED: Readonly<Record<string, string>> = {
  util: 'name the idea',
  utils: 'name the idea',
  helper: 'name what it does',
  helpers: 'name what it does',
  manager: 'name what it holds or decides',
  impl: 'name what makes this one different',
  info: 'name what it tells',
};

/** Names of severities are everybody's. */
const SEVERITIES: ReadonlySet<string> = new Set(['INFO']);

/** Holds that no file and no declared type or function carries such a word. */
export function names(files: readonly SourceFile[]): Problem[] {
  return files.filter(isCode).flatMap((file) => [...fileName(file), ...declarations(file)]);
}

function fileName({ path }: SourceFile): Problem[] {
  return banned(path.replace(/\.ts$/, '')).map(([word, instead]) => ({
    rule: 'names',
    path,
    line: 0,
    subject: word,
    message: `"${word}" in the file's name: ${instead}`,
  }));
}

function declarations(file: SourceFile): Problem[] {
  const problems: Problem[] = [];
  const visit = (node: ts.Node): void => {
    const name = declaredName(node);
    for (const [word, instead] of banned(name ?? '')) {
      const message = `"${word}" in ${name}: ${instead}`;
      problems.push({
        rule: 'names',
        path: file.path,
        line: lineOf(node),
        subject: name ?? '',
        message,
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(file));
  return problems;
}

/** Types, functions and variables; fields and enum members may be words of a protocol, such as a log level. */
function declaredName(node: ts.Node): string | undefined {
  const isNamed =
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isVariableDeclaration(node);
  return isNamed ? node.name?.getText() : undefined;
}

function banned(name: string): [word: string, instead: string][] {
  if (SEVERITIES.has(name)) return [];
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return Object.entries(BANNED).filter(([word]) => words.includes(word));
}

/** Holds that the title of a test states behaviour. */
export function titles(files: readonly SourceFile[]): Problem[] {
  return files.filter(isTest).flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const title = /\b(?:it|test)\(\s*(['"`])(.*?)\1/.exec(line)?.[2];
      if (title === undefined || !/\bshould\b/i.test(title)) return [];
      const message = `"${title}": say what it does ("denies when …"), not what it should do`;
      return [{ rule: 'titles', path, line: index + 1, subject: title, message }];
    }),
  );
}
