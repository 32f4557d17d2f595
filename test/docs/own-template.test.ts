// Templates that adapters bring themselves, in a folder outside the repository: a check that `mixer new adapter` begins
// and a report written by hand, built into one module, on the emulator and on Envoy; what a wrong instance is told; and
// what `mixer docs` makes of the declarations.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { AuthorProject } from './author-project.ts';

const SDK = 'mixer-in-proxy/assembly/sdk';
const TALLY: Readonly<Record<string, string>> = {
  'template.ts': `import { OwnField, OwnTemplate, ValueType } from "${SDK}";

export const enum TallyField {
  Amount = 0,
  Kind = 1,
}

/** An amount to add. */
export class TallyTemplate extends OwnTemplate {
  get name(): string {
    return "amount";
  }

  get isReport(): bool {
    return true;
  }

  /** How much. */
  readonly amount: OwnField = this.field(TallyField.Amount, "amount", ValueType.Int64);
  /** Of what. */
  readonly kind: OwnField = this.optional(TallyField.Kind, "kind", ValueType.String);
}
`,
  'adapter.ts': `import {
  Adapter, BuildContext, Handler, MetricKind, OwnTemplate, Params, Template, defineMetric, literal,
} from "${SDK}";
import { TallyHandler } from "./handler";
import { TallyTemplate } from "./template";

/** Adds up amounts of no kind. */
export class Tally extends Adapter {
  get name(): string {
    return "tally";
  }
  get serves(): u32 {
    return Template.ReportNothing;
  }
  get ownTemplate(): OwnTemplate | null {
    return new TallyTemplate();
  }
  params(): Params {
    return new Params();
  }
  build(params: Params, context: BuildContext): Handler | null {
    return new TallyHandler(defineMetric(MetricKind.Counter, literal("tally_total")));
  }
}
`,
  'handler.ts': `import { FieldValues, Handler, incrementMetric, intAt } from "${SDK}";
import { TallyField } from "./template";

export class TallyHandler extends Handler {
  constructor(private readonly metric: u32) {
    super();
  }
  onReportNothing(): void {
    incrementMetric(this.metric, 1);
  }
  onOwnReport(fields: FieldValues): void {
    const isPlain = fields.cell(TallyField.Kind) == 0 && fields.cell(7) == 0;
    if (isPlain) incrementMetric(this.metric, intAt(fields.cell(TallyField.Amount)));
  }
}
`,
  'cases.yaml': `cases:
- name: adds up amounts of no kind, and counts the other template
  document:
    handlers: [ { name: sum, adapter: tally } ]
    instances:
    - { name: plain, template: amount, params: { amount: response.code } }
    - { name: named, template: amount, params: { amount: response.code, kind: request.method } }
    - { name: one, template: reportnothing }
    rules: [ { name: all, actions: [ { handler: sum, instances: [plain, named, one] } ] } ]
  requests:
  - { times: 2, expect: { status: 200 } }
  expect: { metrics: { tally_total: 402 } }
`,
  'README.md': '# tally\n',
};

const WRONG = `handlers:
- { name: mine, adapter: agents, params: { prefix: bot/ } }
- { name: sum, adapter: tally }
instances:
- { name: a, template: agents, params: { agnt: request.useragent } }
- { name: b, template: agents, params: { agent: 3 } }
- { name: c, template: agent, params: { agent: request.useragent } }
- { name: d, template: agents, params: { agent: request.useragent } }
rules:
- { name: all, actions: [ { handler: mine, instances: [a, b] }, { handler: sum, instances: [d] } ] }
`;

describe('a template that an adapter brings itself', () => {
  const project = new AuthorProject();
  after(() => project.remove());

  it('is begun, built, and runs on the emulator and on Envoy', async () => {
    project.install();
    mkdirSync(join(project.folder, 'adapters', 'tally'), { recursive: true });
    for (const [name, text] of Object.entries(TALLY))
      writeFileSync(join(project.folder, 'adapters', 'tally', name), text);
    writeFileSync(join(project.folder, 'package.json'), '{ "private": true }');
    for (const line of ['new adapter agents --template own', 'build --only mixer']) {
      const { code, output } = await project.run(`npx mixer ${line}`);
      assert.equal(code, 0, output);
    }
    const { code, output } = await project.run('npx mixer test --on emulator,envoy');
    assert.equal(code, 0, output);
    assert.match(output, /4 passed, 0 failed/);
  });

  it('is told apart from others, and its fields by name and type', async () => {
    writeFileSync(join(project.folder, 'wrong.yaml'), WRONG);
    const { code, output } = await project.run('npx mixer check wrong.yaml');
    assert.equal(code, 1);
    for (const line of [
      'wrong.yaml:5:32: E0202 field `agent` is missing',
      'wrong.yaml:5:42: E0201 unknown field `agnt`',
      'wrong.yaml:6:49: E0303 type mismatch: 3',
      'expected STRING',
      'wrong.yaml:7:24: E0405 unknown template `agent`',
      'did you mean `agents`?',
      'expected one of reportnothing, amount',
    ])
      assert.ok(output.includes(line), `${line}\n${output}`);
  });

  it('stands in the README of its adapter and in the schema of documents', async () => {
    const { code, output } = await project.run('npx mixer docs');
    assert.equal(code, 0, output);
    const readme = readFileSync(join(project.folder, 'adapters/tally/README.md'), 'utf8');
    assert.match(readme, /It takes `reportnothing`, its own `amount`\./);
    assert.match(readme, /`amount` \(report\): An amount to add\./);
    assert.match(readme, /\| `amount` \| `INT64` \| \*\*required\*\* \| How much\. \|/);
    assert.match(readme, /\| `kind` \| `STRING` \| +\| Of what\. \|/);
    const schema = JSON.parse(readFileSync(join(project.folder, 'mixer.schema.json'), 'utf8')) as {
      $defs: Record<string, { required?: string[] }>;
    };
    assert.deepEqual(schema.$defs['template.amount']?.required, ['amount']);
    assert.ok('template.agents' in schema.$defs);
  });
});
