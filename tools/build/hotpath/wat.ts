// The call graph of a module, read from the text that asc writes. Virtual calls are precise: asc compiles them to a
// function `Type#method@override` with one direct call for each class. Only calls through a table fan out.

/** One function and what it may call. */
export interface CallNode {
  readonly calls: ReadonlySet<string>;
  /** Types of the calls through a table. */
  readonly indirect: ReadonlySet<string>;
}

/** Functions by name, exports by name, and the functions that a table holds. */
export interface CallGraph {
  readonly functions: ReadonlyMap<string, CallNode>;
  readonly exports: ReadonlyMap<string, string>;
  readonly table: readonly { readonly name: string; readonly type: string }[];
}

const NAME = String.raw`\$(?:"((?:[^"\\]|\\.)*)"|([^\s()]+))`;
const FUNCTION = new RegExp(String.raw`^ \(func ${NAME}(.*)$`);
const EXPORT = new RegExp(String.raw`^ \(export "([^"]+)" \(func ${NAME}\)\)`);
const TYPE = new RegExp(String.raw`^ \(type ${NAME} \(func(.*)\)\)$`);
const ELEMENTS = /^ \(elem /;
const CALL = new RegExp(String.raw`\b(?:return_)?call ${NAME}`, 'g');
const REFERENCE = new RegExp(NAME, 'g');
const INDIRECT = new RegExp(String.raw`\bcall_indirect .*?\(type ${NAME}\)`, 'g');

/** Reads a module's text. */
export function readCallGraph(text: string): CallGraph {
  const functions = new Map<string, { calls: Set<string>; indirect: Set<string> }>();
  const exports = new Map<string, string>();
  const types = new Map<string, string>();
  const typeOf = new Map<string, string>();
  const elements: string[] = [];
  let current: { calls: Set<string>; indirect: Set<string> } | null = null;
  for (const line of text.split('\n')) {
    const begun = FUNCTION.exec(line);
    if (begun) {
      current = { calls: new Set(), indirect: new Set() };
      functions.set(nameOf(begun), current);
      typeOf.set(nameOf(begun), signature(begun[3] ?? ''));
    } else if (line.startsWith(' (')) {
      current = null;
      readDeclaration(line, { exports, types, elements });
    } else if (current) {
      for (const call of line.matchAll(CALL)) current.calls.add(nameOf(call));
      for (const call of line.matchAll(INDIRECT))
        current.indirect.add(types.get(nameOf(call)) ?? '');
    }
  }
  const table = elements.map((name) => ({ name, type: typeOf.get(name) ?? '' }));
  return { functions, exports, table };
}

interface Declarations {
  readonly exports: Map<string, string>;
  readonly types: Map<string, string>;
  readonly elements: string[];
}

function readDeclaration(line: string, { exports, types, elements }: Declarations): void {
  const exported = EXPORT.exec(line);
  if (exported) exports.set(exported[1] ?? '', exported[2] ?? exported[3] ?? '');
  const type = TYPE.exec(line);
  if (type) types.set(nameOf(type), signature(type[3] ?? ''));
  if (!ELEMENTS.test(line)) return;
  const [, ...names] = line.matchAll(REFERENCE);
  elements.push(...names.map(nameOf));
}

function nameOf([, quoted, plain]: RegExpExecArray | RegExpMatchArray): string {
  return quoted ?? plain ?? '';
}

/** Parameters and results without names: `i32 i32 -> i32`. */
function signature(text: string): string {
  const kinds = (word: string): string =>
    [...text.matchAll(new RegExp(String.raw`\(${word}((?:\s+\S+?)+)\)`, 'g'))]
      .flatMap(([, list]) => (list ?? '').trim().split(/\s+/))
      .filter((kind) => !kind.startsWith('$'))
      .join(' ');
  return `${kinds('param')} -> ${kinds('result')}`;
}
