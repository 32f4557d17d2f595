// How long a line, a function, a file may be, and how many parameters a function may take.

import ts from 'typescript';
import {
  isAssembly,
  isCode,
  isTest,
  lineOf,
  parse,
  type Problem,
  type SourceFile,
} from './source.ts';

export const FILE_LINES_MAX = 300;
export const FUNCTION_LINES_MAX = 60;
export const PARAMETER_COUNT_MAX = 5;
export const ASSEMBLY_COLUMNS_MAX = 100;
export const COLUMNS_MAX = 120;
/** A line that holds one text and nothing else, such as a row of a table, cannot be wrapped. */
const ONE_TEXT = /^\s*(['"`])(?:(?!\1).)*\1[,;)]*$/;
/** The host fixes the parameters of its own functions and of our exports to it. */
const HOST_PREFIX = 'proxy_';

/** Holds the four limits over all code. */
export function lengths(files: readonly SourceFile[]): Problem[] {
  return files
    .filter(isCode)
    .flatMap((file) => [...fileLength(file), ...columns(file), ...functions(file)]);
}

function fileLength({ path, text }: SourceFile): Problem[] {
  const count = text.trimEnd().split('\n').length;
  if (count <= FILE_LINES_MAX) return [];
  const message = `${count} lines, at most ${FILE_LINES_MAX}: split by idea`;
  return [{ rule: 'file-lines', path, line: 0, subject: '', message }];
}

function columns(file: SourceFile): Problem[] {
  const columnsMax = isAssembly(file) ? ASSEMBLY_COLUMNS_MAX : COLUMNS_MAX;
  return file.text.split('\n').flatMap((text, index) => {
    const count = Array.from(text).length;
    if (count <= columnsMax || ONE_TEXT.test(text)) return [];
    const message = `${count} columns, at most ${columnsMax}: wrap the line (npx prettier --write wraps code)`;
    return [{ rule: 'columns', path: file.path, line: index + 1, subject: '', message }];
  });
}

function functions(file: SourceFile): Problem[] {
  const problems: Problem[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body)
      problems.push(...functionLength(file, node));
    if (ts.isFunctionLike(node)) problems.push(...parameters(file, node));
    ts.forEachChild(node, visit);
  };
  visit(parse(file));
  return problems;
}

function functionLength(file: SourceFile, node: ts.SignatureDeclaration): Problem[] {
  if (isTest(file) && ts.isCallExpression(node.parent)) return [];
  const tree = parse(file);
  const last = tree.getLineAndCharacterOfPosition(node.end).line + 1;
  const count = last - lineOf(node.name ?? node) + 1;
  if (count <= FUNCTION_LINES_MAX) return [];
  const subject = nameOf(node);
  const message = `${subject} has ${count} lines, at most ${FUNCTION_LINES_MAX}: give its parts names of their own`;
  return [{ rule: 'function-lines', path: file.path, line: lineOf(node), subject, message }];
}

function parameters(file: SourceFile, node: ts.SignatureDeclaration): Problem[] {
  const count = node.parameters.filter(({ name }) => name.getText() !== 'this').length;
  if (count <= PARAMETER_COUNT_MAX || nameOf(node).startsWith(HOST_PREFIX) || isRecord(node))
    return [];
  const subject = nameOf(node);
  const message = `${subject} takes ${count} parameters, at most ${PARAMETER_COUNT_MAX}: pass an object, or split it`;
  return [{ rule: 'parameters', path: file.path, line: lineOf(node), subject, message }];
}

/** A constructor that only names fields is a record: AssemblyScript has no object literals to pass instead. */
function isRecord(node: ts.SignatureDeclaration): boolean {
  return (
    ts.isConstructorDeclaration(node) &&
    node.parameters.every((parameter) => parameter.modifiers !== undefined)
  );
}

function nameOf(node: ts.SignatureDeclaration): string {
  const { name, parent } = node;
  if (name) return name.getText();
  if (ts.isConstructorDeclaration(node)) return `${node.parent.name?.text ?? 'class'}#constructor`;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent))
    return parent.name.getText();
  return 'anonymous function';
}
