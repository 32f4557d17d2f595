// What `attributes` of a case's expectations needs: a report of the attributes in the case's document, one log entry
// for each, and the values back out of the filter's log. An attribute that is absent leaves no entry.

import type { Case } from './types.ts';

/** Names of what the runner adds begin with this; no document of a case has such a rule. */
export const REPORT_NAME = 'case-attributes';

/** No attribute's name. */
const END = '(end)';

type Values = Readonly<Record<string, unknown>>;

interface Document {
  readonly rules?: readonly unknown[];
}

/** The attributes that any request of a case is asked for. */
export function reportedAttributes({ requests = [] }: Pick<Case, 'requests'>): string[] {
  return [...new Set(requests.flatMap(({ expect }) => Object.keys(expect?.attributes ?? {})))];
}

/** The document with a rule that reports the attributes; as it is where there are none. */
export function withReport(document: object, names: readonly string[]): object {
  if (names.length === 0) return document;
  const { rules = [] } = document as Document;
  const instances = names.map((name) => instance(name, name));
  // Never absent: with it the report is whole.
  instances.push(instance(END, '""'));
  // The language of the document may be another one.
  const handler = { name: REPORT_NAME, adapter: 'stdio' };
  const rule = { name: REPORT_NAME, language: 'CEXL', actions: [{ handler, instances }] };
  return { ...document, rules: [...rules, rule] };
}

function instance(name: string, value: string): object {
  return {
    name: `${REPORT_NAME}/${name}`,
    template: 'logentry',
    params: { variables: { value } },
  };
}

/** Whether the report of a request has come, in what the filter has logged since. */
export function isReported(log: string): boolean {
  return log.includes(`"instance":"${REPORT_NAME}/${END}"`);
}

/** The values in some lines of the filter's log, by the attribute's name. */
export function reportedValues(log: readonly string[]): Values {
  const values: Record<string, unknown> = {};
  for (const line of log) {
    const found = new RegExp(`\\{"level":[^]*"instance":"${REPORT_NAME}/[^]*\\}`).exec(line)?.[0];
    if (found === undefined) continue;
    const { instance, value } = JSON.parse(found) as { instance: string; value: unknown };
    values[instance.slice(REPORT_NAME.length + 1)] = value;
  }
  return values;
}
