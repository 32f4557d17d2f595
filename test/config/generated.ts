// Documents at one past a limit: too long to stand in a file.

const HANDLERS = 'handlers:\n- { name: closed, adapter: denier }\n';

function rules(lines: readonly string[]): string {
  return `${HANDLERS}rules:\n${lines.join('\n')}\n`;
}

function matching(expression: string): string {
  return rules(['- name: all', `  match: '${expression}'`, '  actions: [ { handler: closed } ]']);
}

function listOf(count: number, item: (index: number) => string): string[] {
  return Array.from({ length: count }, (_, index) => item(index));
}

const KEPT_IN_A_RULE = 1_000;

/** A document whose reports read so many headers of the request, each of which is kept for them. */
export function keeping(count: number): string {
  const reads = listOf(count, (index) => `request.headers["x-${index}"] == "a"`);
  const ruleCount = Math.ceil(count / KEPT_IN_A_RULE);
  return [
    'handlers: [ { name: nothing, adapter: noop } ]',
    'instances: [ { name: seen, template: reportnothing } ]',
    'rules:',
    ...listOf(ruleCount, (rule) => {
      const own = reads.slice(rule * KEPT_IN_A_RULE, (rule + 1) * KEPT_IN_A_RULE).join(' || ');
      return `- { name: r${rule}, match: '${own}', actions: [ { handler: nothing, instances: [seen] } ] }`;
    }),
    '',
  ].join('\n');
}

/** A document with so many patterns of nearly as many instructions as one may have, and a rule that denies `/deny`. */
export function matchingPatterns(count: number, revision = ''): string {
  const actions = [{ handler: 'closed' }];
  const large = '[ab]{1000}'.repeat(9);
  return JSON.stringify({
    revision,
    handlers: [{ name: 'closed', adapter: 'denier' }],
    rules: [
      { name: 'deny', match: 'request.url_path == "/deny"', actions },
      ...listOf(count, (index) => `"${index}${large}".matches(request.path)`).map(
        (match, index) => ({ name: `r${index}`, match, actions }),
      ),
    ],
  });
}

/** The document of a golden by its file's name. */
export const GENERATED: Readonly<Record<string, () => string | Uint8Array>> = {
  'NotUtf8.json': () => Uint8Array.of(0x7b, 0x22, 0x61, 0x80, 0x22, 0x3a, 0x31, 0x7d),
  'TooDeep.json': () => `{"rules":${'['.repeat(65)}`,
  'DocumentTooLarge.json': () => new Uint8Array(16_777_217).fill(0x20),
  'TooManyValues.json': () => `{"rules":[${'0,'.repeat(500_000)}0]}`,
  'MoreNotShown.json': () => `{${listOf(101, (index) => `"r${index}":0`).join(',')}}`,
  'TextTooLong.json': () => `{"${'k'.repeat(1_025)}":1}`,
  'TooManyEntries.yaml': () =>
    [
      'handlers:',
      '- name: metrics',
      '  adapter: prometheus',
      '  params: { metrics: [ { name: seen, instanceName: seen, kind: DISTRIBUTION,',
      `    buckets: { explicitBuckets: { bounds: [${listOf(1_001, String).join(',')}] } } } ] }`,
      "instances: [ { name: seen, template: metric, params: { value: '1' } } ]",
      'rules: [ { name: all, actions: [ { handler: metrics, instances: [seen] } ] } ]',
      '',
    ].join('\n'),
  'ExpressionTooLong.yaml': () => matching(`"${'x'.repeat(65_537)}" == request.path`),
  'ExpressionTooDeep.yaml': () =>
    matching(`${'('.repeat(201)}request.path == "/"${')'.repeat(201)}`),
  'ExpressionTooLarge.yaml': () => matching(listOf(10_001, () => '1==1').join('||')),
  'TooManyRules.yaml': () =>
    rules(listOf(10_001, (index) => `- { name: r${index}, actions: [ { handler: closed } ] }`)),
  'TooManyActions.yaml': () =>
    rules(['- name: all', '  actions:', ...listOf(257, () => '  - { handler: closed }')]),
  'RecordTooLarge.yaml': () => keeping(4_080),
  'TooManyAttributes.yaml': () => {
    const names = listOf(4_097, (index) => `  a${index}: { type: STRING, property: [a] }`);
    return `attributes:\n${names.join('\n')}\n${HANDLERS}rules: []\n`;
  },
};
