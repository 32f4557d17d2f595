// Every file says what it is for; every export of assembly/ says what it promises.

import ts from 'typescript';
import {
  headComment,
  isCode,
  isTest,
  lineOf,
  parse,
  type Problem,
  type SourceFile,
} from './source.ts';

export const HEAD_LINES_MAX = 5;

/** Holds that files begin with a comment of one to five lines. Test files are sentences already. */
export function heads(files: readonly SourceFile[]): Problem[] {
  return files
    .filter((file) => isCode(file) && !isTest(file))
    .flatMap(({ path, text }) => {
      const count = headComment(text).length;
      if (count >= 1 && count <= HEAD_LINES_MAX) return [];
      const message = `${count} head comment lines: begin with 1 to ${HEAD_LINES_MAX} lines (//) on what the file is for`;
      return [{ rule: 'head-comment', path, line: 1, subject: '', message }];
    });
}

/** Holds that every export of assembly/ has a doc comment. */
export function docs(files: readonly SourceFile[]): Problem[] {
  return files
    .filter((file) => isCode(file) && !isTest(file) && file.path.startsWith('assembly/'))
    .flatMap((file) =>
      parse(file)
        .statements.filter((statement) => isExported(statement) && !hasDoc(file, statement))
        .map((statement) => {
          const subject = nameOf(statement);
          const message = `export ${subject} has no doc comment: write /** … */ (meaning, units, bounds, who owns memory)`;
          return {
            rule: 'doc-comment',
            path: file.path,
            line: lineOf(statement),
            subject,
            message,
          };
        }),
    );
}

function isExported(statement: ts.Statement): boolean {
  if (!ts.canHaveModifiers(statement)) return false;
  return (
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false
  );
}

/** A comment may stand above a decorator and its pragma, so any comment in front of the statement counts. */
function hasDoc({ text }: SourceFile, statement: ts.Statement): boolean {
  const before = text.slice(statement.getFullStart(), statement.getStart());
  if (before.includes('/**')) return true;
  return (
    'modifiers' in statement && statement.getText().split('export')[0]?.includes('/**') === true
  );
}

function nameOf(statement: ts.Statement): string {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations[0]?.name.getText() ?? '';
  return 'name' in statement ? ((statement.name as ts.Node | undefined)?.getText() ?? '') : '';
}
