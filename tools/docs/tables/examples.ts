// Examples of diagnostics: a wrong and a right piece of a document for each code, and the whole documents that a test
// makes of them.

import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** What a piece is: a whole document, JSON text, a rule, a condition, or parameters of an adapter. */
type Form = 'document' | 'json' | 'rule' | 'match' | 'params';

export interface DiagnosticExample {
  readonly code: string;
  readonly form: Form;
  readonly wrong: string | undefined;
  readonly right: string | undefined;
  /** Why there is no example. */
  readonly why: string | undefined;
  /** The filter does not give the code yet. */
  readonly isPending: boolean;
  readonly language: string;
  /** The JSON text of a document with one of the pieces. */
  readonly jsonOf: (which: 'wrong' | 'right') => string;
}

interface Entry {
  readonly code: string;
  readonly form?: Form;
  readonly adapter?: string;
  readonly wrong?: string;
  readonly right?: string;
  readonly why?: string;
  readonly pending?: boolean;
}

const LANGUAGES: Readonly<Record<Form, string>> = {
  document: 'yaml',
  rule: 'yaml',
  params: 'yaml',
  json: 'json',
  match: 'text',
};

/** The examples of a file, by the number of the code: the letter is the severity, which the filter chooses. */
export function readExamples(file: string): Map<number, DiagnosticExample> {
  const entries = parse(readFileSync(file, 'utf8')) as Entry[];
  return new Map(entries.map((entry) => [Number(entry.code.slice(1)), example(entry)]));
}

function example(entry: Entry): DiagnosticExample {
  const { code, form = 'document', wrong, right, why, pending: isPending = false } = entry;
  return {
    code,
    form,
    wrong,
    right,
    why,
    isPending,
    language: LANGUAGES[form],
    jsonOf: (which) => json(entry, (which === 'wrong' ? wrong : right) ?? ''),
  };
}

function json({ form = 'document', adapter = 'noop' }: Entry, text: string): string {
  if (form === 'json') return text.trimEnd();
  const piece: unknown = form === 'match' ? text.trimEnd() : parse(text, { uniqueKeys: false });
  return JSON.stringify(whole(form, piece, adapter));
}

function whole(form: Form, piece: unknown, adapter: string): unknown {
  const actions = [{ handler: { adapter: 'noop' } }];
  switch (form) {
    case 'match':
      return { rules: [{ name: 'example', match: piece, actions }] };
    case 'rule':
      return { rules: [piece] };
    case 'params':
      return { rules: [{ name: 'example', actions: [{ handler: { adapter, params: piece } }] }] };
    default:
      return piece;
  }
}
