// Links and headings of Markdown files, as far as they can be checked without a network.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ROOT } from '../../tools/build/root.ts';
import { anchor } from '../../tools/docs/markdown.ts';

const FENCE = /^ {0,3}```[\s\S]*?^ {0,3}```/gm;
const CODE = /`[^`\n]*`/g;
const LINK = /\[[^\]]*\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g;

/** Links of a file that lead nowhere, as sentences. */
export function brokenLinks(file: string): string[] {
  const text = readFileSync(file, 'utf8').replace(FENCE, '').replace(CODE, 'code');
  return [...text.matchAll(LINK)].flatMap(([, target = '']) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [path = '', fragment] = target.split('#');
    const aim = path === '' ? file : join(dirname(file), decodeURI(path));
    const name = relative(ROOT, file);
    if (!existsSync(aim)) return [`${name}: ${target}: no such file`];
    if (fragment === undefined || !aim.endsWith('.md')) return [];
    return headings(aim).has(fragment) ? [] : [`${name}: ${target}: no such heading`];
  });
}

function headings(file: string): Set<string> {
  const text = readFileSync(file, 'utf8').replace(FENCE, '');
  return new Set([...text.matchAll(/^#{1,6} (.*)$/gm)].map(([, title = '']) => anchor(title)));
}
