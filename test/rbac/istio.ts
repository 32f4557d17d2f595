// Istio's AuthorizationPolicy resources as parameters of the adapter: those that select one workload, in Istio's order.

import { parseAllDocuments } from 'yaml';

export interface Source {
  readonly [field: string]: readonly string[];
}

export interface When {
  readonly key: string;
  readonly values?: readonly string[];
  readonly notValues?: readonly string[];
}

export interface Rule {
  readonly from?: readonly { readonly source?: Source }[];
  readonly to?: readonly { readonly operation?: Source }[];
  readonly when?: readonly When[];
}

export interface PolicyParams {
  readonly name: string;
  readonly namespace: string;
  readonly action: string;
  readonly dryRun: boolean;
  readonly rules: readonly Rule[];
}

export interface Workload {
  readonly namespace: string;
  readonly rootNamespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

interface Resource {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    readonly action?: string | number;
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly rules?: readonly (Rule | null)[];
  };
}

const ACTIONS = ['ALLOW', 'DENY', 'AUDIT', 'CUSTOM'];

/** The policies of a file that are in force for a workload. */
export function policiesOf(text: string, workload: Workload): PolicyParams[] {
  const resources = parseAllDocuments(text).map((each) => each.toJS() as Resource | null);
  return resources
    .filter((each): each is Resource => each?.kind === 'AuthorizationPolicy')
    .filter((each) => isSelected(each, workload))
    .map(({ metadata, spec }) => ({
      name: metadata.name,
      namespace: metadata.namespace ?? workload.namespace,
      action: actionOf(spec?.action),
      dryRun: /^(1|t|true)$/i.test(metadata.annotations?.['istio.io/dry-run'] ?? ''),
      rules: (spec?.rules ?? []).filter((rule): rule is Rule => rule !== null),
    }));
}

function isSelected({ metadata, spec }: Resource, workload: Workload): boolean {
  const space = metadata.namespace ?? workload.namespace;
  if (space !== workload.namespace && space !== workload.rootNamespace) return false;
  const wanted = Object.entries(spec?.selector?.matchLabels ?? {});
  return wanted.every(([label, value]) => workload.labels[label] === value);
}

function actionOf(action: string | number = 'ALLOW'): string {
  return typeof action === 'number' ? (ACTIONS[action] ?? String(action)) : action;
}
