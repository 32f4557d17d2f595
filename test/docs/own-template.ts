// Templates that adapters bring themselves, in an author's project: a check that `mixer new adapter` begins and a
// report written by hand; what a wrong instance of them is told; and what `mixer docs` makes of the declarations.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import type { AuthorProject } from './author-project.ts';

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

/** The adapter of the beginning that has a template of its own. */
export const AGENTS = 'agents';
/** The adapter that is written by hand; it brings one case. */
export const SUM = 'tally';

/** Writes the adapter that is written by hand. */
export function writeTally(project: AuthorProject): void {
  const folder = join(project.folder, 'adapters', SUM);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(TALLY)) writeFileSync(join(folder, name), text);
}

/** Declares the tests. The project's module has both adapters. */
export function describeOwnTemplate(project: AuthorProject): void {
  describe('a template that an adapter brings itself, in this project', () => {
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
      const schema = JSON.parse(
        readFileSync(join(project.folder, 'mixer.schema.json'), 'utf8'),
      ) as {
        $defs: Record<string, { required?: string[] }>;
      };
      assert.deepEqual(schema.$defs['template.amount']?.required, ['amount']);
      assert.ok('template.agents' in schema.$defs);
    });
  });
}
