// What Istio makes of AuthorizationPolicy: the configuration of Envoy's RBAC filters, in JSON form, AUDIT, DENY, ALLOW.
// Written on its own, so that random policies can be judged by Envoy's rules; held against Istio's goldens.

import { principalsOf, permissionsOf, type Condition } from './conditions.ts';
import type { Rules, Policy } from './envoy-rules.ts';
import { JWT_FILTER } from './facts.ts';
import type { PolicyParams, Rule } from './istio.ts';
import type { StringMatch, ValueMatch } from './matchers.ts';

type Tree = Readonly<Record<string, unknown>>;

const ACTIONS = [
  ['AUDIT', 'LOG'],
  ['DENY', 'DENY'],
  ['ALLOW', 'ALLOW'],
] as const;

/** One set of rules for each action that some enforced policy has. */
export function rulesOf(policies: readonly PolicyParams[]): Rules[] {
  return ACTIONS.flatMap(([name, action]) => {
    const own = policies.filter((policy) => policy.action === name && !policy.dryRun);
    if (own.length === 0) return [];
    const named = own.flatMap((policy) =>
      policy.rules.map((rule, index): [string, Policy] => [
        `ns[${policy.namespace}]-policy[${policy.name}]-rule[${index}]`,
        policyOf(rule, policy.namespace),
      ]),
    );
    return [{ action, policies: Object.fromEntries(named) }];
  });
}

function policyOf(rule: Rule, namespace: string): Policy {
  return {
    permissions: permissionsOf(rule).map((all) => ({ andRules: { rules: each(all, namespace) } })),
    principals: principalsOf(rule).map((all) => ({ andIds: { ids: each(all, namespace) } })),
  };
}

function each(conditions: readonly Condition[], namespace: string): Tree[] {
  if (conditions.length === 0) return [{ any: true }];
  return conditions.map((condition) => treeOf(condition, namespace));
}

const OF_PERMISSION = /^(request\.(host|method|path)|destination\.|connection\.sni|experimental\.)/;

function treeOf({ key, values, isNegated }: Condition, namespace: string): Tree {
  const isPermission = OF_PERMISSION.test(key) && !key.startsWith('request.headers');
  const list = wholeOf(key, values) ?? values.map((value) => matcherOf(key, value, namespace));
  const any = Array.isArray(list)
    ? isPermission
      ? { orRules: { rules: list } }
      : { orIds: { ids: list } }
    : list;
  return isNegated ? { [isPermission ? 'notRule' : 'notId']: any } : any;
}

/** Values that become one matcher together. */
function wholeOf(key: string, values: readonly string[]): Tree | null {
  if (key === 'request.auth.audiences') return claim(['aud'], values);
  if (key === 'request.auth.presenter') return claim(['azp'], values);
  if (key.startsWith('request.auth.claims['))
    return claim(key.slice('request.auth.claims['.length, -1).split(']['), values);
  if (!key.startsWith('experimental.')) return null;
  const [, filter = '', name = ''] = /^experimental\.([^[]*)\[(.*)\]$/.exec(key) ?? [];
  return metadata(filter, [name], anyOf(values.map(filterValue)));
}

/** Envoy takes no alternatives of one. */
function anyOf(valueMatchers: readonly ValueMatch[]): ValueMatch {
  const [first] = valueMatchers;
  return valueMatchers.length === 1 && first ? first : { orMatch: { valueMatchers } };
}

function filterValue(value: string): ValueMatch {
  const isList = value.startsWith('[') && value.endsWith(']');
  if (!isList) return { stringMatch: stringOf(value) };
  return { listMatch: { oneOf: { stringMatch: stringOf(value.replace(/^[[\]]+|[[\]]+$/g, '')) } } };
}

function claim(path: readonly string[], values: readonly string[]): Tree {
  const any = anyOf(values.map((value) => ({ stringMatch: stringOf(value) })));
  return metadata(JWT_FILTER, ['payload', ...path], {
    orMatch: { valueMatchers: [{ listMatch: { oneOf: any } }, any] },
  });
}

function metadata(filter: string, path: readonly string[], value: ValueMatch): Tree {
  return { metadata: { filter, path: path.map((key) => ({ key })), value } };
}

function matcherOf(key: string, value: string, namespace: string): Tree {
  const make = MATCHERS[key];
  if (make !== undefined) return make(value, namespace);
  const name = key.slice('request.headers['.length, -1);
  return { header: headerOf(name, value) };
}

const MATCHERS: Readonly<Record<string, (value: string, namespace: string) => Tree>> = {
  'request.host': (value) => {
    const { stringMatch, ...rest } = headerOf(':authority', value);
    return {
      header: stringMatch ? { ...rest, stringMatch: { ...stringMatch, ignoreCase: true } } : rest,
    };
  },
  'request.method': (value) => ({ header: headerOf(':method', value) }),
  'request.path': pathOf,
  'source.principal': (value) => authenticated(principalName(value)),
  'source.namespace': (value) => authenticated({ regex: `.*/ns/${quoted(value)}/.*` }),
  'source.serviceAccount': (value, own) => {
    const [space, name] = value.includes('/') ? value.split('/') : [own, value];
    return authenticated({ regex: `spiffe://.+/ns/${space}/(.+/|)sa/${name}(/.+)?` });
  },
  'source.trustDomain': (value) => {
    if (value === '*') return authenticated({ prefix: 'spiffe://' });
    return authenticated({ regex: `spiffe://${quoted(value, '[^/]*')}/.*` });
  },
  'request.auth.principal': tokenOf,
  'source.ip': (value) => ({ directRemoteIp: rangeOf(value) }),
  'remote.ip': (value) => ({ remoteIp: rangeOf(value) }),
  'destination.ip': (value) => ({ destinationIp: rangeOf(value) }),
  'destination.port': (value) => ({ destinationPort: Number(value) }),
  'connection.sni': (value) => ({ requestedServerName: stringOf(value) }),
};

function headerOf(
  name: string,
  value: string,
): { name: string; presentMatch?: boolean; stringMatch?: StringMatch } {
  return value === '*' ? { name, presentMatch: true } : { name, stringMatch: stringOf(value) };
}

function stringOf(value: string): StringMatch {
  if (value === '*') return { safeRegex: { regex: '.+' } };
  if (value.startsWith('*')) return { suffix: value.slice(1) };
  return value.endsWith('*') ? { prefix: value.slice(0, -1) } : { exact: value };
}

function pathOf(value: string): Tree {
  if (!/\{\*\*?\}/.test(value)) return { urlPath: { path: stringOf(value) } };
  const type =
    'type.googleapis.com/envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig';
  const pathTemplate = value.replaceAll('{*}', '*').replaceAll('{**}', '**');
  return { uriTemplate: { name: 'uri-template', typedConfig: { '@type': type, pathTemplate } } };
}

function principalName(value: string): StringMatch | { regex: string } {
  if (value === '*') return { regex: '.+' };
  if (value.startsWith('*')) return { regex: `spiffe://.*${quoted(value.slice(1))}` };
  return stringOf(`spiffe://${value}`);
}

function authenticated(match: StringMatch | { regex: string }): Tree {
  const principalName = 'regex' in match ? { safeRegex: match } : match;
  return { authenticated: { principalName } };
}

/** Literal but for `*`. */
function quoted(value: string, any = '.*'): string {
  return value
    .split('*')
    .map((part) => part.replace(/[.+?()|[\]{}^$\\]/g, '\\$&'))
    .join(any);
}

function tokenOf(value: string): Tree {
  const slash = value.lastIndexOf('/');
  const [issuer, subject] =
    slash < 0 ? [value, ''] : [value.slice(0, slash), value.slice(slash + 1)];
  const any: StringMatch = { safeRegex: { regex: '.+' } };
  const [iss, sub] = ((): [StringMatch, StringMatch] => {
    if (value === '*') return [any, any];
    if (value.startsWith('*') && slash < 0) return [any, { suffix: value.slice(1) }];
    if (value.startsWith('*'))
      return [issuer === '*' ? any : { suffix: issuer.slice(1) }, { exact: subject }];
    if (value.endsWith('*') && slash < 0) return [{ prefix: value.slice(0, -1) }, any];
    if (value.endsWith('*'))
      return [{ exact: issuer }, subject === '*' ? any : { prefix: subject.slice(0, -1) }];
    return [{ exact: issuer }, { exact: subject }];
  })();
  const of = (name: string, stringMatch: StringMatch): Tree =>
    metadata(JWT_FILTER, ['payload', name], { stringMatch });
  return { andIds: { ids: [of('iss', iss), of('sub', sub)] } };
}

function rangeOf(value: string): Tree {
  const [addressPrefix = '', length] = value.split('/');
  return { addressPrefix, prefixLen: Number(length ?? (value.includes(':') ? 128 : 32)) };
}
