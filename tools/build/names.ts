// Shorter names of functions, so that a trap's backtrace can be read and the names stay a small part of the module: of
// `assembly/expression/compiler/TreeCompiler#call` as much from the end as no other function has.

import { LIBRARY_PREFIX } from './workspace.ts';

/** As backtraces of JavaScript name it. */
const CONSTRUCTOR = /^(.*)#constructor$/;
/** A function without a name: its number within the function around it. */
const NAMELESS = /(?:#constructor)?~anonymous\|/;
const PATH = /[~\w@.-]+(?:\/[~\w@.-]+)+/g;

/** The names that a backtrace shows, by full name. */
export function shortNames(fullNames: readonly string[]): Map<string, string> {
  const forms = [lastOf, memberOf, fileMemberOf];
  const counts = forms.map((form) => countEach(fullNames.map(form)));
  return new Map(
    fullNames.map((name) => {
      const at = forms.findIndex((form, level) => counts[level]?.get(form(name)) === 1);
      const short = (forms[at] ?? fileMemberOf)(name);
      return [name, short.replace(CONSTRUCTOR, 'new $1').replace(NAMELESS, '~')];
    }),
  );
}

function countEach(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** `call` */
function lastOf(fullName: string): string {
  const member = memberOf(fullName).replace(/<.*$/, '');
  return member.endsWith('#constructor') ? member : member.slice(member.lastIndexOf('#') + 1);
}

/** `TreeCompiler#call` */
function memberOf(fullName: string): string {
  return fileMemberOf(fullName).replace(/^[^<]*\//, '');
}

/** `compiler/TreeCompiler#call`, type arguments by their last part. */
function fileMemberOf(fullName: string): string {
  const name = fullName.replaceAll(LIBRARY_PREFIX, '');
  const generic = name.indexOf('<');
  const head = generic < 0 ? name : name.slice(0, generic);
  const tail = generic < 0 ? '' : name.slice(generic);
  return (
    head.replace(PATH, shortPath) +
    tail.replace(PATH, (path) => path.slice(path.lastIndexOf('/') + 1))
  );
}

function shortPath(path: string): string {
  const parts = path.split('/');
  const [file = '', last = ''] = parts.slice(-2);
  if (parts[0] === 'adapters') return `${parts[1] ?? ''}/${last}`;
  const isFileOfType = file.replaceAll('-', '') === last.split('#')[0]?.toLowerCase();
  return isFileOfType ? last : `${file}/${last}`;
}
