// The names of assembly/sdk.ts: what each is, its signature and its comment, for classes their public members too.

import { dirname, join } from 'node:path';
import ts from 'typescript';
import { SourceText } from '../source.ts';

export interface SdkName {
  readonly name: string;
  readonly signature: string;
  readonly text: string;
  readonly members: readonly SdkMember[];
}

export interface SdkMember {
  readonly signature: string;
  readonly text: string;
}

/** One module that the SDK exports from. */
export interface SdkModule {
  /** From assembly/, without suffix. */
  readonly path: string;
  readonly names: readonly SdkName[];
}

/** The modules in the order in which the SDK names them. */
export function sdkModules(root: string): SdkModule[] {
  const sdk = new SourceText(join(root, 'assembly/sdk.ts'));
  const modules = new Map<string, SdkName[]>();
  for (const statement of sdk.tree.statements) {
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier === undefined) continue;
    const path = statement.moduleSpecifier.getText().slice(1, -1).replace('./', '');
    const source = new SourceText(join(dirname(sdk.tree.fileName), `${path}.ts`));
    const clause = statement.exportClause;
    const names =
      clause !== undefined && ts.isNamedExports(clause)
        ? clause.elements.map(({ name }) => name.text)
        : null;
    const found = names?.map((name) => sdkName(source, name));
    modules.set(path, [...(modules.get(path) ?? []), ...(found ?? [])]);
  }
  return [...modules].map(([path, names]) => ({ path, names }));
}

function sdkName(source: SourceText, name: string): SdkName {
  const node = source.tree.statements.find((statement) => declares(statement, name));
  if (node === undefined) return sdkName(exportedAgain(source, name), name);
  const text = source.doc(node).text;
  if (ts.isFunctionDeclaration(node)) return { name, signature: callText(node), text, members: [] };
  if (ts.isClassDeclaration(node))
    return { name, signature: classText(node), text, members: members(source, node) };
  if (ts.isEnumDeclaration(node)) {
    const shown = node.members.map((member) => ({
      signature: oneLine(member.getText()),
      text: source.doc(member).text,
    }));
    return { name, signature: `enum ${name}`, text, members: shown };
  }
  return { name, signature: valueText(node), text, members: [] };
}

/** A constant with its type, or with its value where that says the type; a type with what it stands for. */
function valueText(node: ts.Statement): string {
  const text = oneLine(node.getText()).replace(/^export (declare )?|;$/g, '');
  const [head = ''] = text.split(' = ');
  return ts.isTypeAliasDeclaration(node) || !head.includes(':') ? text : head;
}

/** The file from which this one exports the name again. */
function exportedAgain(source: SourceText, name: string): SourceText {
  for (const statement of source.tree.statements) {
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier === undefined) continue;
    const clause = statement.exportClause;
    const isNamed =
      clause === undefined ||
      (ts.isNamedExports(clause) && clause.elements.some((each) => each.name.text === name));
    const module = statement.moduleSpecifier.getText().slice(1, -1);
    if (isNamed) return new SourceText(join(dirname(source.tree.fileName), `${module}.ts`));
  }
  throw new Error(`sdk.ts: ${source.name} has no ${name}`);
}

function declares(statement: ts.Statement, name: string): boolean {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.some((each) => each.name.getText() === name);
  return 'name' in statement && (statement.name as ts.Node | undefined)?.getText() === name;
}

/**
 * What an adapter may use: all but what is private, and behind a constructor the properties that it declares. A method
 * without a comment only does in its own way what the class above it promises.
 */
function members(source: SourceText, node: ts.ClassDeclaration): SdkMember[] {
  const described = (member: ts.ClassElement | ts.ParameterDeclaration): SdkMember => ({
    signature: memberText(member),
    text: source.doc(member).text,
  });
  return node.members
    .filter((member) => !has(member, ts.SyntaxKind.PrivateKeyword) && !isImplementation(member))
    .flatMap((member) => {
      const parameters = ts.isConstructorDeclaration(member) ? [...member.parameters] : [];
      const properties = parameters.filter(
        (each) =>
          (ts.getModifiers(each) ?? []).length > 0 && !has(each, ts.SyntaxKind.PrivateKeyword),
      );
      return [described(member), ...properties.map(described)];
    });
}

function isImplementation(member: ts.ClassElement): boolean {
  return ts.isMethodDeclaration(member) && ts.getJSDocCommentsAndTags(member).length === 0;
}

function has(member: ts.ClassElement | ts.ParameterDeclaration, kind: ts.SyntaxKind): boolean {
  return (
    ts.canHaveModifiers(member) &&
    (ts.getModifiers(member) ?? []).some((each) => each.kind === kind)
  );
}

function memberText(member: ts.ClassElement | ts.ParameterDeclaration): string {
  if (ts.isPropertyDeclaration(member) || ts.isParameter(member)) return propertyText(member);
  if (ts.isConstructorDeclaration(member)) {
    const parameters = member.parameters.map((each) => parameterText(each));
    return `constructor(${parameters.join(', ')})`;
  }
  if (ts.isFunctionLike(member)) return callText(member);
  return oneLine(member.getText());
}

/** A property with its type, or with its value where that says the type. */
function propertyText(node: ts.PropertyDeclaration | ts.ParameterDeclaration): string {
  const name = node.name.getText();
  if (node.type !== undefined) return `${name}: ${oneLine(node.type.getText())}`;
  return node.initializer === undefined ? name : `${name} = ${oneLine(node.initializer.getText())}`;
}

function callText(node: ts.SignatureDeclaration): string {
  const types = node.typeParameters?.map((each) => each.getText()).join(', ');
  const parameters = node.parameters.map((each) => parameterText(each)).join(', ');
  const result = node.type === undefined ? '' : `: ${oneLine(node.type.getText())}`;
  const name = `${node.name?.getText() ?? ''}${types === undefined ? '' : `<${types}>`}`;
  if (ts.isGetAccessor(node)) return `${name}${result}`;
  if (ts.isSetAccessor(node)) return `set ${parameters.replace(/^\w+/, name)}`;
  return `${name}(${parameters})${result}`;
}

function parameterText(parameter: ts.ParameterDeclaration): string {
  const type = parameter.type === undefined ? '' : `: ${oneLine(parameter.type.getText())}`;
  const fallback =
    parameter.initializer === undefined ? '' : ` = ${parameter.initializer.getText()}`;
  return `${parameter.name.getText()}${type}${fallback}`;
}

function classText(node: ts.ClassDeclaration): string {
  const heritage = node.heritageClauses?.map((clause) => ` ${clause.getText()}`).join('') ?? '';
  const types = node.typeParameters?.map((each) => each.getText()).join(', ');
  const isAbstract = node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword);
  const word = isAbstract === true ? 'abstract class' : 'class';
  return `${word} ${node.name?.text ?? ''}${types === undefined ? '' : `<${types}>`}${heritage}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
