// The template that an adapter brings itself, read from its declaration in template.ts: its name, and one field
// initialiser for each field. Nothing of it runs.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { SourceText } from '../source.ts';

export interface OwnTemplateField {
  readonly name: string;
  /** As the reference names types: `IP_ADDRESS`. */
  readonly type: string;
  readonly text: string;
  readonly isRequired: boolean;
}

export interface OwnTemplateEntry {
  readonly name: string;
  readonly text: string;
  readonly variety: 'check' | 'report';
  readonly fields: readonly OwnTemplateField[];
}

const FILE = 'template.ts';
const BASE = 'OwnTemplate';

/** The template of the adapter in a folder; null: it brings none. */
export function readOwnTemplate(folder: string): OwnTemplateEntry | null {
  const file = join(folder, FILE);
  if (!existsSync(file)) return null;
  const source = new SourceText(file);
  const found = source
    .classes()
    .find((each) => each.heritageClauses?.[0]?.types[0]?.expression.getText() === BASE);
  if (found === undefined) return null;
  const getter = (name: string): string =>
    found.members.find((member) => member.name?.getText() === name)?.getText() ?? '';
  return {
    name: /return\s+["']([^"']+)["']/.exec(getter('name'))?.[1] ?? '',
    text: source.doc(found).text,
    variety: /return\s+true/.test(getter('isReport')) ? 'report' : 'check',
    fields: found.members.flatMap((member) => fieldOf(source, member)),
  };
}

/** `this.field(NUMBER, "name", ValueType.X)`, or `this.optional(…)`. */
function fieldOf(source: SourceText, member: ts.ClassElement): OwnTemplateField[] {
  if (!ts.isPropertyDeclaration(member) || member.initializer === undefined) return [];
  const call = member.initializer;
  if (!ts.isCallExpression(call)) return [];
  const method = /^this\.(field|optional)$/.exec(call.expression.getText())?.[1];
  const [, name, type] = call.arguments;
  if (method === undefined || name === undefined || type === undefined) return [];
  return [
    {
      name: ts.isStringLiteralLike(name) ? name.text : name.getText(),
      type: typeName(type.getText().replace(/^.*\./, '')),
      text: source.doc(member).text,
      isRequired: method === 'field',
    },
  ];
}

/** `IpAddress` as `IP_ADDRESS`. */
function typeName(word: string): string {
  return word.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
}
