// What Envoy's RBAC filter says of a request, by the rules of its configuration in JSON form. An evaluator of its own,
// held against the real filter by test/envoy/rbac.test.ts.

import type { Facts } from './facts.ts';
import {
  UnknownMatcher,
  isInRange,
  matchesString,
  matchesTemplate,
  matchesValue,
  type Range,
  type StringMatch,
  type ValueMatch,
} from './matchers.ts';

type Tree = Readonly<Record<string, unknown>>;

export interface Policy {
  readonly permissions: readonly Tree[];
  readonly principals: readonly Tree[];
}

export interface Rules {
  readonly action?: 'ALLOW' | 'DENY' | 'LOG';
  readonly policies?: Readonly<Record<string, Policy>> | null;
}

/** Whether the request passes. */
export function passes(rules: Rules, facts: Facts): boolean {
  const matched = Object.values(rules.policies ?? {}).some((policy) => matches(policy, facts));
  if (rules.action === 'LOG') return true;
  return rules.action === 'DENY' ? !matched : matched;
}

export function matches({ permissions, principals }: Policy, facts: Facts): boolean {
  return (
    permissions.some((each) => holds(each, facts)) && principals.some((each) => holds(each, facts))
  );
}

/** One permission or principal. */
export function holds(tree: Tree, facts: Facts): boolean {
  const [kind = '', value] = Object.entries(tree)[0] ?? [];
  const evaluate = KINDS[kind];
  if (evaluate === undefined) throw new UnknownMatcher(tree);
  return evaluate(value as Tree, facts);
}

type Evaluate = (value: Tree, facts: Facts) => boolean;

const all: Evaluate = (set, facts) => children(set).every((each) => holds(each, facts));
const any: Evaluate = (set, facts) => children(set).some((each) => holds(each, facts));
const not: Evaluate = (tree, facts) => !holds(tree, facts);

const KINDS: Readonly<Record<string, Evaluate>> = {
  any: () => true,
  andRules: all,
  andIds: all,
  orRules: any,
  orIds: any,
  notRule: not,
  notId: not,
  header,
  urlPath: ({ path }, facts) => matchesString(path as StringMatch, plainPath(facts)),
  uriTemplate: ({ typedConfig }, facts) =>
    matchesTemplate(String((typedConfig as Tree)['pathTemplate']), plainPath(facts)),
  destinationIp: (range, facts) => isInRange(rangeOf(range), facts.destinationIp),
  destinationPort: (port, facts) => Number(port) === facts.destinationPort,
  remoteIp: (range, facts) => isInRange(rangeOf(range), facts.remoteIp),
  directRemoteIp: (range, facts) => isInRange(rangeOf(range), facts.directIp),
  requestedServerName: (match, { sni }) => matchesString(match, sni),
  authenticated: ({ principalName }, facts) =>
    facts.peer !== null && namesOf(facts).some((name) => matchesName(principalName, name)),
  filterState: ({ stringMatch }, { peer }) =>
    peer?.uri !== undefined && matchesString(stringMatch as StringMatch, peer.uri),
  metadata: ({ filter, path, value, invert }, { metadata }) => {
    const keys = (path as readonly { key: string }[]).map(({ key }) => key);
    const found = matchesValue(value as ValueMatch, walk(metadata[String(filter)], keys));
    return found !== (invert === true);
  },
};

function children(set: Tree): readonly Tree[] {
  return (set['rules'] ?? set['ids']) as readonly Tree[];
}

function rangeOf(tree: Tree): Range {
  return tree as unknown as Range;
}

function matchesName(match: unknown, name: string): boolean {
  return match === undefined || matchesString(match as StringMatch, name);
}

/** Names of URI and DNS kind where there are any, and always the subject. */
function namesOf({ peer }: Facts): string[] {
  const { uri, dns, subject = '' } = peer ?? {};
  return [uri, dns].filter((name) => name !== undefined && name !== '').concat(subject) as string[];
}

function plainPath({ path }: Facts): string {
  return path.replace(/[?#].*$/s, '');
}

function header(tree: Tree, facts: Facts): boolean {
  const { name, presentMatch, invertMatch, stringMatch, safeRegexMatch: safeRegex } = tree;
  const lines = headerLines(String(name).toLowerCase(), facts);
  if (presentMatch !== undefined) return lines.length > 0 === presentMatch;
  // The regular expression stands by itself in what Istio wrote for older proxies.
  const match = (stringMatch ?? (safeRegex && { safeRegex })) as StringMatch | undefined;
  if (match === undefined) throw new UnknownMatcher(tree);
  if (lines.length === 0) return false;
  const isMatch = lines.some((line) => matchesString(match, line));
  return isMatch !== (invertMatch === true);
}

/** Envoy compares each line by itself. */
function headerLines(name: string, facts: Facts): readonly string[] {
  if (name === ':authority') return [facts.authority];
  if (name === ':method') return [facts.method];
  if (name === ':path') return [facts.path];
  return facts.headers[name] ?? [];
}

/**
 * Whether the adapter may refuse what Envoy's filter lets pass: of a header that came in several lines, an ALLOW takes
 * the whole, and a DENY whatever is in it.
 */
export function mayRefuse({ headers }: Facts): boolean {
  return Object.values(headers).some((lines) => lines.length > 1 || lines.join('').includes(','));
}

function walk(value: unknown, keys: readonly string[]): unknown {
  let at = value;
  for (const key of keys) {
    if (typeof at !== 'object' || at === null || Array.isArray(at) || !Object.hasOwn(at, key))
      return undefined;
    at = (at as Tree)[key];
  }
  return at;
}
