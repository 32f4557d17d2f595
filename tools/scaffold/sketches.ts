// Beginnings of an adapter, one for each template: small, complete, and something to change. Each gives the parts in
// which the five files differ. The texts are AssemblyScript and YAML; nothing here runs them.

import { own } from './own-sketch.ts';
import { NOT_KEPT, denialConstants, type Sketch } from './sketch.ts';

const DENY = `      verdict.denyWith(Code.PermissionDenied, DENIED, NOT_KEPT);`;
const checknothing: Sketch = {
  template: 'checknothing',
  does: 'denies every request that reaches it, and says why',
  field: 'TextField',
  param: `  /** What the caller is told. */
  readonly reason: TextField = this.textField("reason", "closed");`,
  argument: 'context.region.text(own.reason.value)',
  argumentType: 'Slice',
  handlerImports: ['Code', 'Lifetime', 'Slice', 'Verdict'],
  adapterImports: [],
  constants: NOT_KEPT,
  method: `  onCheckNothing(verdict: Verdict): void {
    verdict.denyWith(Code.PermissionDenied, this.setting, NOT_KEPT);
  }`,
  standard: '[{"name":"checknothing","template":"checknothing"}]',
  params: '{ reason: back at eight }',
  instances: '',
  requests: `  - path: /
    expect: { status: 403, body: "PERMISSION_DENIED:mine:back at eight" }`,
  expect: '',
};

const listentry: Sketch = {
  template: 'listentry',
  does: 'denies values that begin with a prefix',
  field: 'TextField',
  param: `  /** Values that begin with it are denied. */
  readonly prefix: TextField = this.required(this.textField("prefix", ""));`,
  argument: 'context.region.text(own.prefix.value)',
  argumentType: 'Slice',
  handlerImports: [
    'Code',
    'Lifetime',
    'ListEntry',
    'Slice',
    'ValueType',
    'Verdict',
    'literal',
    'startsWith',
    'textAt',
    'typeAt',
  ],
  adapterImports: [],
  constants: denialConstants('the value begins with what is not allowed'),
  method: `  onListEntry(entry: ListEntry, verdict: Verdict): void {
    const isText = typeAt(entry.cell) == ValueType.String;
    if (isText && startsWith(textAt(entry.cell), this.setting)) {
${DENY}
    } else {
      verdict.allow(NOT_KEPT);
    }
  }`,
  standard: `[{"name":"agent","template":"listentry","params":{"value":"request.useragent | \\\\"\\\\""}}]`,
  params: '{ prefix: bot/ }',
  instances: '',
  requests: `  - path: /
    headers: { user-agent: bot/1.0 }
    expect: { status: 403, body: "PERMISSION_DENIED:mine:the value begins with what is not allowed" }
  - path: /
    headers: { user-agent: curl/8 }
    expect: { status: 200 }`,
  expect: '',
};

const quota: Sketch = {
  template: 'quota',
  does: 'grants what one request may take, and no more',
  field: 'IntField',
  param: `  /** How much one request may take. */
  readonly maxAmount: IntField = this.intField("maxAmount", 1, 0, i64.MAX_VALUE);`,
  argument: 'own.maxAmount.value',
  argumentType: 'i64',
  handlerImports: ['Grant', 'Quota'],
  adapterImports: [],
  constants: '',
  method: `  onQuota(quota: Quota, grant: Grant): void {
    if (quota.amount <= this.setting) grant.give(quota.amount, 0);
    else grant.nothing();
  }`,
  standard: '[{"name":"tokens","template":"quota"}]',
  params: '{ maxAmount: 2 }',
  instances: ', charge: 3',
  requests: `  - path: /
    expect: { status: 429, body: "RESOURCE_EXHAUSTED:Quota is exhausted for: tokens" }`,
  expect: '',
};

const metric: Sketch = {
  template: 'metric',
  does: 'adds up samples in a counter of its own',
  field: 'TextField',
  param: `  /** Name of the counter in Envoy. */
  readonly counter: TextField = this.textField("counter", "samples_total");`,
  argument: 'defineMetric(MetricKind.Counter, context.region.text(own.counter.value))',
  argumentType: 'u32',
  handlerImports: ['Metric', 'ValueType', 'incrementMetric', 'intAt', 'typeAt'],
  adapterImports: ['MetricKind', 'defineMetric'],
  constants: '',
  method: `  onMetric(metric: Metric): void {
    if (typeAt(metric.cell) == ValueType.Int64) incrementMetric(this.setting, intAt(metric.cell));
  }`,
  standard: '[{"name":"requests","template":"metric","params":{"value":1}}]',
  params: '{ counter: seen_total }',
  instances: '',
  requests: `  - path: /
    times: 3
    expect: { status: 200 }`,
  expect: `  expect:
    metrics: { seen_total: 3 }`,
};

const logentry: Sketch = {
  template: 'logentry',
  does: 'writes one line for each entry to the log of Envoy',
  field: 'TextField',
  param: `  /** Stands at the beginning of each line. */
  readonly prefix: TextField = this.textField("prefix", "entry");`,
  argument: 'context.region.text(own.prefix.value)',
  argumentType: 'Slice',
  handlerImports: [
    'LogEntry',
    'LogLevel',
    'Slice',
    'Writer',
    'literal',
    'markArena',
    'releaseArena',
    'takeArena',
    'writeJsonEscaped',
    'writeLog',
  ],
  adapterImports: [],
  constants: `const LINE_SIZE_MAX_BYTES: usize = 1024;
const SEPARATOR: Slice = literal(" ");
const line: Writer = new Writer();
`,
  method: `  onLogEntry(entry: LogEntry): void {
    const mark = markArena();
    const room = takeArena(LINE_SIZE_MAX_BYTES);
    if (room == 0) return;
    line.open(room, LINE_SIZE_MAX_BYTES);
    line.bytes(this.setting);
    line.bytes(SEPARATOR);
    writeJsonEscaped(line, entry.name);
    writeLog(LogLevel.Warn, line.written);
    releaseArena(mark);
  }`,
  standard: '[{"name":"request","template":"logentry"}]',
  params: '{ prefix: seen }',
  instances: '',
  requests: `  - path: /
    expect: { status: 200 }`,
  expect: `  expect:
    log: [ "seen request" ]`,
};

const reportnothing: Sketch = {
  template: 'reportnothing',
  does: 'counts requests',
  field: 'TextField',
  param: `  /** Name of the counter in Envoy. */
  readonly counter: TextField = this.textField("counter", "requests_seen_total");`,
  argument: 'defineMetric(MetricKind.Counter, context.region.text(own.counter.value))',
  argumentType: 'u32',
  handlerImports: ['incrementMetric'],
  adapterImports: ['MetricKind', 'defineMetric'],
  constants: '',
  method: `  onReportNothing(): void {
    incrementMetric(this.setting, 1);
  }`,
  standard: '[{"name":"request","template":"reportnothing"}]',
  params: '{ counter: seen_total }',
  instances: '',
  requests: `  - path: /
    times: 2
    expect: { status: 200 }`,
  expect: `  expect:
    metrics: { seen_total: 2 }`,
};

/** The beginnings by template. */
export const SKETCHES: Readonly<Record<string, Sketch>> = {
  checknothing,
  listentry,
  quota,
  metric,
  logentry,
  reportnothing,
  own,
};
