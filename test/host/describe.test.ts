import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  describe as describeModule,
  DescribeFailed,
  parseDescription,
} from '../../tools/host/describe.ts';
import { fixture } from './support.ts';

const DIAGNOSTIC = {
  code: 'E0203',
  severity: 'error',
  owner: 'rule api-policy',
  pointer: '/rules/0/match',
  key: false,
  offset: 3,
  size: 5,
  message: 'unknown attribute `request.pathh`',
  expected: 'an attribute',
  suggestion: 'request.path',
  related: '',
};
const WHOLE = {
  accepted: false,
  diagnostics: [DIAGNOSTIC],
  features: ['check'],
  labels: ['a'],
  handlers: [],
  clusters: [],
  environment: ['A'],
  secrets: ['shown nowhere'],
  readsDirectAddress: false,
  rules: ['api-policy'],
};

describe('describing a configuration', () => {
  it('gives what the module says, also when configure refused', async () => {
    for (const line of ['accept', 'refuse']) {
      const { logs, ...described } = await describeModule(
        fixture('described'),
        `${line}\n${JSON.stringify(WHOLE)}`,
      );
      assert.deepEqual(described, WHOLE);
      assert.deepEqual(logs, []);
    }
  });

  it('says which field of the description is wrong', () => {
    const wrong = (change: object, message: RegExp): void => {
      const parse = (): unknown => parseDescription(JSON.stringify({ ...WHOLE, ...change }));
      assert.throws(
        parse,
        (error) => error instanceof DescribeFailed && message.test(error.message),
      );
    };
    wrong({ accepted: 1 }, /: accepted is 1, expected a boolean$/);
    wrong({ rules: [1] }, /: rules is \[1\], expected a list of strings$/);
    wrong(
      { diagnostics: [{ ...DIAGNOSTIC, severity: 'x' }] },
      /: diagnostics\[0\]\.severity is "x", expected "error" or "warning"$/,
    );
    wrong(
      { diagnostics: [{ ...DIAGNOSTIC, offset: 1.5 }] },
      /: diagnostics\[0\]\.offset is 1\.5, expected an integer$/,
    );
    wrong({ diagnostics: [3] }, /: diagnostics\[0\] is no object$/);
    wrong({ features: undefined }, /: features is nothing, expected a list$/);
    assert.throws(
      () => parseDescription(`{"handlers":[{"standardInstances":{"a":1}]}${'"x",'.repeat(99)}`),
      /gives no JSON, here: \{"handlers":\[\{"standardInstances":\{"a":1\}\]\}\S{0,16}\nexpected JSON of every adapter/,
    );
  });

  it('fails when the module traps', async () => {
    await assert.rejects(
      describeModule(fixture('described'), 'trap\n{}'),
      /the module: proxy_on_configure trapped: unreachable\n {2}0x[0-9a-f]+ - \S+/,
    );
  });

  it('judges a module without a description by configure and its log', async () => {
    const accepted = await describeModule(fixture('probe'), 'conf log 3 careful');
    assert.deepEqual(
      [accepted.accepted, accepted.diagnostics.map(({ severity, message }) => [severity, message])],
      [true, [['warning', 'careful']]],
    );
    const refused = await describeModule(fixture('probe'), 'conf log 4 wrong\nconf return 0');
    assert.deepEqual([refused.accepted, refused.diagnostics.length], [false, 1]);
  });

  it('passes node, names and environment on', async () => {
    const script = 'conf property plugin_name\nconf property xds/node/id\nconf environ';
    const { logs } = await describeModule(fixture('probe'), script, {
      pluginName: 'p',
      node: { id: 'n' },
      environment: { A: 'b' },
    });
    assert.deepEqual(
      logs.slice(3).map(({ text }) => text.split(' = ')[1]),
      ["0 'p'", "0 'n'", "0 1 'A=b'"],
    );
  });
});
