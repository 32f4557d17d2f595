// The forms in which a list of addresses may be served, and what is none.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ProvidedList } from '../cases/list-provider.ts';

const UNAVAILABLE = 503;

describe('a list of addresses', () => {
  const served = async (body: string): Promise<ProvidedList> =>
    ProvidedList.serve({ params: { entryType: 'IP_ADDRESSES' } }, body);

  for (const [form, body] of [
    [
      'block',
      '---\n# ours\nother: [1, 2]\nwhitelist:\n  - "10.0.0.1" # first\n  - 2001:db8::/32\nmore:\n  - x\n',
    ],
    ['flow', "whitelist: ['10.0.0.1',\n  2001:db8::/32 ]\n"],
    ['lines', '# ours\n10.0.0.1\n2001:db8::/32\n'],
    [
      'JSON',
      '{"a # b": {"whitelist": ["10.0.0.2"], "b": [1e3, null, "\\"]"]}, "whitelist":["10.0.0.1","2001:db8::/32"]}',
    ],
    [
      'JSON of many lines',
      '{\n  "whitelist" :\n  [\n    "10.0.0.1",\n    "2001:db8::/32"\n  ],\n  "c": 1\n}\n',
    ],
    ['array', '["10.0.0.1", "2001:db8::/32"]'],
  ] as const) {
    it(`may be written in ${form} form`, async () => {
      const list = await served(body);
      assert.deepEqual(
        ['10.0.0.1', '2001:db8::7', '10.0.0.2'].map((value) => list.check(value)),
        [200, 200, 403],
      );
    });
  }

  for (const body of [
    '- 10.0.0.1\n',
    'JUNK',
    'whitelist: 10.0.0.1\n',
    'whitelist: [10.0.0.1\n',
    'whitelist:\n-\n',
    '{"whitelist": ["10.0.0.1"]',
    '{"whitelist": [10.0.0.1]}',
    '{whitelist: ["10.0.0.1"]}',
    '{"whitelist": ["10.0.0.1"]} ["10.0.0.1"]',
    '{"whitelist": "10.0.0.1"}',
    '{"whitelist": ["10.0.0.1"}]',
    '{"prefixes": ["10.0.0.1"]}',
    '["10.0.0.1", ""]',
    '["10.0.0.1", "10.0.0.1\\n"]',
  ]) {
    it(`is none when it is ${JSON.stringify(body)}`, async () => {
      const list = await served(body);
      assert.equal(list.check('10.0.0.1'), UNAVAILABLE);
    });
  }

  it('may be empty', async () => {
    assert.equal((await served('whitelist: []\n')).check('10.0.0.1'), 403);
  });
});
