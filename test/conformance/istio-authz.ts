// Istio's goldens: AuthorizationPolicy in, configuration of Envoy's RBAC filters out. A case passes when our adapter
// with the policies says of every request what Envoy's rules say: of the whole file, and of each condition alone.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Host } from '../../tools/host/index.ts';
import { mayRefuse, passes, type Policy, type Rules } from '../rbac/envoy-rules.ts';
import { requestOf, type Facts } from '../rbac/facts.ts';
import { policiesOf, type PolicyParams, type Rule, type Workload } from '../rbac/istio.ts';
import { pairedRule, requestsAbout, requestsOf, type Pair } from '../rbac/requests.ts';
import { judgeConnections, NETWORK_RBAC } from './istio-tcp.ts';
import { guarded, type CaseOutcome } from './result.ts';

const RBAC = 'type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC';
/** The workload for which the goldens are made. */
const WORKLOAD: Workload = {
  namespace: 'foo',
  rootNamespace: 'istio-system',
  labels: { app: 'httpbin', version: 'v1' },
};

interface Filter {
  readonly typedConfig: { readonly '@type': string; readonly rules?: Rules };
}

/** Something that is judged by both sides. */
interface Trial {
  readonly name: string;
  readonly policies: readonly PolicyParams[];
  readonly rules: readonly Rules[];
  readonly requests: readonly Facts[];
}

/** Whether a folder holds such goldens. */
export function hasGoldens(folder: string): boolean {
  return readdirSync(folder).some((name) => /-in\.ya?ml$/.test(name));
}

/** Runs every golden of a folder. */
export async function runGoldens(
  suite: string,
  folder: string,
  wasm: string,
): Promise<CaseOutcome[]> {
  const inputs = readdirSync(folder).filter((name) => /-in\.ya?ml$/.test(name));
  const outcomes: CaseOutcome[] = [];
  for (const id of inputs.sort()) {
    const run = async (): Promise<CaseOutcome[]> => [
      { suite, id, ...(await runGolden(folder, id, wasm)) },
    ];
    outcomes.push(...(await guarded(suite, id, run)));
  }
  return outcomes;
}

type Verdict = Pick<CaseOutcome, 'failure' | 'skipped'>;

async function runGolden(folder: string, input: string, wasm: string): Promise<Verdict> {
  const policies = policiesOf(readFileSync(join(folder, input), 'utf8'), WORKLOAD);
  if (policies.some(({ action }) => action === 'CUSTOM'))
    return { skipped: 'CUSTOM asks a server: that is the adapter extauthz' };
  const filters = filtersOf(folder, input);
  const types = new Set(filters.map(({ typedConfig }) => typedConfig['@type']));
  const isTcp = types.has(NETWORK_RBAC);
  types.delete(isTcp ? NETWORK_RBAC : RBAC);
  if (types.size > 0) return { skipped: `a filter that is not Envoy's RBAC` };
  // Where no policy is in force Istio makes no filter, and there is no file.
  if (filters.length === 0 && policies.length > 0)
    return { failure: { expected: `${input}'s output`, actual: 'no file' } };
  const rules = filters.flatMap(({ typedConfig }) => typedConfig.rules ?? []);
  if (namesOf(rules) > givenNames(policies))
    return { skipped: 'aliases of trust domains, which are not in the file' };
  if (isTcp) return judgeConnections(policies, rules, wasm);
  return judge(trialsOf(policies, rules, input), wasm);
}

function filtersOf(folder: string, input: string): Filter[] {
  const base = input.replace(/-in\.ya?ml$/, '');
  return readdirSync(folder)
    .filter((name) => name.startsWith(`${base}-out`) && /-out\d*\.ya?ml$/.test(name))
    .filter((name) => name.replace(/-out\d*\.ya?ml$/, '') === base)
    .sort()
    .map((name) => parse(readFileSync(join(folder, name), 'utf8')) as Filter);
}

const NAME = /"principalName"/g;

function namesOf(rules: readonly Rules[]): number {
  return JSON.stringify(rules).match(NAME)?.length ?? 0;
}

/** How many patterns of the peer's identity the policies have, in each alternative once. */
function givenNames(policies: readonly PolicyParams[]): number {
  const enforced = policies.filter(({ dryRun }) => !dryRun);
  return enforced.flatMap(({ rules }) => rules).reduce((sum, rule) => sum + namesOfRule(rule), 0);
}

function namesOfRule({ from = [], when = [] }: Rule): number {
  const fields = /^(not)?(principals|trustdomains|namespaces|serviceaccounts)$/i;
  const own = from.flatMap(({ source = {} }) =>
    Object.entries(source).flatMap(([field, values]) => (fields.test(field) ? values : [])),
  );
  const common = when
    .filter(({ key }) => /^source\.(principal|trustDomain|namespace|serviceAccount)$/.test(key))
    .flatMap(({ values = [], notValues = [] }) => [...values, ...notValues]);
  return own.length + common.length * Math.max(1, from.length);
}

function trialsOf(
  policies: readonly PolicyParams[],
  rules: readonly Rules[],
  name: string,
): Trial[] {
  const paired = policies
    .filter(({ dryRun }) => !dryRun)
    .flatMap((policy) =>
      policy.rules.flatMap((rule, index) => {
        const golden = goldenOf(rules, policy, index);
        const pairs = golden === undefined ? null : pairedRule(rule, golden);
        return pairs === null ? [] : [{ policy, pairs }];
      }),
    );
  const requests = paired.flatMap(({ pairs }) => requestsOf(pairs));
  const whole = {
    name,
    policies,
    rules,
    requests: requests.length > 0 ? requests : plain(policies),
  };
  const alone = paired.flatMap(({ policy, pairs }) => [
    ...pairs.from.flat().map((pair) => aloneTrial(policy, pair, 'principals')),
    ...pairs.to.flat().map((pair) => aloneTrial(policy, pair, 'permissions')),
  ]);
  return [whole, ...alone];
}

/** Requests where nothing corresponds: about each condition of the input. */
function plain(policies: readonly PolicyParams[]): Facts[] {
  const values = policies.flatMap(({ rules }) => rules).flatMap(({ to = [] }) => to);
  const methods = values.flatMap(({ operation = {} }) => operation['methods'] ?? []);
  const about = { key: 'request.method', values: ['GET', ...methods], isNegated: false, alone: {} };
  return requestsAbout(about);
}

function goldenOf(
  rules: readonly Rules[],
  { namespace, name }: PolicyParams,
  index: number,
): Policy | undefined {
  const key = `ns[${namespace}]-policy[${name}]-rule[${index}]`;
  return rules.flatMap(({ policies }) => policies?.[key] ?? [])[0];
}

function aloneTrial(
  policy: PolicyParams,
  { condition, element }: Pair,
  side: 'principals' | 'permissions',
): Trial {
  const both = { principals: [{ any: true }], permissions: [{ any: true }] };
  return {
    name: JSON.stringify(condition.alone),
    policies: [{ ...policy, action: 'ALLOW', rules: [condition.alone] }],
    rules: [{ policies: { alone: { ...both, [side]: [element] } } }],
    requests: requestsAbout(condition),
  };
}

const TRIAL_HEADER = 'x-mixer-trial';

/** One document with a handler for each trial, which a header chooses. */
function documentOf(trials: readonly Trial[]): object {
  return {
    // Envoy's rules take paths as they come.
    ambiguousPath: 'AS_IS',
    handlers: trials.map(({ policies }, index) => ({
      name: `trial-${index}`,
      adapter: 'rbac',
      params: { policies },
    })),
    rules: trials.map((_, index) => ({
      name: `trial-${index}`,
      match: `request.headers["${TRIAL_HEADER}"] == "trial-${index}"`,
      actions: [{ handler: `trial-${index}` }],
    })),
  };
}

async function judge(trials: readonly Trial[], wasm: string): Promise<Verdict> {
  const configuration = JSON.stringify(documentOf(trials));
  const host = await Host.load({ wasm, configuration, pluginName: 'mixer' });
  if (!host.start())
    return {
      failure: { expected: 'a good document', actual: host.logs.map(({ text }) => text).join() },
    };
  for (const [index, trial] of trials.entries()) {
    for (const facts of trial.requests) {
      const headers = { ...facts.headers, [TRIAL_HEADER]: [`trial-${index}`] };
      const answer = host.request(requestOf({ ...facts, headers }));
      const isAllowed = answer.status === 200;
      const shouldPass = trial.rules.every((rules) => passes(rules, facts));
      if (isAllowed === shouldPass || (!isAllowed && mayRefuse(facts))) continue;
      const said = (passed: boolean): string => (passed ? 'allowed' : 'denied');
      return {
        failure: {
          expected: `${said(shouldPass)} by ${trial.name}: ${JSON.stringify(facts)}`,
          actual: `${said(isAllowed)} ${answer.status} ${answer.body}`,
        },
      };
    }
  }
  return {};
}
