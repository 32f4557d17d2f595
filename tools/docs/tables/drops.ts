// Why an adapter drops things: the reasons that its sources declare, with the comment of the field that keeps each.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { SourceText } from '../source.ts';

export interface DropReason {
  readonly reason: string;
  readonly text: string;
}

const DECLARATION = /this\.(\w+) = this\.drops\.declareReason\("(\w+)"\)/g;

/** The reasons of one adapter, in the order of its files. */
export function dropReasons(folder: string): DropReason[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'),
  );
  return files.sort().flatMap((name) => reasonsOf(new SourceText(join(folder, name))));
}

function reasonsOf(source: SourceText): DropReason[] {
  return [...source.tree.text.matchAll(DECLARATION)].map(([, field = '', reason = '']) => ({
    reason,
    text: commentOf(source, field),
  }));
}

function commentOf(source: SourceText, field: string): string {
  const members = source.classes().flatMap((each) => [...each.members]);
  const member = members.find(
    (each) => ts.isPropertyDeclaration(each) && each.name.getText() === field,
  );
  return member === undefined ? '' : source.doc(member).text;
}
