// The project's own files, read once, as the tidy rules see them.

import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../../tools/build/root.ts';

/** One text file. */
export interface SourceFile {
  /** From the project's top folder, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** What a rule objects to. */
export interface Problem {
  readonly rule: string;
  readonly path: string;
  /** 1-based; 0 for the file as a whole. */
  readonly line: number;
  /** What an exemption names: a function, a name; empty for the file as a whole. */
  readonly subject: string;
  /** What is wrong and what to do instead. */
  readonly message: string;
}

/** One check over all files. */
export type Rule = (files: readonly SourceFile[]) => Problem[];

const TEXT = /(^|\/)(\.ci\/run|LICENSE|[^/]+\.(ts|js|json|md|ya?ml|sh|txt))$/;
const FILE_SIZE_MAX_BYTES = 2_000_000;

/** Every text file that git tracks or would track. */
export function projectFiles(): SourceFile[] {
  const listing = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    {
      cwd: ROOT,
      encoding: 'utf8',
    },
  );
  const paths = [...new Set(listing.split('\0'))].filter((path) => TEXT.test(path)).sort();
  return paths.flatMap((path) => {
    const file = join(ROOT, path);
    const stats = statSync(file, { throwIfNoEntry: false });
    if (!stats || stats.size > FILE_SIZE_MAX_BYTES) return [];
    return [{ path, text: readFileSync(file, 'utf8') }];
  });
}

/** Whether a file is TypeScript or AssemblyScript of the project. */
export function isCode({ path }: SourceFile): boolean {
  return /^(assembly|adapters|tools|test)\/.*\.ts$/.test(path);
}

/** Whether a file is AssemblyScript. */
export function isAssembly({ path }: SourceFile): boolean {
  return (
    /^(assembly|adapters|test\/adapters)\//.test(path) ||
    /^test\/(.*\/)?(fixtures\/.*|probe)\.ts$/.test(path)
  );
}

/** Whether a file only tests. */
export function isTest({ path }: SourceFile): boolean {
  return /\.(test|spec)\.ts$/.test(path);
}

const parsed = new WeakMap<SourceFile, ts.SourceFile>();

/** The file's syntax tree. AssemblyScript's decorators are errors to TypeScript, which parses on. */
export function parse(file: SourceFile): ts.SourceFile {
  const known = parsed.get(file);
  if (known) return known;
  const tree = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2023, true);
  parsed.set(file, tree);
  return tree;
}

/** 1-based line of a node's first token. */
export function lineOf(node: ts.Node): number {
  const tree = node.getSourceFile();
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
}

/** The comment lines at the top of a file, without their slashes. */
export function headComment(text: string): string[] {
  const lines = text.split('\n');
  const start = lines[0]?.startsWith('#!') === true ? 1 : 0;
  const end = lines.findIndex((line, index) => index >= start && !line.startsWith('//'));
  return lines.slice(start, end < 0 ? lines.length : end).map((line) => line.slice(2).trim());
}

/** Files that this one imports or re-exports: module text and line. */
export function importsOf(file: SourceFile): { module: string; line: number }[] {
  return parse(file).statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const { moduleSpecifier } = statement;
    if (!moduleSpecifier || !ts.isStringLiteral(moduleSpecifier)) return [];
    return [{ module: moduleSpecifier.text, line: lineOf(statement) }];
  });
}

/** The file a relative import means, from the top folder, without suffix; packages come back as they are. */
export function resolveImport(path: string, module: string): string {
  if (!module.startsWith('.')) return module;
  const parts = path.split('/').slice(0, -1);
  for (const part of module.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/').replace(/\.(ts|js)$/, '');
}
