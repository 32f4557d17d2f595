// The expressions that turn stat names into labels, by the rules of Envoy's tag extraction: the
// first group leaves the name, the second is the value, and dots at an end are dropped. That RE2
// and Envoy read them alike was seen on Envoy 1.40.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { statsTags } from '../../tools/render/stats-tags.ts';

const LABELS = ['app', 'source_app', 'reporter', 'response_code'];

/** What Envoy makes of a stat name. */
function extract(stat: string): { name: string; labels: Record<string, string> } {
  const labels: Record<string, string> = {};
  let name = stat;
  for (const { tag_name, regex } of statsTags(LABELS)) {
    const match = new RegExp(regex).exec(stat);
    if (match === null) continue;
    labels[tag_name] = (match[2] ?? '').replace(/\.+$/, '');
    name = name.replace(match[1] ?? '', '');
  }
  return { name: name.replace(/\.+$/, ''), labels };
}

const ROWS: readonly (readonly [
  what: string,
  stat: string,
  name: string,
  labels: Record<string, string>,
])[] = [
  [
    'labels in order',
    'wasmcustom.m.reporter=destination;response_code=200;',
    'wasmcustom.m',
    { reporter: 'destination', response_code: '200' },
  ],
  [
    'empty values',
    'wasmcustom.m.reporter=;source_app=;',
    'wasmcustom.m',
    { reporter: '', source_app: '' },
  ],
  [
    'dots in values',
    'wasmcustom.m.reporter=a.b;source_app=.c;',
    'wasmcustom.m',
    { reporter: 'a.b', source_app: '.c' },
  ],
  [
    'encoded separators',
    'wasmcustom.m.reporter=app%3Dx%3B;app=1;',
    'wasmcustom.m',
    { reporter: 'app%3Dx%3B', app: '1' },
  ],
  [
    'a label that ends another',
    'wasmcustom.m.source_app=s;app=t;',
    'wasmcustom.m',
    { source_app: 's', app: 't' },
  ],
  [
    'blanks, quotes, backslashes',
    'wasmcustom.m.reporter=a "b" \\c;',
    'wasmcustom.m',
    { reporter: 'a "b" \\c' },
  ],
  ['no labels', 'wasmcustom.m', 'wasmcustom.m', {}],
  ['a name with dots', 'wasmcustom.a.b.reporter=x;', 'wasmcustom.a.b', { reporter: 'x' }],
  ['a statistic of Envoy', 'cluster.reporter=x;.up', 'cluster.reporter=x;.up', {}],
];

describe('stats_tags', () => {
  for (const [what, stat, name, labels] of ROWS) {
    it(`reads ${what}`, () => assert.deepEqual(extract(stat), { name, labels }));
  }

  it('is sorted and has each label once', () => {
    const names = statsTags(['rule', 'adapter', 'rule']).map((tag) => tag.tag_name);
    assert.deepEqual(names, ['adapter', 'rule']);
  });

  it('refuses names that are no labels, which could change the expression', () => {
    for (const label of ['', 'a b', '9a', 'a(', 'a|b', '__name__'])
      assert.throws(() => statsTags([label]), /label name/);
  });
});
