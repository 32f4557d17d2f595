// An expression, its tree and its errors as text for people. The places are bytes of the expression's UTF-8 form.

import { SourceText } from '../../document/source.ts';
import type { Diagnostic } from '../../host/describe.ts';
import { showDiagnostic } from '../diagnostics.ts';
import { expressionHint } from '../expression-hints.ts';
import { excerpt } from '../excerpt.ts';
import type { Colors } from '../output.ts';
import type { EvaluationRecord, ReferenceRecord, TreeRecord } from './records.ts';

const INDENT = '  ';
const VALUE_SIZE_SHOWN_MAX = 200;
const SHOWN_WIDTH_MAX = 90;

/** What is wrong with an expression, each with line and caret. */
export function showProblems(
  name: string,
  text: string,
  diagnostics: readonly Diagnostic[],
  colors: Colors,
): string {
  const source = new SourceText(name, text);
  return diagnostics
    .map((each) => {
      const span = spanOf(text, each.offset, each.offset + each.size);
      const { code, severity, message, pointer, owner, suggestion } = each;
      const expected =
        expressionHint(code, text.slice(span.start, span.end), each.expected) ?? each.expected;
      const place = { file: name, ...source.position(span.start) };
      const shown = { code, severity, message, pointer, owner, expected, suggestion, ...place };
      return showDiagnostic({ source }, { diagnostic: shown, span }, colors);
    })
    .join('');
}

/** A failed evaluation: the error, and the part of the expression that failed. */
export function showFailure(
  name: string,
  text: string,
  { tree, errorStart, errorEnd }: EvaluationRecord,
  colors: Colors,
): string {
  const source = new SourceText(name, text);
  const span = spanOf(text, errorStart, errorEnd);
  const { line, column } = source.position(span.start);
  const head = `${colors.bold(`${name}:${line}:${column}:`)} ${colors.red(tree.error ?? '')}`;
  return `${head}\n${excerpt(source, span, '', colors)}\n`;
}

/** One line for each part that is no constant: how it was written, and what it came to. */
export function showTree(tree: TreeRecord, text: string, isEvaluated: boolean): string {
  const rows = rowsOf(tree, Buffer.from(text), 0, isEvaluated);
  const width = Math.min(SHOWN_WIDTH_MAX, Math.max(...rows.map(([left]) => left.length)));
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`.trimEnd()).join('\n');
}

function rowsOf(
  tree: TreeRecord,
  bytes: Buffer,
  depth: number,
  isEvaluated: boolean,
): [left: string, right: string][] {
  if (tree.kind === 'constant' && isEvaluated) return [];
  const written = writtenAs(bytes, tree).replace(/\s+/g, ' ');
  const left = INDENT.repeat(depth) + written;
  const right = isEvaluated ? outcomeText(tree) : `${tree.type}  ${kindText(tree)}`;
  const below = tree.operands ?? [];
  return [
    [left, right],
    ...below.flatMap((operand) => rowsOf(operand, bytes, depth + 1, isEvaluated)),
  ];
}

// A node's place leaves its outermost brackets out; what stands between them is shown with both or none.
function writtenAs(bytes: Buffer, { start, end }: TreeRecord): string {
  const text = bytes.toString('utf8', start, end);
  const bare = text.replace(/"(?:\\.|[^"\\])*"|`[^`]*`/g, '');
  const open = bare.split('(').length - bare.split(')').length;
  const before = bytes.toString('utf8', 0, start);
  const after = bytes.toString('utf8', end);
  if (open > 0) return text + (after.match(/\)/g)?.slice(0, open).join('') ?? '');
  return (before.match(/\(/g)?.slice(0, -open).join('') ?? '') + text;
}

function kindText({ kind, name }: TreeRecord): string {
  return kind === 'operator' || kind === 'function' ? `${kind} ${name}` : kind;
}

function outcomeText(tree: TreeRecord): string {
  if (tree.error !== undefined) return `error: ${tree.error}`;
  if (tree.absent === true) return 'absent';
  return tree.value === undefined ? 'not evaluated' : valueText(tree.type, tree.value);
}

/** A value as a person writes it: texts in quotes, never more of them than can be read. */
export function valueText(type: string, value: string): string {
  const cut =
    value.length > VALUE_SIZE_SHOWN_MAX ? `${value.slice(0, VALUE_SIZE_SHOWN_MAX)}…` : value;
  return ['STRING', 'URI', 'DNS_NAME', 'EMAIL_ADDRESS'].includes(type)
    ? JSON.stringify(cut)
    : cut.replace(/[\p{Cc}]/gu, ' ');
}

/** What an evaluation looked up, one a line. */
export function showReferences(references: readonly ReferenceRecord[]): string {
  return references
    .map(({ name, key, present }) => {
      const place = key === undefined ? name : `${name}[${JSON.stringify(key)}]`;
      return `${INDENT}${place}  ${present ? 'present' : 'absent'}\n`;
    })
    .join('');
}

/** Offsets in bytes of UTF-8 as offsets in the string; all of it where nothing is known. */
function spanOf(
  text: string,
  startBytes: number,
  endBytes: number,
): { start: number; end: number } {
  if (startBytes < 0) return { start: 0, end: text.length };
  const bytes = Buffer.from(text);
  const start = bytes.toString('utf8', 0, startBytes).length;
  return { start, end: bytes.toString('utf8', 0, endBytes).length };
}
