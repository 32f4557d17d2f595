// Requests for a whole set of policies: for each way to match a rule one that does, where there is any, and all that
// differ from it in one value.

import { candidatesOf } from './candidates.ts';
import { permissionsOf, principalsOf, type Condition } from './conditions.ts';
import { holds, type Policy } from './envoy-rules.ts';
import { PLAIN, patched, type Facts, type Patch } from './facts.ts';
import type { Rule } from './istio.ts';

type Tree = Policy['permissions'][number];

/** A condition with the part of Envoy's rules that it became. */
export interface Pair {
  readonly condition: Condition;
  readonly element: Tree;
}

/** What the two sides of a rule say, alternative by alternative; null where they do not correspond. */
export function pairsOf(alternatives: Condition[][], trees: readonly Tree[]): Pair[][] | null {
  if (alternatives.length !== trees.length) return null;
  const all = alternatives.map((conditions, index) => pairedWith(conditions, trees[index]!));
  return all.every((each) => each !== null) ? all : null;
}

function pairedWith(conditions: readonly Condition[], tree: Tree): Pair[] | null {
  const set = (tree['andRules'] ?? tree['andIds']) as Tree | undefined;
  const elements = (set?.['rules'] ?? set?.['ids'] ?? []) as readonly Tree[];
  const isAny = elements.length === 1 && elements[0]?.['any'] === true;
  if (conditions.length === 0) return isAny ? [] : null;
  if (elements.length !== conditions.length) return null;
  return conditions.map((condition, index) => ({ condition, element: elements[index]! }));
}

/** Both sides of a rule. */
export function pairedRule(rule: Rule, policy: Policy): { from: Pair[][]; to: Pair[][] } | null {
  const from = pairsOf(principalsOf(rule), policy.principals);
  const to = pairsOf(permissionsOf(rule), policy.permissions);
  return from === null || to === null ? null : { from, to };
}

/** Requests about one condition. */
export function requestsAbout({ key, values }: Condition): Facts[] {
  return [{}, ...values.flatMap((value) => candidatesOf(key, value))].map((patch) =>
    patched(PLAIN, patch),
  );
}

/** Requests about a whole rule. */
export function requestsOf({ from, to }: { from: Pair[][]; to: Pair[][] }): Facts[] {
  return from.flatMap((source) => to.flatMap((operation) => around([...source, ...operation])));
}

function around(pairs: readonly Pair[]): Facts[] {
  const base = satisfying(pairs);
  return [
    base,
    ...pairs.flatMap(({ condition }) => patchesOf(condition).map((patch) => patched(base, patch))),
  ];
}

/** A request for which as many of the conditions hold as can be found, one after another. */
function satisfying(pairs: readonly Pair[]): Facts {
  let facts = PLAIN;
  const done: Tree[] = [];
  for (const { condition, element } of pairs) {
    const wanted = [...done, element];
    const found = [{}, ...patchesOf(condition)].find((patch) =>
      wanted.every((each) => holds(each, patched(facts, patch))),
    );
    if (found === undefined) continue;
    facts = patched(facts, found);
    done.push(element);
  }
  return facts;
}

function patchesOf({ key, values }: Condition): Patch[] {
  return values.flatMap((value) => candidatesOf(key, value));
}
