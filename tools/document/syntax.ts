// What the YAML library says of a broken text, for the person who wrote it: the first place where the structure is
// lost, not what only follows from it, and how an expression is written so that YAML leaves it alone.

import type { ErrorCode } from 'yaml';

/** Something that is wrong with the file before it is a document at all. */
export interface SyntaxProblem {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  /** What should stand there; left out where the message says it. */
  readonly expected?: string;
}

/** What the library says; errors and warnings alike. */
interface LibraryError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly pos: readonly [start: number, end: number];
}

/** Behind an error of these kinds the parser no longer knows where it is: what it says next misleads. */
const LOST: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'BAD_INDENT',
  'BLOCK_AS_IMPLICIT_KEY',
  'MULTILINE_IMPLICIT_KEY',
  'UNEXPECTED_TOKEN',
]);

/** A value was complete, and yet something followed. */
const STOPPED = /at node end$|between flow sequence items$/;

const BRACKETS =
  'quotes around an expression with [ ] or { } inside of them: \'request.headers["x-user"]\'';
const BEHIND_QUOTE =
  'quotes around the whole expression, where it begins with one: \'"gold" == plan\'';
const COLON = 'quotes around a value that has a colon and a blank: \'key == "a: b"\'';
const FIRST_CHARACTER = "quotes around a value that begins with such a character: '@every'";

/** The problems of one parsed text, in its order. */
export function syntaxProblems(errors: readonly LibraryError[], text: string): SyntaxProblem[] {
  const lost = errors.findIndex(({ code }) => LOST.has(code));
  const shown = lost < 0 ? errors : errors.slice(0, lost + 1);
  return shown.map(({ code, message, pos }) => {
    // What is missing at the end is expected one behind it.
    const [start, end] = pos.map((offset) => Math.min(offset, text.length)) as [number, number];
    const expected = adviceFor(
      code,
      message,
      text.slice(0, start).trimEnd().slice(-1),
      text[start],
    );
    return { start, end, message, ...(expected === '' ? {} : { expected }) };
  });
}

function adviceFor(
  code: ErrorCode,
  message: string,
  before: string,
  found: string | undefined,
): string {
  switch (code) {
    case 'UNEXPECTED_TOKEN':
    case 'MISSING_CHAR':
      if (!STOPPED.test(message)) return '';
      if (found === '[' || found === '{') return BRACKETS;
      return before === '"' || before === "'" ? BEHIND_QUOTE : '';
    case 'BLOCK_AS_IMPLICIT_KEY':
      return message.startsWith('Nested mappings') ? COLON : '';
    case 'BAD_SCALAR_START':
    case 'TAG_RESOLVE_FAILED':
      return FIRST_CHARACTER;
    default:
      return '';
  }
}
