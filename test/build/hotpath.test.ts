import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkHotpath, type Exemption } from '../../tools/build/hotpath/check.ts';
import { readCallGraph } from '../../tools/build/hotpath/wat.ts';

const EXPORTS = ['proxy_on_request_headers', 'proxy_on_log'];
const HEAP = '~lib/rt/tcms/__new';

/** A module in the compiler's text form: functions by name with the lines of their bodies. */
function moduleText(
  functions: Readonly<Record<string, string>>,
  more: readonly string[] = [],
): string {
  const bodies = Object.entries(functions).map(
    ([name, body]) => ` (func $${name} (param $0 i32)\n  ${body}\n )`,
  );
  const types = [' (type $0 (func (param i32)))', ' (type $1 (func (param i64)))'];
  return [
    '(module',
    ...types,
    ' (export "proxy_on_request_headers" (func $hot))',
    ...more,
    ...bodies,
    ')',
  ].join('\n');
}

function check(text: string, exempt: readonly Exemption[] = []): ReturnType<typeof checkHotpath> {
  return checkHotpath(readCallGraph(text), EXPORTS, exempt);
}

describe('the hot-path check', () => {
  it('is content when nothing allocates', () => {
    const report = check(
      moduleText({ hot: '(call $assembly/a/walk', 'assembly/a/walk': 'nop', [HEAP]: 'nop' }),
    );
    assert.deepEqual(report, {
      allocations: [],
      traps: [],
      stale: [],
      exportCount: 1,
      functionCount: 2,
    });
  });

  it('names the function that allocates, what it calls for it, and the shortest way to it', () => {
    const text = moduleText({
      hot: '(call $assembly/a/far\n  (call $assembly/a/near',
      'assembly/a/far': '(call $assembly/a/near',
      'assembly/a/near': '(drop (call $"~lib/array/Array<u32>#push"',
      '"~lib/array/Array<u32>#push"': `(call $${HEAP}`,
      [HEAP]: 'nop',
    });
    const told = [
      'allocates on the hot path: assembly/a/near',
      `  by calling ~lib/array/Array<u32>#push > ${HEAP}`,
      '  reached by hot',
    ];
    assert.deepEqual(check(text).allocations, [told.join('\n')]);
  });

  it('names the function of the adapter where it calls what allocates', () => {
    const text = moduleText({
      hot: '(call $adapters/b/onCheck',
      'adapters/b/onCheck': '(drop (call $assembly/a/Status#constructor',
      'assembly/a/Status#constructor': `(call $${HEAP}`,
      [HEAP]: 'nop',
    });
    const told = [
      'allocates on the hot path: adapters/b/onCheck',
      `  by calling assembly/a/Status#constructor > ${HEAP}`,
      '  reached by hot',
    ];
    assert.deepEqual(check(text).allocations, [told.join('\n')]);
  });

  it('tells every function that allocates, not only the first', () => {
    const text = moduleText({
      hot: '(call $assembly/a/one\n  (call $assembly/a/two',
      'assembly/a/one': `(call $${HEAP}`,
      'assembly/a/two': `(call $${HEAP}`,
      [HEAP]: 'nop',
    });
    assert.equal(check(text).allocations.length, 2);
  });

  it('follows calls through a table to functions of the same type only', () => {
    const table = [' (elem $0 (i32.const 1) $assembly/a/same)'];
    const functions = {
      hot: '(call_indirect (type $0)',
      'assembly/a/same': `(call $${HEAP}`,
      [HEAP]: 'nop',
    };
    assert.equal(check(moduleText(functions, table)).allocations.length, 1);
    const other = { ...functions, hot: '(call_indirect (type $1)' };
    assert.equal(check(moduleText(other, table)).allocations.length, 0);
  });

  it('tells where a failed check of the standard library would trap', () => {
    const text = moduleText({
      hot: '(call $~lib/array/Array#__get',
      '~lib/array/Array#__get': '(call $assembly/abi/abort/abort',
      'assembly/abi/abort/abort': 'unreachable',
    });
    const { allocations, traps } = check(text);
    assert.deepEqual(allocations, []);
    assert.deepEqual(traps, ['hot > ~lib/array/Array#__get > assembly/abi/abort/abort']);
  });

  it('fails when the module has no hot export', () => {
    assert.deepEqual(check('(module\n)').allocations, ['the module has none of the hot exports']);
  });
});

describe('an exemption of the hot-path check', () => {
  const text = moduleText({
    hot: '(call $assembly/a/createRoot',
    'assembly/a/createRoot': `(call $${HEAP}`,
    'assembly/a/idle': 'nop',
    [HEAP]: 'nop',
  });
  const reason = 'a root context is created while nothing is served';

  it('excuses what lies behind the function it names', () => {
    assert.deepEqual(check(text, [{ function: 'assembly/a/createRoot', reason }]), {
      allocations: [],
      traps: [],
      stale: [],
      exportCount: 1,
      functionCount: 2,
    });
  });

  it('is stale when the function is not reached', () => {
    const [stale] = check(text, [{ function: 'assembly/a/idle', reason }]).stale;
    assert.match(stale ?? '', /assembly\/a\/idle is not reached from a hot export/);
  });

  it('is stale when nothing behind the function allocates', () => {
    const clean = moduleText({ hot: '(call $assembly/a/idle', 'assembly/a/idle': 'nop' });
    assert.match(
      check(clean, [{ function: 'assembly/a/idle', reason }]).stale[0] ?? '',
      /does not allocate/,
    );
  });

  it('needs a reason', () => {
    assert.match(
      check(text, [{ function: 'assembly/a/createRoot', reason: '' }]).stale[0] ?? '',
      /needs a reason/,
    );
  });
});
