// Reads AssemblyScript files as TypeScript's parser sees them: doc comments, tables of strings, constants,
// enumerations, classes. Knows no table in particular and evaluates nothing.

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import ts from 'typescript';

/** A doc comment: its prose in one paragraph, and the texts of its tags. */
export interface Doc {
  readonly text: string;
  readonly examples: readonly string[];
}

/** A row of a table with its comment. */
export interface Row {
  readonly text: string;
  readonly doc: Doc;
}

/** A named number or text with its comment. */
export interface Named {
  readonly name: string;
  readonly doc: Doc;
  /** The expression behind it, where there is one. */
  readonly value: ts.Expression | undefined;
}

const NOTHING: Doc = { text: '', examples: [] };

/** One file's syntax tree. */
export class SourceText {
  readonly name: string;
  readonly tree: ts.SourceFile;

  constructor(file: string) {
    this.name = basename(file);
    this.tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2023, true);
  }

  /** The strings of `const NAME: string[] = […]`, each with the comment above it. */
  rows(name: string): Row[] {
    const value = this.variable(name);
    if (value === undefined || !ts.isArrayLiteralExpression(value))
      throw new Error(`${this.name}: no table ${name}`);
    return value.elements.map((element) => {
      if (!ts.isStringLiteralLike(element)) throw new Error(`${this.name}: ${name} holds no text`);
      return { text: element.text, doc: this.doc(element) };
    });
  }

  /** Every `export const` with its comment. */
  constants(): Named[] {
    return this.tree.statements.flatMap((statement) => {
      if (!ts.isVariableStatement(statement)) return [];
      return statement.declarationList.declarations.map((declaration) => ({
        name: declaration.name.getText(),
        doc: this.doc(statement),
        value: declaration.initializer,
      }));
    });
  }

  /** The members of an enumeration. */
  members(name: string): Named[] {
    const found = this.tree.statements.find(
      (statement) => ts.isEnumDeclaration(statement) && statement.name.text === name,
    ) as ts.EnumDeclaration | undefined;
    if (found === undefined) throw new Error(`${this.name}: no enumeration ${name}`);
    return found.members.map((member) => ({
      name: member.name.getText(),
      doc: this.doc(member),
      value: member.initializer,
    }));
  }

  /** Classes of the file, in order. */
  classes(): ts.ClassDeclaration[] {
    return this.tree.statements.filter((statement) => ts.isClassDeclaration(statement));
  }

  /** The initialiser of a variable at the top of the file. */
  variable(name: string): ts.Expression | undefined {
    return this.constants().find((constant) => constant.name === name)?.value;
  }

  /** The doc comment right above a node. */
  doc(node: ts.Node): Doc {
    const text = this.tree.text;
    const ranges = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
    const comments = ranges.map(({ pos, end }) => text.slice(pos, end));
    const [last] = comments.filter((comment) => comment.startsWith('/**')).reverse();
    return last === undefined ? NOTHING : parseDoc(last);
  }
}

/** A comment's text without its stars; `@example` lines apart. */
export function parseDoc(comment: string): Doc {
  const lines = comment
    .slice(3, -2)
    .split('\n')
    .map((line) => line.trim().replace(/^\* ?/, '').trim());
  const tag = lines.findIndex((line) => line.startsWith('@'));
  const prose = tag < 0 ? lines : lines.slice(0, tag);
  const examples = lines
    .filter((line) => line.startsWith('@example'))
    .map((line) => line.slice('@example'.length).trim());
  return { text: prose.join(' ').replace(/\s+/g, ' ').trim(), examples };
}
