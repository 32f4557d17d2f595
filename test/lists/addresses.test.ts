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
      'JSON beside numbers and words',
      '{"more": [-0.5E+3, true,false ,null, {"a": 0}, 1\n, 2\n], "whitelist":["10.0.0.1","2001:db8::/32"]}',
    ],
    [
      'JSON of many lines',
      '{\n  "whitelist" :\n  [\n    "10.0.0.1",\n    "2001:db8::/32"\n  ],\n  "c": 1\n}\n',
    ],
    ['array', '["10.0.0.1", "2001:db8::/32"]'],
    // Longer than what one step looks at, wherever an end can lie.
    [
      'flow with much between',
      `whitelist: [ ${' ,'.repeat(700)}10.0.0.1,${' '.repeat(700)}2001:db8::/32]\n`,
    ],
    [
      'flow behind a comment',
      `whitelist: [ # ${'one, '.repeat(200)}\n10.0.0.1, # "\n2001:db8::/32 ] # ]\n`,
    ],
    [
      'JSON beside long texts',
      `{"${'k'.repeat(1_000)}": "${'\\"'.repeat(600)}",${' '.repeat(900)}"whitelist": [${' '.repeat(255)}"10.0.0.1","2001:db8::/32"]}`,
    ],
    [
      'lines beside long comments',
      `#${'c'.repeat(100_000)}\n10.0.0.1 #${' '.repeat(70_000)}\n2001:db8::/32\n`,
    ],
    [
      'block beside long values',
      `other: ${'v'.repeat(70_000)}\nwhitelist:\n- 10.0.0.1\n- 2001:db8::/32\n`,
    ],
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
    '["10.0.0.1" "10.0.0.2"]',
    '["10.0.0.1",]',
    '["10.0.0.1",,"10.0.0.2"]',
    '[,"10.0.0.1"]',
    '{"whitelist": ["10.0.0.1"],}',
    '{"whitelist": ["10.0.0.1"], ["10.0.0.1"]}',
    '{"whitelist": ["10.0.0.1"] "more": 1}',
    '{"whitelist", "more": 1, "whitelist": ["10.0.0.1"]}',
    '{"more": , "whitelist": ["10.0.0.1"]}',
    '{"more": 1 2, "whitelist": ["10.0.0.1"]}',
    '{"more": [1,], "whitelist": ["10.0.0.1"]}',
    '{"more": 01, "whitelist": ["10.0.0.1"]}',
    '{"more": [1.], "whitelist": ["10.0.0.1"]}',
    '{"more": tru\n, "whitelist": ["10.0.0.1"]}',
    '{"whitelist": ["10.0.0.1"], "more": nul}',
    '{"whitelist": ["10.0.0.1"], "more": 1e+}',
    '{"more": [1\n2], "whitelist": ["10.0.0.1"]}',
    '{"more": {"a": 1,}, "whitelist": ["10.0.0.1"]}',
    '{"whitelist": ["10.0.0.1"], "whitelist": ["10.0.0.2"]}',
    "whitelist: ['10.0.0.1', '']\n",
    'whitelist: [10.0.0.1]]\n',
    'whitelist: [10.0.0.1]\nwhitelist: [10.0.0.2]\n',
    'whitelist:\nmore: 1\nwhitelist:\n- 10.0.0.1\n',
    'whitelist: null\nwhitelist: [10.0.0.1]\n',
  ]) {
    it(`is none when it is ${JSON.stringify(body)}`, async () => {
      const list = await served(body);
      assert.equal(list.check('10.0.0.1'), UNAVAILABLE);
    });
  }

  for (const [what, body] of [
    ['an item of more than 256 bytes', `whitelist: [10.0.0.1, ${'x'.repeat(257)}]\n`],
    ['a number of more than 256 digits', `{"n": ${'1'.repeat(257)}, "whitelist": ["10.0.0.1"]}`],
    ['a string without an end', `["10.0.0.1", "${'1'.repeat(1_000)}`],
    ['a line of blanks beyond 65,536 bytes', `10.0.0.1\n${' '.repeat(65_537)}\n`],
    [
      'a null behind which 65,536 bytes hide something',
      `whitelist: ~${' '.repeat(65_536)}10.0.0.1\n`,
    ],
  ] as const) {
    it(`is none with ${what}`, async () => {
      assert.equal((await served(body)).check('10.0.0.1'), UNAVAILABLE);
    });
  }

  it('has every range around all IPv4 addresses once, without an IPv4 address', async () => {
    const list = await served('::8000:0:0/81\n::/40\n::fffe:0:0/95\n::/64\n::/40\n10.0.0.1\n');
    assert.deepEqual(
      ['10.0.0.1', '10.0.0.2', '::fffe:0:1', '::1', '0:0:1::1', '100::', '::ffff:10.0.0.1'].map(
        (value) => list.check(value),
      ),
      [200, 403, 200, 200, 200, 403, 200],
    );
    assert.equal(list.metric('entries'), 6);
  });

  it('may be empty', async () => {
    assert.equal((await served('whitelist: []\n')).check('10.0.0.1'), 403);
  });
});
