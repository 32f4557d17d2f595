// What an author's adapter takes and its handler does not answer: found before anything is compiled, for a handler that
// lacks a method has the SDK's, which lets every check pass.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** One text for each template that the adapter takes and no class beside it has a method for. */
export function templateProblems(root: string, module: string, files: readonly string[]): string[] {
  const trees = files.map((file) => parsed(root, file));
  const adapter = trees.find(({ fileName }) => fileName === `${module}.ts`);
  if (adapter === undefined) return [];
  const methods = new Set(trees.flatMap(methodNames));
  return [...servedTemplates(adapter), ...trees.flatMap(ownTemplates)].flatMap(
    ({ template, node }) => {
      const method = `on${template}`;
      if (methods.has(method)) return [];
      const tree = node.getSourceFile();
      const line = tree.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      return [
        `${tree.fileName}:${line}: the adapter takes Template.${template} and its handler has no ${method}\n` +
          `  expected ${method} in a class of the folder, empty where nothing is to be done: without it every check ` +
          'passes, every charge fails and every report is lost',
      ];
    },
  );
}

interface Taken {
  readonly template: string;
  readonly node: ts.Node;
}

function parsed(root: string, file: string): ts.SourceFile {
  const text = readFileSync(join(root, file), 'utf8');
  return ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
}

function classesOf(tree: ts.SourceFile): ts.ClassDeclaration[] {
  return tree.statements.filter((statement) => ts.isClassDeclaration(statement));
}

function methodNames(tree: ts.SourceFile): string[] {
  const members = classesOf(tree).flatMap(({ members }) => [...members]);
  return members
    .filter((member) => ts.isMethodDeclaration(member))
    .map(({ name }) => name.getText());
}

/** The names behind `Template.` in the accessor `serves`. */
function servedTemplates(adapter: ts.SourceFile): Taken[] {
  const found: Taken[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && node.expression.getText() === 'Template') {
      const template = node.name.text;
      if (template !== 'None') found.push({ template, node });
    }
    ts.forEachChild(node, visit);
  };
  for (const each of classesOf(adapter)) {
    const serves = accessor(each, 'serves');
    if (serves !== undefined) visit(serves);
  }
  return found;
}

/** A template that the adapter brings: a report where `isReport` says so. */
function ownTemplates(tree: ts.SourceFile): Taken[] {
  const classes = classesOf(tree).filter(({ heritageClauses }) =>
    heritageClauses?.some((clause) =>
      clause.types.some(({ expression }) => expression.getText() === 'OwnTemplate'),
    ),
  );
  return classes.map((node) => {
    const isReport = /\btrue\b/.test(accessor(node, 'isReport')?.getText() ?? '');
    return { template: isReport ? 'OwnReport' : 'OwnCheck', node };
  });
}

function accessor(node: ts.ClassDeclaration, name: string): ts.ClassElement | undefined {
  return node.members.find(
    (member) => ts.isGetAccessorDeclaration(member) && member.name.getText() === name,
  );
}
