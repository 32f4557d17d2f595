// What is wrong with a document, shown over the file that the user wrote (YAML or JSON), in the
// form that the filter uses for its own log: one line that can be searched for, the place, the
// source line with carets, and what was expected.

import { findWorkspace, linkableAdapters } from '../build/workspace.ts';
import type { DocumentFile, Span, UnreadableFile } from '../document/document.ts';
import { BESIDE, insteadOf } from '../document/mixer-names.ts';
import { SourceText, type Position } from '../document/source.ts';
import { CALLER, peersOf } from '../render/callers.ts';
import type { Diagnostic, DiagnosticPlace } from '../render/describe.ts';
import { excerpt } from './excerpt.ts';
import { expressionHint } from './expression-hints.ts';
import type { Colors } from './output.ts';

/** A diagnostic with its position in the file, for machines. */
export interface PlacedDiagnostic {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly pointer: string;
  readonly owner: string;
  readonly expected: string;
  readonly suggestion: string;
}

/** What is shown of a diagnostic; the parts of the file that are hidden are shown as `*`. */
export interface ShownDiagnostic {
  readonly diagnostic: PlacedDiagnostic;
  readonly span: Span;
  readonly related?: string;
  readonly hidden?: readonly Span[];
}

/** The code of everything that is wrong before the text is a document. */
const SYNTAX_CODE = 'E0100';

const UNKNOWN_ADAPTER = 'E0404';
const CAN_BE_ABSENT = 'W0901';
/** Words of `peers` by which an inbound listener knows who calls. */
const KNOWN_BY: ReadonlySet<string> = new Set(['HEADERS', 'FILTER_STATE']);

/** Problems of the file's syntax, as diagnostics like any other. */
export function syntaxDiagnostics(
  file: DocumentFile,
): { readonly diagnostic: PlacedDiagnostic; readonly span: Span }[] {
  return file.problems.map((problem) => ({
    diagnostic: {
      ...placed(file, problem),
      code: SYNTAX_CODE,
      severity: 'error',
      message: problem.message.replace(/\.$/, ''),
      pointer: '',
      owner: '',
      expected: problem.expected ?? '',
      suggestion: '',
    },
    span: problem,
  }));
}

/** A file that cannot be read, as a diagnostic like any other, at its first character. */
export function unreadableDiagnostic({ file, problem }: UnreadableFile): PlacedDiagnostic {
  const nowhere = { pointer: '', owner: '', expected: '', suggestion: '' };
  const place = { file, line: 1, column: 1 };
  return { ...place, code: SYNTAX_CODE, severity: 'error', message: problem, ...nowhere };
}

/** The diagnostics of the filter, with their places in the file. */
export function placeDiagnostics(
  file: DocumentFile,
  diagnostics: readonly Diagnostic[],
  secrets: readonly string[] = [],
): (ShownDiagnostic & { readonly related: string })[] {
  const hidden = secrets.map((pointer) => file.locate({ pointer, isKey: false }));
  return diagnostics.map((each) => {
    const span = locate(file, each);
    const diagnostic: PlacedDiagnostic = {
      ...placed(file, span),
      code: each.code,
      severity: each.severity,
      message: each.message,
      pointer: each.pointer,
      owner: each.owner,
      expected: expectedAt(file, each, wordAt(file, span)),
      suggestion: each.suggestion,
    };
    return {
      diagnostic,
      span,
      hidden,
      related: each.related === undefined ? '' : relatedText(file, each.related),
    };
  });
}

/** One diagnostic as text, ending in a line end. */
export function showDiagnostic(
  file: { readonly source: SourceText },
  shown: ShownDiagnostic,
  colors: Colors,
): string {
  const { diagnostic, span, related = '', hidden = [] } = shown;
  const { line, column, code, message, pointer, owner, expected, suggestion } = diagnostic;
  const paint = diagnostic.severity === 'error' ? colors.red : colors.yellow;
  const lines = [
    `${colors.bold(`${file.source.name}:${line}:${column}:`)} ${paint(code)} ${message}`,
  ];
  if (pointer !== '' || owner !== '')
    lines.push(`  at ${pointer || '/'}${owner === '' ? '' : ` (${owner})`}`);
  lines.push(
    excerpt(
      masked(file.source, hidden),
      span,
      suggestion === '' ? '' : `did you mean \`${suggestion}\`?`,
      colors,
    ),
  );
  if (related !== '') lines.push(`  see ${related}`);
  if (expected !== '') lines.push(`  expected ${expected}`);
  return `${lines.join('\n')}\n`;
}

/** The same text, as long as before, without the secrets. */
function masked(source: SourceText, hidden: readonly Span[]): SourceText {
  if (hidden.length === 0) return source;
  let text = '';
  let at = 0;
  for (const { start, end } of [...hidden].sort((left, right) => left.start - right.start)) {
    if (start < at) continue;
    const secret = source.text.slice(start, end);
    text += source.text.slice(at, start) + secret.replace(/[^\r\n]/g, '*');
    at = end;
  }
  return new SourceText(source.name, text + source.text.slice(at));
}

function locate(file: DocumentFile, place: DiagnosticPlace): Span {
  const jsonOffset =
    place.line === 1 && place.column !== undefined
      ? unitOfColumn(file.json, place.column)
      : undefined;
  return file.locate({
    pointer: place.pointer,
    isKey: place.key,
    ...(place.offset < 0 ? {} : { offsetBytes: place.offset, sizeBytes: place.size }),
    ...(jsonOffset === undefined ? {} : { jsonOffset }),
  });
}

function relatedText(file: DocumentFile, place: DiagnosticPlace): string {
  const { line, column } = file.source.position(locate(file, place).start);
  return `${line}:${column} (${place.pointer || '/'})`;
}

/** What was expected; for names of Mixer's what is there in their place. */
function expectedAt(file: DocumentFile, each: Diagnostic, word: string): string {
  const { code, expected } = each;
  if (code === UNKNOWN_ADAPTER && isLinkable(word)) {
    const linked = expected.replace(/^one of /, '');
    return `a filter with it, which \`mixer build --for\` makes; this one has ${linked}`;
  }
  const instead = insteadOf(code, word) ?? expressionHint(code, word, expected);
  if (instead !== null) return instead;
  if (code === UNKNOWN_ADAPTER && each.suggestion === '') return `${expected}; ${BESIDE}`;
  if (code !== CAN_BE_ABSENT || CALLER.exec(word)?.index !== 0) return expected;
  if (KNOWN_BY.has(peersOf(JSON.parse(file.json)))) return expected;
  return `${expected}, which on an inbound listener is all of them while the document has no \`peers\``;
}

/** Whether a build here could link an adapter of this name. */
function isLinkable(adapter: string): boolean {
  return linkableAdapters(findWorkspace()).some(({ name }) => name === adapter);
}

/** The name at a place, without its quotes. */
function wordAt(file: DocumentFile, span: Span): string {
  return file.source.text.slice(span.start, span.end).replace(/^(["'])(.*)\1$/, '$2');
}

function placed(file: DocumentFile, span: Span): Position & { readonly file: string } {
  return { file: file.source.name, ...file.source.position(span.start) };
}

/** Columns count code points, JavaScript's strings count UTF-16 units. */
function unitOfColumn(text: string, column: number): number {
  let units = 0;
  let left = column - 1;
  for (const character of text) {
    if (left-- <= 0) break;
    units += character.length;
  }
  return units;
}
