// The expressions of one rule as the document has them: its conditions, and the instances that it names.

import type { PhaseName } from './records.ts';

export interface NamedExpression {
  readonly name: string;
  readonly text: string;
  readonly phase: PhaseName;
  readonly isCondition: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** Every expression of the rule; null where the document has no rule of that name. */
export function expressionsOfRule(json: string, name: string): NamedExpression[] | null {
  const document = JSON.parse(json) as Fields;
  const rule = listOf(document['rules']).find((each) => each['name'] === name);
  if (rule === undefined) return null;
  const conditions = ['match', 'unless'].flatMap((field) =>
    expressionIn(rule[field], `rule ${name} ${field}`, true),
  );
  const instances = listOf(rule['actions']).flatMap((action) =>
    (Array.isArray(action['instances']) ? (action['instances'] as unknown[]) : []).map((given) =>
      typeof given === 'string' ? instanceNamed(document, given) : (given as Fields),
    ),
  );
  const fields = instances.flatMap((instance) =>
    fieldsOf(instance?.['params'], `instance ${nameOf(instance)}`),
  );
  return [...conditions, ...fields];
}

/** The source text of a rule's condition; "" where it has none. */
export function conditionOf(json: string, name: string, field: 'match' | 'unless'): string {
  const rule = listOf((JSON.parse(json) as Fields)['rules']).find((each) => each['name'] === name);
  const text = rule?.[field];
  return typeof text === 'string' ? text : '';
}

function nameOf(instance: Fields | undefined): string {
  const name = instance?.['name'];
  return typeof name === 'string' ? name : 'in the action';
}

function instanceNamed(document: Fields, name: string): Fields | undefined {
  return listOf(document['instances']).find((each) => each['name'] === name);
}

/** Values and dimensions are expressions; templates and literals are not explained. */
function fieldsOf(params: unknown, owner: string): NamedExpression[] {
  if (!isFields(params)) return [];
  return Object.entries(params).flatMap(([field, value]) => {
    if (field === 'value') return expressionIn(value, `${owner} ${field}`, false);
    if (!['dimensions', 'variables'].includes(field) || !isFields(value)) return [];
    return Object.entries(value).flatMap(([name, expression]) =>
      expressionIn(expression, `${owner} ${field}.${name}`, false),
    );
  });
}

function expressionIn(value: unknown, name: string, isCondition: boolean): NamedExpression[] {
  if (typeof value !== 'string' || value === '') return [];
  return [{ name, text: value, phase: isCondition ? 'request' : 'any', isCondition }];
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? (value as unknown[]).filter(isFields) : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
