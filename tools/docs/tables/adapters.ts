// What the sources say about each adapter: its one sentence, the templates it takes, its parameters. Nothing of it
// runs.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { findAdapters } from '../../build/find-adapters.ts';
import { SourceText } from '../source.ts';
import { readOwnTemplate, type OwnTemplateEntry } from './own-template.ts';
import { readParams, type ParamGroup } from './params.ts';

export interface AdapterEntry {
  readonly name: string;
  readonly text: string;
  /** Template names, as a document gives them. */
  readonly templates: readonly string[];
  /** The one that it brings itself. */
  readonly ownTemplate: OwnTemplateEntry | null;
  readonly params: ParamGroup;
}

/** All adapters below a folder, by name. */
export function readAdapters(root: string, folder = 'adapters'): AdapterEntry[] {
  return findAdapters(root, folder).map(({ name, module, className }) => {
    const source = new SourceText(join(root, `${module}.ts`));
    const found = source.classes().find((each) => each.name?.text === className)!;
    const text = (member: string): string => bodyOf(found, member);
    const params = /new (\w+)\(/.exec(text('params'))?.[1] ?? 'Params';
    return {
      name,
      text: source.doc(found).text,
      templates: templatesOf(text('serves')),
      ownTemplate: readOwnTemplate(join(root, folder, name)),
      params: readParams(configFile(source, params, join(root, folder, name)), params),
    };
  });
}

/** `Template.CheckNothing | Template.Quota` as `checknothing`, `quota`. */
function templatesOf(text: string): string[] {
  return [...text.matchAll(/Template\.(\w+)/g)]
    .map(([, word = '']) => word.toLowerCase())
    .filter((word) => word !== 'none');
}

function bodyOf(declaration: ts.ClassDeclaration, name: string): string {
  return declaration.members.find((member) => member.name?.getText() === name)?.getText() ?? '';
}

/** The file that declares the class of the parameters: config.ts, or adapter.ts itself. */
function configFile(source: SourceText, className: string, folder: string): string {
  const isHere = source.classes().some((each) => each.name?.text === className);
  const file = join(folder, 'config.ts');
  return isHere || !existsSync(file) ? source.tree.fileName : file;
}
