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
      const count = firstParagraph(headComment(text));
      if (count >= 1 && count <= HEAD_LINES_MAX) return [];
      const message = `${count} head comment lines: begin with 1 to ${HEAD_LINES_MAX} on what the file is for`;
      return [{ rule: 'head-comment', path, line: 1, subject: '', message }];
    });
}

/** Lines of prose; a layout may be drawn below an empty line. */
function firstParagraph(lines: readonly string[]): number {
  const end = lines.indexOf('');
  return end < 0 ? lines.length : end;
}

/** Holds that every export of assembly/ has a doc comment. */
export function docs(files: readonly SourceFile[]): Problem[] {
  return files
    .filter((file) => isCode(file) && !isTest(file) && file.path.startsWith('assembly/'))
    .flatMap((file) => {
      const { statements } = parse(file);
      return statements
        .filter(
          (statement, index) => isExported(statement) && !isDocumented(file, statements, index),
        )
        .map((statement) => undocumented(file, statement));
    });
}

function undocumented({ path }: SourceFile, statement: ts.Statement): Problem {
  const subject = nameOf(statement);
  const message = `export ${subject} has no doc comment: write /** … */ (meaning, units, bounds, who owns memory)`;
  return { rule: 'doc-comment', path, line: lineOf(statement), subject, message };
}

function isExported(statement: ts.Statement): boolean {
  if (!ts.canHaveModifiers(statement)) return false;
  return (
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false
  );
}

/** Constants on lines without a gap share the comment above the first. */
function isDocumented(
  file: SourceFile,
  statements: readonly ts.Statement[],
  index: number,
): boolean {
  const statement = statements[index];
  if (!statement || hasDoc(file, statement)) return statement !== undefined;
  const isNext = ts.isVariableStatement(statement) && !/\n\s*\n/.test(statement.getFullText());
  return isNext && isDocumented(file, statements, index - 1);
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
