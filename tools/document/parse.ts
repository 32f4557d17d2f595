// From text to YAML documents, bounded: the parser below walks trees by recursion, so that nesting is counted here
// first, token by token. A text that is too deep or too large is a problem like any other, never a crash.

import { Composer, CST, Lexer, Parser, type Document } from 'yaml';

import { DIAGNOSTIC_COUNT_MAX, DOCUMENT_SIZE_MAX_BYTES } from '../../assembly/shared/limits.ts';
import { syntaxProblems, type SyntaxProblem } from './syntax.ts';

export interface Parsed {
  readonly documents: readonly Document.Parsed[];
  readonly problems: readonly SyntaxProblem[];
}

/** Open collections at one place; the filter's own limit is far below. */
export const YAML_DEPTH_MAX = 400;

const OPTIONS = {
  uniqueKeys: false,
  intAsBigInt: true,
  keepSourceTokens: true,
  prettyErrors: false,
  stringKeys: false,
  logLevel: 'silent',
} as const;

/** Every document of a text, and everything that is wrong with its syntax. */
export function parseYaml(text: string): Parsed {
  if (text.length > DOCUMENT_SIZE_MAX_BYTES)
    return refused(0, `larger than ${DOCUMENT_SIZE_MAX_BYTES} bytes`);
  const { tokens, tooDeepAt } = tokensOf(text);
  if (tooDeepAt !== null) return refused(tooDeepAt, `nested deeper than ${YAML_DEPTH_MAX} levels`);
  const composer = new Composer(OPTIONS);
  const documents = [...composer.compose(tokens, false, text.length)] as Document.Parsed[];
  const problems = syntaxProblems(
    documents.flatMap(({ errors, warnings }) => [...errors, ...warnings]),
    text,
  );
  return { documents, problems: bounded(problems) };
}

// One slip can make thousands of errors, and none after the first hundred helps anybody.
function bounded(problems: readonly SyntaxProblem[]): SyntaxProblem[] {
  const more = problems.length - DIAGNOSTIC_COUNT_MAX;
  if (more <= 0) return [...problems];
  const start = problems[DIAGNOSTIC_COUNT_MAX]?.start ?? 0;
  const rest = { start, end: start, message: `${more} more not shown` };
  return [...problems.slice(0, DIAGNOSTIC_COUNT_MAX), rest];
}

function refused(offset: number, message: string): Parsed {
  return { documents: [], problems: [{ start: offset, end: offset, message }] };
}

function tokensOf(text: string): { tokens: CST.Token[]; tooDeepAt: number | null } {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > YAML_DEPTH_MAX) return { tokens, tooDeepAt: parser.offset };
  }
  tokens.push(...parser.end());
  return { tokens, tooDeepAt: null };
}
