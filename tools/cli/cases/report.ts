// Cases for a person: what is wrong in their files, and what differed, each with its place, a caret and both values.
// Used by `mixer test` and by the project's own tests.

import type { DocumentFile, Span } from '../../document/document.ts';
import type { CasesFile, LoadedCase } from '../../cases/read.ts';
import type { CaseResult } from '../../cases/run.ts';
import type { Difference } from '../../cases/types.ts';
import { excerpt } from '../excerpt.ts';
import type { Colors } from '../output.ts';
import { showDiagnostic, syntaxDiagnostics } from '../diagnostics.ts';

const LINES_SHOWN_MAX = 12;
const TRACE_LINES_MAX = 100;

/** Everything that is wrong in a file of cases; empty where nothing is. */
export function problemsText({ file, problems }: CasesFile, colors: Colors): string {
  const syntax = syntaxDiagnostics(file).map((each) => showDiagnostic(file, each, colors));
  const content = problems.map(({ pointer, isKey, message, expected, suggestion }) => {
    const span = file.locate({ pointer, isKey });
    const note = suggestion === '' ? '' : `did you mean \`${suggestion}\`?`;
    const lines = [
      `${place(file, span, colors)} ${message}`,
      excerpt(file.source, span, note, colors),
    ];
    if (expected !== '') lines.push(`  expected ${expected}`);
    return `${lines.join('\n')}\n`;
  });
  return [...syntax, ...content].join('');
}

/** A case that failed: its name, each difference, and the last host calls where they were recorded. */
export function failureText({ each, host, outcome }: CaseResult, colors: Colors): string {
  const head = `${colors.red('✗')} ${colors.bold(titleOf(each))} ${colors.dim(`(${host})`)}`;
  const parts = [
    head,
    ...outcome.differences.map((found) => differenceText(each.file, found, colors)),
  ];
  if (outcome.trace !== '') parts.push(traceText(outcome.trace, colors));
  return parts.join('\n');
}

/** The name under which a case is counted. */
export function titleOf({ group, name }: LoadedCase): string {
  return `${group}: ${name}`;
}

function differenceText(file: DocumentFile, found: Difference, colors: Colors): string {
  const span = file.locate({ pointer: found.pointer });
  return [
    `  ${place(file, span, colors)} ${found.what}`,
    excerpt(file.source, span, '', colors),
    ...sides(found, colors),
  ].join('\n');
}

/** Both values; of two lines the first character that differs is marked. */
function sides({ wanted, got }: Difference, colors: Colors): string[] {
  const lines = [
    ...labelled('expected', wanted, colors.green),
    ...labelled('got', got, colors.red),
  ];
  const at = firstDifference(wanted, got);
  if (wanted.includes('\n') || got.includes('\n') || at < 4) return lines;
  return [...lines, `    ${' '.repeat(9 + at)}${colors.red('^')}`];
}

function labelled(label: string, text: string, paint: (text: string) => string): string[] {
  const [first = '', ...rest] = text.split('\n');
  const shown = rest.slice(0, LINES_SHOWN_MAX).map((line) => `             ${paint(line)}`);
  const more = rest.length - LINES_SHOWN_MAX;
  const end = more > 0 ? [`             … ${more} more lines`] : [];
  return [`    ${label.padEnd(8)} ${paint(first)}`, ...shown, ...end];
}

function firstDifference(left: string, right: string): number {
  let at = 0;
  while (at < left.length && at < right.length && left[at] === right[at]) at++;
  return at;
}

function traceText(trace: string, colors: Colors): string {
  const lines = trace.split('\n');
  const left = lines.length - TRACE_LINES_MAX;
  const more = left > 0 ? [`    … ${left} earlier calls`] : [];
  const shown = lines.slice(-TRACE_LINES_MAX).map((line) => `    ${line}`);
  return [`  ${colors.bold('the host calls')}`, ...more, ...shown].join('\n');
}

function place(file: DocumentFile, span: Span, colors: Colors): string {
  const { line, column } = file.source.position(span.start);
  return colors.bold(`${file.source.name}:${line}:${column}:`);
}
