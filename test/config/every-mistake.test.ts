// Every mistake of a document shows at once, and none that is not there: what stands beside a faulty handler or
// instance is read all the same.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { ROOT } from '../../tools/build/root.ts';
import { describeDocument } from '../../tools/render/describe.ts';

const WASM = join(ROOT, 'dist/mixer.wasm');
const CALLER = { name: 'caller', template: 'listentry', params: { value: 'source.ip' } };

/** Code and quoted text of every diagnostic. */
async function found(document: object): Promise<string[]> {
  const { diagnostics } = await describeDocument(JSON.stringify(document), WASM);
  return diagnostics.map(({ code, pointer }) => `${code} ${pointer}`).sort();
}

const rule = (action: object): object => ({ name: 'r', actions: [action] });

describe('an action with an unknown handler', () => {
  it('has the mistakes of its instances shown, by name and written in it', async () => {
    const wrong = { template: 'listentry', params: { value: 'request.pathh' } };
    const instances = ['caller', 'nobody', wrong, { params: { value: 'source.ip' } }];
    const document = { instances: [CALLER], rules: [rule({ handler: 'absent', instances })] };
    assert.deepEqual(await found(document), [
      'E0301 /rules/0/actions/0/instances/2/params/value',
      'E0402 /rules/0/actions/0/handler',
      'E0403 /rules/0/actions/0/instances/1',
    ]);
  });

  it('uses its instances: none of them is called unused', async () => {
    const action = { handler: 'absent', instances: ['caller'] };
    assert.deepEqual(await found({ instances: [CALLER], rules: [rule(action)] }), [
      'E0402 /rules/0/actions/0/handler',
    ]);
  });
});

describe('a handler or instance that could not be read', () => {
  it('is not unknown where it is named', async () => {
    const document = {
      handlers: [{ name: 'gate', adapter: 'denyer' }],
      instances: [{ ...CALLER, template: 'listentri' }],
      rules: [rule({ handler: 'gate', instances: ['caller'] })],
    };
    assert.deepEqual(await found(document), [
      'E0404 /handlers/0/adapter',
      'E0405 /instances/0/template',
    ]);
  });
});

describe('the monitored resource of Mixer’s templates', () => {
  const metric = (more: object): object => ({
    handlers: [{ name: 'p', adapter: 'stdio' }],
    instances: [{ name: 'm', template: 'metric', params: { value: '1', ...more } }],
    rules: [rule({ handler: 'p', instances: ['m'] })],
  });

  it('is taken as Istio’s samples write it', async () => {
    const more = { monitored_resource_type: '"UNSPECIFIED"', monitoredResourceDimensions: {} };
    assert.deepEqual(await found(metric(more)), []);
    const log = {
      handlers: [{ name: 'l', adapter: 'stdio' }],
      instances: [{ name: 'e', template: 'logentry', params: { ...more, variables: {} } }],
      rules: [rule({ handler: 'l', instances: ['e'] })],
    };
    assert.deepEqual(await found(log), []);
  });

  it('is checked as the other fields are', async () => {
    assert.deepEqual(await found(metric({ monitoredResourceType: 'response.code' })), [
      'E0303 /instances/0/params/monitoredResourceType',
    ]);
    assert.deepEqual(await found(metric({ monitoredResourceDimensions: { a: 'sourc.ip' } })), [
      'E0301 /instances/0/params/monitoredResourceDimensions/a',
    ]);
  });
});

describe('what handlers find when they are built', () => {
  const list = (name: string, entryType: string, override: string): object => ({
    name,
    adapter: 'list',
    params: { entryType, overrides: [override] },
  });
  const handlers = [list('a', 'IP_ADDRESSES', 'x'), list('b', 'REGEX', '(a')];
  const asked = handlers.map((_, index) => ({ handler: 'ab'[index], instances: ['caller'] }));
  const text = { ...CALLER, params: { value: 'request.path' } };
  const rules = (more: object): object[] => [
    { name: 'first', actions: [asked[1]], ...more },
    { name: 'second', actions: [asked[0]] },
  ];

  it('is shown for all of them, beside a rule that has a mistake of its own', async () => {
    const document = { handlers, instances: [text] };
    const without = await found({ ...document, rules: rules({}) });
    assert.deepEqual(without.map((line) => line.split(' ')[1]).sort(), [
      '/handlers/0/params/overrides/0',
      '/handlers/1/params/overrides/0',
    ]);
    const match = await found({ ...document, rules: rules({ match: 'request.pathh' }) });
    assert.deepEqual(match, [...without, 'E0301 /rules/0/match'].sort());
  });

  it('is not shown where it may come from an instance that could not be read', async () => {
    const metrics = [{ name: 'm', kind: 'COUNTER', labelNames: ['code'] }];
    const dimensions = { code: 'response.codee' };
    const instance = { name: 'm', template: 'metric', params: { value: '1', dimensions } };
    const document = {
      handlers: [{ name: 'p', adapter: 'prometheus', params: { metrics } }],
      instances: [instance],
      rules: [rule({ handler: 'p', instances: ['m'] })],
    };
    assert.deepEqual(await found(document), ['E0301 /instances/0/params/dimensions/code']);
  });
});

describe('what was expected', () => {
  const expected = async (document: object): Promise<string[]> => {
    const { diagnostics } = await describeDocument(JSON.stringify(document), WASM);
    return diagnostics.map((each) => `${each.code}: ${each.expected}`);
  };

  it('is said of a function that there is not, in both languages', async () => {
    const action = { handler: { adapter: 'denier' } };
    for (const [language, names] of [
      ['CEXL', /^E0302: one of conditional, .*, toLower, /],
      ['CEL', /^E0302: one of size, startsWith, .*, json$/],
    ] as const) {
      const match = 'sise(request.path) == 1';
      const [told, ...others] = await expected({ rules: [{ ...rule(action), language, match }] });
      assert.match(told ?? '', names);
      assert.deepEqual(others, []);
    }
  });

  it('is said of an instance that an action names twice', async () => {
    const handlers = [{ name: 'gate', adapter: 'denier' }];
    const rules = [rule({ handler: 'gate', instances: ['caller', 'caller'] })];
    assert.deepEqual(await expected({ handlers, instances: [CALLER], rules }), [
      'E0401: each instance once',
    ]);
  });
});

describe('an empty name', () => {
  it('is none, of a handler, an instance or a rule', async () => {
    const action = { handler: { adapter: 'denier' } };
    const document = {
      handlers: [{ name: '', adapter: 'denier' }],
      instances: [{ name: '', template: 'checknothing' }],
      rules: [{ name: '', actions: [action] }],
    };
    const problems = (await found(document)).filter((line) => line.startsWith('E'));
    assert.deepEqual(problems, [
      'E0209 /handlers/0/name',
      'E0209 /instances/0/name',
      'E0209 /rules/0/name',
    ]);
  });
});

describe('what stands where a name belongs', () => {
  it('is no name where it is empty, beside handlers that have none either', async () => {
    const actions = [rule({ handler: '', instances: [''] })];
    const places = ['E0209 /rules/0/actions/0/handler', 'E0209 /rules/0/actions/0/instances/0'];
    assert.deepEqual(await found({ rules: actions }), places);
    const handlers = [{ name: '', adapter: 'denyer' }];
    assert.deepEqual(await found({ handlers, rules: actions }), [
      ...['E0209 /handlers/0/name', ...places, 'E0404 /handlers/0/adapter'],
    ]);
  });

  it('is no name where it is a number, be there one of the same digits', async () => {
    const handlers = [{ name: '5', adapter: 'denier' }];
    assert.deepEqual(await found({ handlers, rules: [rule({ handler: 5 })] }), [
      'E0203 /rules/0/actions/0/handler',
    ]);
  });

  it('has its type told where it is no text: YAML reads `no` as false', async () => {
    assert.deepEqual(await found({ rules: [rule({ handler: false, instances: [1] })] }), [
      'E0203 /rules/0/actions/0/handler',
      'E0203 /rules/0/actions/0/instances/0',
    ]);
  });
});

describe('a status code', () => {
  const codes = (code: unknown): Promise<string[]> =>
    found({ rules: [rule({ handler: { adapter: 'denier', params: { status: { code } } } })] });

  it('may be a number in a string, as protobuf writes it', async () => {
    assert.deepEqual(await codes('7'), []);
    assert.deepEqual(await codes('-2147483648'), []);
    assert.deepEqual(await codes('2147483648'), [
      'E0204 /rules/0/actions/0/handler/params/status/code',
    ]);
    assert.deepEqual(await codes('PERMISSION'), [
      'E0222 /rules/0/actions/0/handler/params/status/code',
    ]);
  });
});
