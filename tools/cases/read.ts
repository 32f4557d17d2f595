// Reads files of cases: finds them, parses them with positions, validates them. It runs nothing.

import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DocumentFile, UnreadableFile } from '../document/document.ts';
import type { FilterKind } from '../render/capabilities.ts';
import { reportedAttributes, withReport } from './attribute-report.ts';
import { ruleProblems } from './rules.ts';
import type { Case, HostName } from './types.ts';
import { schemaProblems, type CasesProblem } from './validate.ts';

/** A case with its place and its documents as JSON text. */
export interface LoadedCase extends Case {
  readonly file: DocumentFile;
  /** JSON pointer of the case in its file. */
  readonly pointer: string;
  /** The folder that it is told apart by: the adapter's name, where it belongs to one. */
  readonly group: string;
  readonly documentJson: string;
}

export interface CasesFile {
  readonly file: DocumentFile;
  readonly cases: readonly LoadedCase[];
  /** What is wrong with the file; its cases are empty then. */
  readonly problems: readonly CasesProblem[];
}

const FILE_NAME = /^(.*\.)?cases\.ya?ml$/;
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', 'dist', 'build']);

/** The files of cases at a path: the file itself, or all below a folder, sorted. */
export function findCases(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new UnreadableFile(path, 'no such file or folder');
  if (!stat.isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && !SKIPPED.has(name))
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.isDirectory()) return findCases(join(path, entry.name));
      return FILE_NAME.test(entry.name) ? [join(path, entry.name)] : [];
    });
}

/** Reads one file; what is wrong in it is told, not thrown. */
export function readCases(path: string): CasesFile {
  return casesOf(DocumentFile.read(path), path);
}

/** The cases of a text that has been read already; `path` is where its documents' files are looked for. */
export function casesOf(file: DocumentFile, path: string): CasesFile {
  if (file.problems.length > 0) return { file, cases: [], problems: [] };
  const content = JSON.parse(file.json) as { cases: Case[] };
  const problems = schemaProblems(content);
  if (problems.length === 0) problems.push(...ruleProblems(content.cases, path));
  if (problems.length > 0) return { file, cases: [], problems };
  const cases = content.cases.map((each, index) => ({
    ...each,
    file,
    pointer: `/cases/${index}`,
    group: groupOf(path),
    documentJson: documentJson(reported(each), path),
  }));
  return { file, cases, problems };
}

// A document in a file of its own stays as it is: `ruleProblems` refuses expectations of attributes there.
function reported(each: Case): object | string {
  const { document } = each;
  return typeof document === 'string' ? document : withReport(document, reportedAttributes(each));
}

/** A document's JSON text; one from a file keeps its order and its numbers. */
export function documentJson(document: object | string, casesPath: string): string {
  if (typeof document !== 'string') return JSON.stringify(document);
  return DocumentFile.read(resolve(dirname(casesPath), document)).json;
}

/** Where the filter stands in a case: in front of a router, or of a TCP proxy. */
export function kindOf({ connections }: Case): FilterKind {
  return connections === undefined ? 'http' : 'network';
}

/** Whether the case can run there. */
export function runsOn({ hosts }: Case, host: HostName): boolean {
  return hosts?.includes(host) ?? true;
}

function groupOf(path: string): string {
  const full = resolve(path);
  const name = basename(full).replace(/\.?cases\.ya?ml$/, '');
  return name === '' ? basename(dirname(full)) : name;
}
