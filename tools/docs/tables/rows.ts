// The tables of assembly/shared as records: attributes, functions, templates, types, limits, diagnostics, statistics,
// instructions. Each row's comment comes with it.

import { join } from 'node:path';
import { Constants } from '../constants.ts';
import { SourceText, type Doc, type Named, type Row } from '../source.ts';

export interface AttributeEntry {
  readonly name: string;
  readonly type: string;
  readonly phases: string;
  readonly source: string;
  readonly fallback: string;
  /** Whether every HTTP request has it. */
  readonly isAlwaysPresent: boolean;
  readonly doc: Doc;
}

export interface FunctionEntry {
  readonly name: string;
  readonly receiver: string;
  readonly parameters: readonly string[];
  readonly result: string;
  /** What `T` may be. */
  readonly types: readonly string[];
  readonly flags: string;
  readonly cost: string;
  readonly doc: Doc;
}

export interface TemplateEntry {
  readonly name: string;
  /** `check`, `quota` or `report`. */
  readonly variety: string;
  readonly doc: Doc;
}

export interface NumberEntry {
  readonly name: string;
  readonly value: number;
  readonly doc: Doc;
}

export interface DiagnosticEntry {
  /** Such as `E0301`. */
  readonly code: string;
  readonly number: number;
  readonly name: string;
  readonly message: string;
  readonly doc: Doc;
}

export interface StatisticEntry {
  readonly constant: string;
  readonly name: string;
  readonly doc: Doc;
}

const WARNINGS_FROM = 900;

/** The tables below one project's assembly/shared. */
export class SharedTables {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  attributes(): AttributeEntry[] {
    return shareComments(this.#source('attributes').rows('ATTRIBUTE_ROWS')).map(({ text, doc }) => {
      const [name = '', type = '', phases = '', source = '', fallback = '', always = ''] =
        text.split('|');
      const isAlwaysPresent = always !== '' || fallback !== '';
      return { name, type, phases, source, fallback, isAlwaysPresent, doc };
    });
  }

  functions(): FunctionEntry[] {
    return this.#source('functions')
      .rows('FUNCTION_ROWS')
      .map(({ text, doc }) => {
        const [
          name = '',
          receiver = '',
          parameters = '',
          result = '',
          types = '',
          flags = '',
          cost = '',
        ] = text.split('|');
        return {
          name,
          receiver,
          parameters: list(parameters),
          result,
          types: list(types),
          flags,
          cost,
          doc,
        };
      });
  }

  celFunctions(): Row[] {
    return this.#source('cel-functions').rows('CEL_FUNCTION_ROWS');
  }

  templates(): TemplateEntry[] {
    const source = this.#source('templates');
    const names = source.rows('TEMPLATE_NAMES').map(({ text }) => text);
    const varieties = source.variable('TEMPLATE_VARIETIES')?.getText() ?? '';
    const variety = [...varieties.matchAll(/Variety\.(\w+)/g)].map(([, word = '']) => word);
    const docs = source.members('Template').filter(({ name }) => name !== 'None');
    return names.map((name, index) => ({
      name,
      variety: (variety[index] ?? '').toLowerCase(),
      doc: docs[index]?.doc ?? { text: '', examples: [] },
    }));
  }

  /** Types that an attribute may have, by Mixer's names. */
  attributeTypes(): string[] {
    const source = this.#source('types');
    const names = source.rows('VALUE_TYPE_NAMES').map(({ text }) => text);
    return names.slice(1, names.indexOf('STRING_MAP') + 1);
  }

  limits(): NumberEntry[] {
    const source = this.#source('limits');
    const constants = new Constants(source);
    return source
      .constants()
      .map(({ name, doc, value }) => ({ name, doc, value: value ? constants.number(value) : 0 }));
  }

  diagnostics(): DiagnosticEntry[] {
    const rows = this.#source('diagnostic-messages').rows('DIAGNOSTIC_MESSAGES');
    const messages = new Map(rows.map(({ text }) => [Number(text.slice(0, 3)), text.slice(4)]));
    return this.#members('diagnostics', 'DiagnosticCode').map(({ name, value, doc }) => ({
      code: `${value >= WARNINGS_FROM ? 'W' : 'E'}${String(value).padStart(4, '0')}`,
      number: value,
      name,
      message: messages.get(value) ?? '',
      doc,
    }));
  }

  statistics(): StatisticEntry[] {
    return this.#source('statistics')
      .constants()
      .filter(({ name, value }) => name.startsWith('METRIC_') && value?.getText().startsWith('"'))
      .map(({ name, value, doc }) => ({
        constant: name,
        name: value!.getText().slice(1, -1),
        doc,
      }));
  }

  instructions(): NumberEntry[] {
    return this.#members('opcodes', 'Op');
  }

  phases(): Named[] {
    return this.#source('phases').members('Phase');
  }

  document(): Row[] {
    return this.#source('document').rows('DOCUMENT_ROWS');
  }

  #members(file: string, name: string): NumberEntry[] {
    const source = this.#source(file);
    const constants = new Constants(source);
    return source.members(name).map(({ name: member, doc, value }) => ({
      name: member,
      doc,
      value: value ? constants.number(value) : 0,
    }));
  }

  #source(file: string): SourceText {
    return new SourceText(join(this.#root, 'assembly/shared', `${file}.ts`));
  }
}

/** Rows without a comment of their own share the one above. */
function shareComments(rows: readonly Row[]): Row[] {
  let doc = rows[0]?.doc ?? { text: '', examples: [] };
  return rows.map((row) => {
    if (row.doc.text !== '') doc = row.doc;
    return { ...row, doc };
  });
}

function list(text: string): string[] {
  return text === '' ? [] : text.split(',');
}
