// An adapter's parameters, read from their declaration in config.ts: one field initialiser for each. What each method
// of Params means is known here; how it is shown or checked is not.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { Constants } from '../constants.ts';
import { SourceText } from '../source.ts';

export type ParamKind =
  | 'bool'
  | 'int'
  | 'double'
  | 'duration'
  | 'text'
  | 'choice'
  | 'status'
  | 'textList'
  | 'textMap'
  | 'doubleList'
  | 'object'
  | 'objectList'
  | 'objectMap'
  | 'other';

export interface Param {
  readonly name: string;
  readonly kind: ParamKind;
  readonly text: string;
  readonly isRequired: boolean;
  readonly isSecret: boolean;
  /** The default as the declaration gives it; a duration's in nanoseconds. */
  readonly fallback?: number | string | boolean;
  readonly min?: number;
  readonly max?: number;
  readonly words?: readonly string[];
  /** Fields of a nested object. */
  readonly nested?: ParamGroup;
}

/** The parameters of one object. */
export interface ParamGroup {
  readonly className: string;
  readonly text: string;
  readonly params: readonly Param[];
  /** Groups of names of which at most one may be given. */
  readonly oneOf: readonly (readonly string[])[];
  /** Names that are refused as not yet supported. */
  readonly notYet: readonly string[];
}

/** Where the text says what it means to leave a field out, the value that stands there then is no default. */
const TELLS_ABSENCE = /\bleft out(?: =|:|,)/;

const EMPTY: ParamGroup = { className: 'Params', text: '', params: [], oneOf: [], notYet: [] };

/** The parameters that `config.ts` declares for the class; none where there is no such file. */
export function readParams(file: string, className: string): ParamGroup {
  if (!existsSync(file) || className === 'Params') return EMPTY;
  return new ParamReader(new SourceText(file)).group(className);
}

class ParamReader {
  readonly #source: SourceText;
  readonly #constants: Constants;

  constructor(source: SourceText) {
    this.#source = source;
    this.#constants = new Constants(source);
  }

  group(className: string): ParamGroup {
    const found = this.#source.classes().find(({ name }) => name?.text === className);
    if (found === undefined) return this.#imported(className);
    const base = found.heritageClauses?.[0]?.types[0]?.expression.getText() ?? 'Params';
    const inherited = base === 'Params' ? EMPTY : this.group(base);
    const calls = found.members.flatMap((member) => declarationOf(member));
    const params = calls.flatMap(({ member, call, isRequired }) =>
      this.#param(member, call, isRequired),
    );
    const all = [...inherited.params, ...params];
    const namesOf = (method: string): string[][] =>
      calls
        .filter(({ call }) => methodOf(call) === method)
        .map(({ call }) => this.#names(call, all, found));
    return {
      className,
      text: this.#source.doc(found).text,
      params: all,
      oneOf: [...inherited.oneOf, ...namesOf('oneOf')],
      notYet: [...inherited.notYet, ...namesOf('notYet').flat()],
    };
  }

  /** A class of another file of the adapter. */
  #imported(className: string): ParamGroup {
    const file = importOf(this.#source, className);
    if (file === undefined) throw new Error(`${this.#source.tree.fileName}: no class ${className}`);
    return readParams(file, className);
  }

  #param(member: ts.ClassElement, call: ts.CallExpression, isRequired: boolean): Param[] {
    const method = methodOf(call);
    if (!method.endsWith('Field')) return [];
    const [nameNode, ...rest] = call.arguments;
    if (nameNode === undefined) return [];
    const kind = KINDS[method] ?? 'other';
    const base = {
      name: String(this.#constants.value(nameNode)),
      kind,
      text: this.#source.doc(member).text,
      isRequired,
      isSecret: false,
    };
    const { fallback, ...details } = this.#details(kind, rest, call);
    const hasDefault = fallback !== undefined && !TELLS_ABSENCE.test(base.text);
    return [{ ...base, ...details, ...(hasDefault && { fallback }) }];
  }

  #details(
    kind: ParamKind,
    rest: readonly ts.Expression[],
    call: ts.CallExpression,
  ): Partial<Param> {
    const value = (index: number): number | string | boolean =>
      this.#constants.value(rest[index]!) as number | string | boolean;
    switch (kind) {
      case 'bool':
      case 'status':
        return { fallback: kind === 'status' ? this.#codeName(rest[0]!) : value(0) };
      case 'int':
      case 'double':
      case 'duration':
        return { fallback: value(0), min: Number(value(1)), max: Number(value(2)) };
      case 'text':
        return { fallback: value(0), isSecret: rest[1] !== undefined && value(1) === true };
      case 'choice':
        return this.#choice(rest);
      case 'doubleList':
        return { min: Number(value(0)), max: Number(value(1)) };
      case 'object':
      case 'objectList':
      case 'objectMap':
        return { nested: this.group(call.typeArguments?.[0]?.getText() ?? newClass(rest[0])) };
      default:
        return {};
    }
  }

  #choice(rest: readonly ts.Expression[]): Partial<Param> {
    const [fallback, words, numbers] = rest.map((node) => this.#constants.value(node));
    const names = words as readonly string[];
    const index = (numbers as readonly number[]).indexOf(Number(fallback));
    return { words: names, ...(index >= 0 && { fallback: names[index]! }) };
  }

  /** `Code.FailedPrecondition` as `FAILED_PRECONDITION`. */
  #codeName(node: ts.Expression): string {
    const name = ts.isPropertyAccessExpression(node) ? node.name.text : node.getText();
    return name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
  }

  /** Names of fields in a list: texts as they are, `this.x` by what x declares. */
  #names(call: ts.CallExpression, params: readonly Param[], owner: ts.ClassDeclaration): string[] {
    const list = call.arguments[0];
    if (list === undefined || !ts.isArrayLiteralExpression(list)) return [];
    return list.elements.map((element) => {
      if (!ts.isPropertyAccessExpression(element)) return String(this.#constants.value(element));
      const member = owner.members.find(({ name }) => name?.getText() === element.name.text);
      const declared =
        member === undefined ? undefined : declarationOf(member)[0]?.call.arguments[0];
      const name =
        declared === undefined ? element.name.text : String(this.#constants.value(declared));
      return params.find((param) => param.name === name)?.name ?? name;
    });
  }
}

const KINDS: Readonly<Record<string, ParamKind>> = {
  boolField: 'bool',
  intField: 'int',
  doubleField: 'double',
  durationField: 'duration',
  textField: 'text',
  choiceField: 'choice',
  statusField: 'status',
  textListField: 'textList',
  textMapField: 'textMap',
  doubleListField: 'doubleList',
  objectField: 'object',
  objectListField: 'objectList',
  objectMapField: 'objectMap',
};

interface Declaration {
  readonly member: ts.ClassElement;
  readonly call: ts.CallExpression;
  readonly isRequired: boolean;
}

/** `this.xField(…)`, perhaps inside `this.required(…)`, as the initialiser of a property. */
function declarationOf(member: ts.ClassElement): Declaration[] {
  if (!ts.isPropertyDeclaration(member) || member.initializer === undefined) return [];
  const outer = member.initializer;
  if (!ts.isCallExpression(outer) || !outer.expression.getText().startsWith('this.')) return [];
  const isRequired = methodOf(outer) === 'required';
  const inner = isRequired ? outer.arguments[0] : outer;
  if (inner === undefined || !ts.isCallExpression(inner)) return [];
  return [{ member, call: inner, isRequired }];
}

function methodOf(call: ts.CallExpression): string {
  return ts.isPropertyAccessExpression(call.expression) ? call.expression.name.text : '';
}

/** The file from which a class is imported; undefined: from nowhere in this folder. */
function importOf(source: SourceText, className: string): string | undefined {
  const from = source.tree.statements.find(
    (statement): statement is ts.ImportDeclaration =>
      ts.isImportDeclaration(statement) &&
      new RegExp(`\\b${className}\\b`).test(statement.importClause?.getText() ?? ''),
  );
  const module = from?.moduleSpecifier.getText().slice(1, -1) ?? '';
  return module.startsWith('./') ? join(dirname(source.tree.fileName), `${module}.ts`) : undefined;
}

function newClass(node: ts.Expression | undefined): string {
  return node !== undefined && ts.isNewExpression(node) ? node.expression.getText() : 'Params';
}
