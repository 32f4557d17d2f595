import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { ROOT } from '../../tools/build/root.ts';
import { readmeExamples } from '../../tools/docs/tables/observed.ts';

type Tree = Readonly<Record<string, unknown>>;

const schema = JSON.parse(
  readFileSync(join(ROOT, 'docs/reference/mixer.schema.json'), 'utf8'),
) as Tree;
// `if`/`then` names fields whose type stands elsewhere, which strictTypes and strictRequired object to.
const ajv = new Ajv2020({
  allErrors: true,
  strict: true,
  strictTypes: false,
  strictRequired: false,
});
ajv.addVocabulary(['x-expression', 'x-template', 'x-expression-leaves']);
const validate = ajv.compile(schema);

function problems(document: unknown): string[] {
  if (validate(document)) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
}

function load(file: string): unknown {
  return parse(readFileSync(join(ROOT, file), 'utf8'), { merge: true }) as unknown;
}

const adapters = readdirSync(join(ROOT, 'adapters'));

interface Case {
  readonly name: string;
  readonly document: unknown;
  readonly expect?: { readonly refused?: unknown };
}

describe('the schema takes what the filter takes', () => {
  it('the demo', () => {
    assert.deepEqual(problems(load('envoy/demo.yaml')), []);
  });

  for (const adapter of adapters) {
    it(`the examples in the README of ${adapter}`, () => {
      const examples = readmeExamples(join(ROOT, 'adapters', adapter), adapter);
      assert.ok(examples.length > 0, 'it has none');
      assert.deepEqual(
        examples.flatMap((example) => problems(parse(example))),
        [],
      );
    });

    it(`every accepted document in the cases of ${adapter}`, () => {
      const { cases = [] } = load(`adapters/${adapter}/cases.yaml`) as { cases?: Case[] };
      const accepted = cases.filter(({ expect }) => expect?.refused === undefined);
      const found = accepted.flatMap(({ name, document }) =>
        problems(document).map((problem) => `${name}: ${problem}`),
      );
      assert.deepEqual(found, []);
    });
  }

  it('names in snake_case, numbers in strings, null for what is left out', () => {
    const document = {
      api_version: 'mixer/v1',
      strip_request_headers: null,
      rules: [
        {
          name: 'a',
          on_error: { match: 'ALLOW' },
          request_header_operations: [{ name: 'x', if_absent: 'KEEP', values: ['"a"', 1, true] }],
          actions: [{ handler: { adapter: 'denier', params: null }, charge: '2' }],
        },
      ],
    };
    assert.deepEqual(problems(document), []);
  });
});

/** What is wrong → a document, and where the schema points. */
const WRONG: readonly (readonly [string, unknown, RegExp])[] = [
  ['an unknown field', { rulez: [] }, /additional properties/],
  [
    'a field in both spellings',
    { apiVersion: 'mixer/v1', api_version: 'mixer/v1' },
    /NOT be valid/,
  ],
  ['another version', { apiVersion: 'mixer/v2' }, /apiVersion must be equal/],
  ['a rule without a name', { rules: [{ actions: [] }] }, /required property 'name'/],
  ['a name with a blank', { rules: [{ name: 'a b' }] }, /name must match pattern/],
  ['an unknown adapter', { handlers: [{ name: 'a', adapter: 'lisst' }] }, /adapter must/],
  [
    'a parameter of another adapter',
    { handlers: [{ name: 'a', adapter: 'denier', params: { blacklist: true } }] },
    /params must NOT have additional properties/,
  ],
  [
    'a duration without a unit',
    { handlers: [{ name: 'a', adapter: 'denier', params: { validDuration: '5' } }] },
    /validDuration must match pattern/,
  ],
  [
    'an integer out of range',
    { handlers: [{ name: 'a', adapter: 'denier', params: { validUseCount: -1 } }] },
    /validUseCount must be >= 0/,
  ],
  ['an unknown template', { instances: [{ name: 'a', template: 'listcheck' }] }, /template must/],
  [
    'a list entry without a value',
    { instances: [{ name: 'a', template: 'listentry', params: {} }] },
    /required property 'value'/,
  ],
  ['an expression that is a list', { rules: [{ name: 'a', match: [] }] }, /match must be/],
  ['an unknown mode', { rules: [{ name: 'a', mode: 'DRY' }] }, /mode must be/],
  ['a field that is not yet supported', { rules: [{ name: 'a', percent: 1 }] }, /percent must NOT/],
];

describe('the schema refuses', () => {
  for (const [what, document, where] of WRONG) {
    it(what, () => {
      assert.match(problems(document).join('\n'), where);
    });
  }
});

describe('every field of the schema', () => {
  it('has a description', () => {
    const missing: string[] = [];
    visit(schema, '', (properties, path) => {
      for (const [name, value] of Object.entries(properties)) {
        const { description } = value as Tree;
        if (typeof description !== 'string' || description === '') missing.push(`${path}/${name}`);
      }
    });
    assert.deepEqual(missing, []);
  });

  it('says which are expressions and of which type', () => {
    const { properties } = (schema['$defs'] as Record<string, Tree>)['rule']!;
    const { match } = properties as Record<string, { anyOf: Tree[] }>;
    assert.equal(match!.anyOf[0]!['x-expression'], 'BOOL');
  });
});

const LISTS = ['anyOf', 'oneOf', 'allOf'];

/** Calls back for the properties of each object that is described, not for those of conditions. */
function visit(
  value: unknown,
  path: string,
  found: (properties: Tree, path: string) => void,
): void {
  if (typeof value !== 'object' || value === null) return;
  const { properties = {}, $defs = {}, items, additionalProperties, ...rest } = value as Tree;
  found(properties as Tree, path);
  for (const [name, inner] of [
    ...Object.entries(properties as Tree),
    ...Object.entries($defs as Tree),
  ])
    visit(inner, `${path}/${name}`, found);
  visit(items, `${path}/items`, found);
  visit(additionalProperties, `${path}/*`, found);
  for (const name of LISTS)
    for (const inner of (rest[name] ?? []) as unknown[])
      if (!(inner as Tree)['if']) visit(inner, path, found);
}
