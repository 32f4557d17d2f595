// The value of a constant expression in AssemblyScript, as far as declarations of parameters need it: numbers, texts,
// lists, sums and products, limits of types, enumerations and constants of the same or an imported file.

import { dirname, join } from 'node:path';
import ts from 'typescript';
import { SourceText } from './source.ts';

export type Constant = number | string | boolean | readonly Constant[];

const LIMITS: Readonly<Record<string, number>> = {
  'i64.MAX_VALUE': Infinity,
  'i64.MIN_VALUE': -Infinity,
  'u64.MAX_VALUE': Infinity,
  'f64.MAX_VALUE': Infinity,
  'f64.MIN_VALUE': 0,
  'i32.MAX_VALUE': 2 ** 31 - 1,
  'i32.MIN_VALUE': -(2 ** 31),
  'u32.MAX_VALUE': 2 ** 32 - 1,
  'u16.MAX_VALUE': 2 ** 16 - 1,
};

const OPERATIONS: Partial<Record<ts.SyntaxKind, (a: number, b: number) => number>> = {
  [ts.SyntaxKind.AsteriskToken]: (a, b) => a * b,
  [ts.SyntaxKind.PlusToken]: (a, b) => a + b,
  [ts.SyntaxKind.MinusToken]: (a, b) => a - b,
  [ts.SyntaxKind.SlashToken]: (a, b) => Math.trunc(a / b),
  [ts.SyntaxKind.AsteriskAsteriskToken]: (a, b) => a ** b,
};

/** Evaluates expressions of one file. Names that are not found are errors: a default must not be guessed. */
export class Constants {
  readonly #source: SourceText;

  constructor(source: SourceText) {
    this.#source = source;
  }

  value(node: ts.Expression): Constant {
    if (ts.isNumericLiteral(node)) return Number(node.text.replaceAll('_', ''));
    if (ts.isStringLiteralLike(node)) return node.text;
    if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
    if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
    if (ts.isParenthesizedExpression(node) || ts.isTypeAssertionExpression(node))
      return this.value(node.expression);
    if (ts.isAsExpression(node)) return this.value(node.expression);
    if (ts.isArrayLiteralExpression(node)) return node.elements.map((item) => this.value(item));
    if (ts.isIdentifier(node)) return this.#named(node.text);
    if (ts.isPropertyAccessExpression(node)) return this.#member(node);
    return this.#computed(node);
  }

  number(node: ts.Expression): number {
    return Number(this.value(node));
  }

  #computed(node: ts.Expression): Constant {
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken)
      return -this.number(node.operand);
    const operation = ts.isBinaryExpression(node) ? OPERATIONS[node.operatorToken.kind] : undefined;
    if (ts.isBinaryExpression(node) && operation !== undefined)
      return operation(this.number(node.left), this.number(node.right));
    throw this.#unknown(node.getText());
  }

  #named(name: string): Constant {
    if (name === 'Infinity') return Infinity;
    const own = this.#source.variable(name);
    if (own !== undefined) return this.value(own);
    for (const file of this.#imported(name)) {
      const value = file.variable(name);
      if (value !== undefined) return new Constants(file).value(value);
    }
    throw this.#unknown(name);
  }

  #member(node: ts.PropertyAccessExpression): Constant {
    const limit = LIMITS[node.getText()];
    if (limit !== undefined) return limit;
    const type = node.expression.getText();
    for (const file of [this.#source, ...this.#imported(type)]) {
      const isThere = file.tree.statements.some(
        (statement) => ts.isEnumDeclaration(statement) && statement.name.text === type,
      );
      if (!isThere) continue;
      const member = file.members(type).find(({ name }) => name === node.name.text);
      if (member?.value !== undefined) return new Constants(file).value(member.value);
    }
    throw this.#unknown(node.getText());
  }

  /** Files from which a name may come: imports, and what those export again. */
  #imported(name: string): SourceText[] {
    return modulesOf(this.#source, name, 0);
  }

  #unknown(text: string): Error {
    return new Error(
      `${this.#source.name}: \`${text}\` is no constant that the documentation can read`,
    );
  }
}

const REEXPORT_DEPTH_MAX = 3;

function modulesOf(source: SourceText, name: string, depth: number): SourceText[] {
  if (depth > REEXPORT_DEPTH_MAX) return [];
  return source.tree.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const { moduleSpecifier } = statement;
    if (!moduleSpecifier || !ts.isStringLiteral(moduleSpecifier)) return [];
    if (!moduleSpecifier.text.startsWith('.') || !mayName(statement, name)) return [];
    const file = new SourceText(join(dirname(source.tree.fileName), `${moduleSpecifier.text}.ts`));
    return [file, ...modulesOf(file, name, depth + 1)];
  });
}

function mayName(statement: ts.ImportDeclaration | ts.ExportDeclaration, name: string): boolean {
  const bindings = ts.isImportDeclaration(statement)
    ? statement.importClause?.namedBindings
    : statement.exportClause;
  if (bindings === undefined) return ts.isExportDeclaration(statement);
  if (!ts.isNamedImports(bindings) && !ts.isNamedExports(bindings)) return false;
  return bindings.elements.some((element) => element.name.text === name);
}
