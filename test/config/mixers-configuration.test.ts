// Configurations as Mixer's own documentation had them: what can be kept is read as Mixer read it, and what cannot is
// refused with what is written here in its place.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { ROOT } from '../../tools/build/root.ts';
import { adaptersOfDocument } from '../../tools/build/document-adapters.ts';
import { placeDiagnostics, syntaxDiagnostics } from '../../tools/cli/diagnostics.ts';
import { DocumentFile } from '../../tools/document/document.ts';
import { describeDocument } from '../../tools/render/describe.ts';

const WASM = join(ROOT, 'dist/mixer.wasm');

/** Code, what is wrong and what would be right, of every error (or of every warning). */
async function told(text: string, severity = 'error'): Promise<string[]> {
  const file = new DocumentFile('mixer.yaml', text);
  const found =
    file.problems.length > 0
      ? syntaxDiagnostics(file)
      : placeDiagnostics(file, (await describeDocument(file.json, WASM)).diagnostics);
  return found
    .map(({ diagnostic }) => diagnostic)
    .filter((each) => each.severity === severity)
    .map((each) => `${each.code} ${each.message}; ${each.suggestion || each.expected}`);
}

const LIST = `
handlers:
- name: whitelistip
  compiledAdapter: listchecker
  params: { overrides: ["10.57.0.0/16"], blacklist: false, entryType: IP_ADDRESSES }
instances:
- name: sourceip
  compiledTemplate: listentry
  params: { value: source.ip | ip("0.0.0.0") }
rules:
- name: checkip
  match: (destination.service | "") == "reviews"
  actions: [ { handler: whitelistip, instances: [ sourceip ] } ]
`;

const QUOTA = `
handlers:
- name: quotahandler
  compiled_adapter: memquota
  params:
    quotas:
    - name: requestcountquota.instance.istio-system
      maxAmount: 500
      validDuration: 1s
      overrides: [ { dimensions: { source: "10.28.11.20" }, maxAmount: 1, validDuration: 5s } ]
instances:
- name: requestcountquota
  compiled_template: quota
  params: { dimensions: { source: 'request.headers["x-forwarded-for"] | "unknown"' } }
rules:
- { name: quota, actions: [ { handler: quotahandler, instances: [ requestcountquota ] } ] }
`;

const TELEMETRY = `
handlers:
- name: prometheusdouble
  compiledAdapter: prometheus
  params:
    metrics:
    - name: double_request_count
      instance_name: doublerequestcount.instance.istio-system
      kind: COUNTER
      label_names: [ message ]
- name: newloghandler
  compiledAdapter: stdio
  params: { severity_levels: { warning: 1, loud: ERROR }, outputAsJson: true }
- { name: authorize, adapter: noop }
instances:
- name: doublerequestcount
  compiledTemplate: metric
  params:
    value: "2"
    dimensions: { message: '"twice the fun!"' }
    monitored_resource_type: '"UNSPECIFIED"'
- name: newlog
  compiledTemplate: logentry
  params: { severity: '"warning"', timestamp: "", variables: { user: source.user | "unknown" } }
rules:
- name: telemetry
  match: "true"
  actions:
  - { handler: prometheusdouble, instances: [ doublerequestcount ] }
  - { handler: newloghandler, instances: [ newlog ] }
`;

describe('a configuration of Mixer', () => {
  const KEPT = { 'white list': LIST, quota: QUOTA, 'metric and log': TELEMETRY };
  for (const [what, text] of Object.entries(KEPT)) {
    it(`is read as Mixer read it: ${what}`, async () => assert.deepEqual(await told(text), []));
  }

  it('names its adapters to the build', () => {
    assert.deepEqual(adaptersOfDocument(LIST, 'list.yaml'), ['list']);
    assert.deepEqual(adaptersOfDocument(TELEMETRY, 't.yaml'), ['noop', 'prometheus', 'stdio']);
  });

  it('may say what an adapter is in one spelling only', async () => {
    const twice = LIST.replace('  params: { over', '  adapter: list\n  params: { over');
    assert.deepEqual(await told(twice), ['E0110 `adapter` is given twice; one spelling']);
  });

  it('has no other fields that begin so', async () => {
    const [first, ...others] = await told(`${LIST}  compiledMatch: "true"\n`);
    assert.match(first ?? '', /^E0201 unknown field `compiledMatch`/);
    assert.deepEqual(others, []);
  });

  it('may leave the texts of an authorization empty, which are absent then', async () => {
    const params = 'subject: { user: source.user, groups: "" }, action: { path: "" }';
    const action = `{ handler: { adapter: rbac, params: { policies: [] } }, instances: [ { params: { ${params} } } ] }`;
    assert.deepEqual(await told(`rules: [ { name: r, actions: [ ${action} ] } ]`), []);
  });
});

describe('what Mixer had and a document has not', () => {
  const ROWS: readonly (readonly [what: string, text: string, told: RegExp])[] = [
    [
      'kubernetesenv',
      'handlers: [ { name: k, compiledAdapter: kubernetesenv } ]',
      /peers: HEADERS/,
    ],
    ['fluentd', 'handlers: [ { name: f, adapter: fluentd } ]', /; `stdio`/],
    ['an adapter of its own', 'handlers: [ { name: k, adapter: keyval } ]', /`bypass` asks one/],
    [
      'Rego in the document',
      'handlers: [ { name: o, adapter: opa, connection: { cluster: c }, params: { policy: [] } } ]',
      /an OPA that has the policy/,
    ],
    ['spans', 'instances: [ { name: t, template: tracespan } ]', /Envoy's own tracing/],
    ['a namespace', 'rules: [ { name: r, namespace: default } ]', /^E0201 .*; nothing: a document/],
    ['sampling', 'rules: [ { name: r, sampling: {} } ]', /^E0212 .*; `rollout`/],
    [
      "one of Istio's own instances",
      'rules: [ { name: r, actions: [ { handler: { adapter: prometheus }, instances: [requestcount] } ] } ]',
      /^E0403 .*without `instances`, `prometheus` has Istio's own$/,
    ],
  ];
  for (const [what, text, expected] of ROWS) {
    it(`is refused with what stands in its place: ${what}`, async () => {
      const [first, ...others] = await told(text);
      assert.match(first ?? '', expected);
      assert.deepEqual(others, []);
    });
  }

  it('makes no further mistakes of what reads its outputs or names it in full', async () => {
    const text = `
handlers: [ { name: keyval, adapter: keyval } ]
rules:
- name: r
  actions: [ { handler: keyval, name: x }, { handler: keyval.istio-system } ]
  requestHeaderOperations: [ { name: user-group, values: [ x.output.value ] } ]
`;
    const [adapter, handler, ...others] = await told(text);
    assert.match(adapter ?? '', /^E0404 unknown adapter `keyval`/);
    assert.equal(handler, 'E0402 unknown handler `keyval.istio-system`; keyval');
    assert.deepEqual(others, []);
  });

  it('is said of a Redis that nobody asks', async () => {
    const text = `
handlers:
- name: q
  adapter: redisquota
  params: { redisServerUrl: "redis:6379", quotas: [ { name: a, maxAmount: 1, validDuration: 1s } ] }
rules: [ { name: r, actions: [ { handler: q } ] } ]
`;
    assert.deepEqual(await told(text, 'warning'), [
      'W0906 `redisServerUrl` has no effect here; a `connection` to a rate limit service; this Envoy counts alone',
    ]);
    const connected = text.replace('redisquota\n', 'redisquota\n  connection: { cluster: c }\n');
    assert.deepEqual(await told(connected, 'warning'), []);
  });

  const head = (kind: string, name: string): string =>
    `apiVersion: config.istio.io/v1alpha2\nkind: ${kind}\nmetadata: { name: ${name} }\n`;

  it('is shown item by item in the list that kubectl prints', async () => {
    const items = [
      `${head('handler', 'h')}spec: { adapter: keyval }\n`,
      head('ClusterRbacConfig', 'default'),
    ].map((each) => `- ${each.trimEnd().replaceAll('\n', '\n  ')}\n`);
    const list = `apiVersion: v1\nitems:\n${items.join('')}kind: List\n`;
    const [handler, config, ...others] = await told(list);
    assert.match(
      handler ?? '',
      /\(handler\); `handlers: \[ \{ name: h, adapter: bypass, connection/,
    );
    assert.match(config ?? '', /\(ClusterRbacConfig\); `mode`, `inclusion` and `exclusion`/);
    assert.deepEqual(others, []);
  });

  it('is shown resource by resource, with what each becomes', async () => {
    const text = [
      `${head('handler', 'h')}spec: { compiledAdapter: listchecker }\n`,
      `${head('denier', 'd')}spec: {}\n`,
      `${head('instance', 'i')}spec: { compiledTemplate: quota }\n`,
      `${head('rule', 'r')}spec: {}\n`,
      head('QuotaSpecBinding', 'b'),
      head('handler', 'k') + 'spec: { compiledAdapter: kubernetesenv }\n',
    ].join('---\n');
    const all = await told(text);
    const becomes = [
      /\(handler\); `handlers: \[ \{ name: h, adapter: list, params: … \} \]` .* as in `spec.params`$/,
      /\(denier\); `handlers: \[ \{ name: d, adapter: denier, params: … \} \]` .* as in `spec`$/,
      /\(instance\); `instances: \[ \{ name: i, template: quota, params: … \} \]`/,
      /\(rule\); `rules: \[ \{ name: r, … \} \]` in one document .* the fields of `spec`$/,
      /\(QuotaSpecBinding\); the rule's `match`/,
      /\(handler\); nothing: .*`peers: HEADERS`/,
    ];
    assert.equal(all.length, becomes.length);
    for (const [at, expected] of becomes.entries()) assert.match(all[at] ?? '', expected);
  });
});

describe('the warning of an attribute that can be absent', () => {
  const rule = (match: string): string =>
    `rules: [ { name: r, match: '${match}', actions: [ { handler: { adapter: denier } } ] } ]`;
  it('shows the element to guard where it is one of a map', async () => {
    assert.deepEqual(await told(rule('source.labels["app"] == "a"'), 'warning'), [
      'W0901 `source.labels` can be absent, and the condition then fails; `(source.labels["app"] | "")`, for requests without it, which on an inbound listener is all of them while the document has no `peers`',
    ]);
    const [known = ''] = await told(
      `peers: HEADERS\n${rule('source.labels["app"] == "a"')}`,
      'warning',
    );
    assert.match(known, /for requests without it$/);
    assert.deepEqual(await told(rule('(source.labels["app"] | "") == "a"'), 'warning'), []);
  });
});
