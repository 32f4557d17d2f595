// The expressions of one rule as the document has them: its conditions, and the instances that it names.

import { isFields, listOf, type Fields } from '../../document/fields.ts';
import { LANGUAGE_NAMES, type LanguageName, type PhaseName } from './records.ts';

export interface NamedExpression {
  readonly name: string;
  readonly text: string;
  readonly phase: PhaseName;
  readonly isCondition: boolean;
  readonly language: LanguageName;
}

/** Every expression of the rule; null where the document has no rule of that name. */
export function expressionsOfRule(json: string, name: string): NamedExpression[] | null {
  const document = JSON.parse(json) as Fields;
  const rule = listOf(document, 'rules').find((each) => each['name'] === name);
  if (rule === undefined) return null;
  const outer = languageOf(document);
  const own = languageOf(rule, outer);
  const conditions = ['match', 'unless'].flatMap((field) =>
    expressionIn(rule[field], { name: `rule ${name} ${field}`, isCondition: true, language: own }),
  );
  const instances = listOf(rule, 'actions').flatMap((action) =>
    (Array.isArray(action['instances']) ? (action['instances'] as unknown[]) : []).map((given) =>
      typeof given === 'string' ? instanceNamed(document, given) : (given as Fields),
    ),
  );
  const fields = instances.flatMap((instance) =>
    fieldsOf(
      instance?.['params'],
      `instance ${nameOf(instance)}`,
      instance === undefined ? outer : languageOf(instance, outer),
    ),
  );
  return [...conditions, ...fields];
}

/** The names of a document's rules, in its order. */
export function rulesOf(json: string): string[] {
  return listOf(JSON.parse(json), 'rules').map(nameOf);
}

/** The language that an object names, else that of what it stands in. */
function languageOf(fields: Fields, outer: LanguageName = 'CEXL'): LanguageName {
  return LANGUAGE_NAMES.find((name) => name === fields['language']) ?? outer;
}

/** The language of a document's expressions. */
export function documentLanguage(json: string): LanguageName {
  return languageOf(JSON.parse(json) as Fields);
}

/** The source text of a rule's condition; "" where it has none. */
export function conditionOf(json: string, name: string, field: 'match' | 'unless'): string {
  const rule = listOf(JSON.parse(json), 'rules').find((each) => each['name'] === name);
  const given = rule?.[field];
  const text = isFields(given) ? given['expression'] : given;
  return typeof text === 'string' ? text : '';
}

function nameOf(instance: Fields | undefined): string {
  const name = instance?.['name'];
  return typeof name === 'string' ? name : 'in the action';
}

function instanceNamed(document: Fields, name: string): Fields | undefined {
  return listOf(document, 'instances').find((each) => each['name'] === name);
}

/** Values and dimensions are expressions; templates and literals are not explained. */
function fieldsOf(params: unknown, owner: string, language: LanguageName): NamedExpression[] {
  if (!isFields(params)) return [];
  return Object.entries(params).flatMap(([field, value]) => {
    if (field === 'value')
      return expressionIn(value, { name: `${owner} ${field}`, isCondition: false, language });
    if (!['dimensions', 'variables'].includes(field) || !isFields(value)) return [];
    return Object.entries(value).flatMap(([name, expression]) =>
      expressionIn(expression, { name: `${owner} ${field}.${name}`, isCondition: false, language }),
    );
  });
}

/** An expression is a text, or an object with one and its own language. */
function expressionIn(
  value: unknown,
  owner: Pick<NamedExpression, 'name' | 'isCondition' | 'language'>,
): NamedExpression[] {
  if (isFields(value)) {
    const language = languageOf(value, owner.language);
    return expressionIn(value['expression'], { ...owner, language });
  }
  if (typeof value !== 'string' || value === '') return [];
  return [{ ...owner, text: value, phase: owner.isCondition ? 'request' : 'any' }];
}
