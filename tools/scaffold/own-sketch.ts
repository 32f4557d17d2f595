// The beginning of an adapter with a template of its own: typed fields, declared once in template.ts. The texts are
// AssemblyScript and YAML; NAME and TYPE stand for the adapter's name and its class.

import { denialConstants, type Sketch } from './sketch.ts';

const TEMPLATE = `// The template of NAME: what an instance says about a request, field by field. Parser, schema and
// documentation come from here; the numbers are what handler.ts reads. Cold.

import { OwnField, OwnTemplate, ValueType } from "SDK";

/** Numbers of the fields. */
export const enum TYPEFieldNumber {
  Agent = 0,
  IsReading = 1,
}

/** Who comes, and whether only to read. */
export class TYPETemplate extends OwnTemplate {
  get name(): string {
    return "NAME";
  }

  /** What the client calls itself. */
  readonly agent: OwnField = this.field(TYPEFieldNumber.Agent, "agent", ValueType.String);
  /** Whether the request changes nothing. */
  readonly isReading: OwnField = this.optional(
    TYPEFieldNumber.IsReading,
    "isReading",
    ValueType.Bool,
  );
}
`;

export const own: Sketch = {
  template: 'own',
  does: 'denies agents that begin with a prefix, unless they only read',
  field: 'TextField',
  param: `  /** Agents that begin with it are denied. */
  readonly prefix: TextField = this.required(this.textField("prefix", ""));`,
  argument: 'context.region.text(own.prefix.value)',
  argumentType: 'Slice',
  handlerImports: [
    'Code',
    'FieldValues',
    'Lifetime',
    'Slice',
    'Verdict',
    'boolAt',
    'literal',
    'startsWith',
    'textAt',
  ],
  adapterImports: ['OwnTemplate'],
  constants: denialConstants('this agent may only read'),
  method: `  onOwnCheck(fields: FieldValues, verdict: Verdict): void {
    const agent = fields.cell(TYPEFieldNumber.Agent);
    const isReading = fields.cell(TYPEFieldNumber.IsReading);
    const isHarmless = isReading != 0 && boolAt(isReading);
    if (agent != 0 && !isHarmless && startsWith(textAt(agent), this.setting)) {
      verdict.denyWith(Code.PermissionDenied, DENIED, NOT_KEPT);
    } else {
      verdict.allow(NOT_KEPT);
    }
  }`,
  standard: `[{"name":"agent","template":"NAME","params":{"agent":"request.useragent | \\\\"\\\\""}}]`,
  params: '{ prefix: bot/ }',
  instances: `,
        instances: [ { name: who, params: { agent: 'request.useragent | ""', isReading: request.method == "GET" } } ]`,
  requests: `  - path: /
    method: POST
    headers: { user-agent: bot/1.0 }
    expect: { status: 403, body: "PERMISSION_DENIED:mine:this agent may only read" }
  - path: /
    headers: { user-agent: bot/1.0 }
    expect: { status: 200 }
  - path: /
    method: POST
    headers: { user-agent: curl/8 }
    expect: { status: 200 }`,
  expect: '',
  templateFile: TEMPLATE,
};
