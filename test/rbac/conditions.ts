// The conditions of a policy's rule, one by one, in the order in which Istio turns them into Envoy's.

import type { Rule, Source, When } from './istio.ts';

export interface Condition {
  readonly key: string;
  readonly values: readonly string[];
  readonly isNegated: boolean;
  /** The rule with this condition alone. */
  readonly alone: Rule;
}

const SOURCE_FIELDS: readonly (readonly [field: string, key: string])[] = [
  ['principals', 'source.principal'],
  ['requestPrincipals', 'request.auth.principal'],
  ['serviceAccounts', 'source.serviceAccount'],
  ['trustDomains', 'source.trustDomain'],
  ['namespaces', 'source.namespace'],
  ['remoteIpBlocks', 'remote.ip'],
  ['ipBlocks', 'source.ip'],
];
const OPERATION_FIELDS: readonly (readonly [field: string, key: string])[] = [
  ['hosts', 'request.host'],
  ['methods', 'request.method'],
  ['paths', 'request.path'],
  ['ports', 'destination.port'],
];
const OF_PERMISSIONS = /^(destination\.|connection\.sni$|experimental\.)/;

/** Conditions of each alternative among the principals. */
export function principalsOf(rule: Rule): Condition[][] {
  const when = (rule.when ?? []).filter(({ key }) => !OF_PERMISSIONS.test(key)).flatMap(ofWhen);
  const from = rule.from ?? [];
  if (from.length === 0) return [when];
  return from.map(({ source = {} }) => [
    ...ofFields(source, SOURCE_FIELDS, (alone) => ({ from: [{ source: alone }] })),
    ...when,
  ]);
}

/** Conditions of each alternative among the permissions. */
export function permissionsOf(rule: Rule): Condition[][] {
  const when = (rule.when ?? []).filter(({ key }) => OF_PERMISSIONS.test(key)).flatMap(ofWhen);
  const to = rule.to ?? [];
  if (to.length === 0) return [when];
  return to.map(({ operation = {} }) => [
    ...ofFields(operation, OPERATION_FIELDS, (alone) => ({ to: [{ operation: alone }] })),
    ...when,
  ]);
}

function ofFields(
  source: Source,
  fields: readonly (readonly [field: string, key: string])[],
  alone: (source: Source) => Rule,
): Condition[] {
  return fields.flatMap(([field, key]) =>
    [field, `not${field[0]!.toUpperCase()}${field.slice(1)}`].flatMap((name, index) => {
      const values = source[name] ?? [];
      if (values.length === 0) return [];
      return [{ key, values, isNegated: index === 1, alone: alone({ [name]: values }) }];
    }),
  );
}

function ofWhen({ key, values = [], notValues = [] }: When): Condition[] {
  return [
    ...(values.length === 0
      ? []
      : [{ key, values, isNegated: false, alone: { when: [{ key, values }] } }]),
    ...(notValues.length === 0
      ? []
      : [{ key, values: notValues, isNegated: true, alone: { when: [{ key, notValues }] } }]),
  ];
}
