// Shorter names of functions, so that a trap's backtrace can be read and the names stay a small part of the module:
// `assembly/expression/compiler/TreeCompiler#call` → `compiler/TreeCompiler#call`, type arguments by their last part.

import { LIBRARY_PREFIX } from './workspace.ts';

const PATH = /[~\w@.-]+(?:\/[~\w@.-]+)+/g;

/** The name a backtrace shows. */
export function shortName(fullName: string): string {
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
