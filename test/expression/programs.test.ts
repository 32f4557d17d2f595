import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Probe } from '../conformance/probe-module.ts';

const probe = Probe.load();

/** The condition's program, one instruction a line, and its guard. */
function condition(text: string): { readonly program: string[]; readonly guard: string } {
  probe.reset();
  assert.ok(probe.compileMatch(text), probe.diagnosticsText());
  return { program: lines(), guard: probe.guardText() };
}

function value(text: string): string[] {
  probe.reset();
  assert.ok('type' in probe.compile(text), probe.diagnosticsText());
  return lines();
}

function lines(): string[] {
  return probe
    .programText()
    .split('\n')
    .filter(Boolean)
    .map((line) => line.slice(4));
}

describe('a program', () => {
  it('makes one instruction of each comparison with literals', () => {
    const { program } = condition(
      '(request.method == "GET" || request.method == "POST") && request.url_path.startsWith("/api/") && ' +
        '(request.headers["x-role"] == "admin" || request.headers["X-Role"] == "ops")',
    );
    assert.deepEqual(program, [
      'test-set request.method {"GET", "POST"} else -> 4',
      'test-prefix request.url_path "/api/" else -> 4',
      'test-set request.headers["x-role"] {"admin", "ops"} else -> 4',
      'return-constant true',
      'return-constant false',
    ]);
  });

  it('decides a comparison of an absent attribute by its literal fallback', () => {
    assert.deepEqual(condition('(request.headers["a"] | "x") == "x"').program.slice(0, 1), [
      'test-equal request.headers["a"] "x" (absent: true) else -> 2',
    ]);
    assert.deepEqual(condition('(request.size | 3) > 3').program.slice(0, 1), [
      'test-int request.size 3 > (absent: false) else -> 2',
    ]);
  });

  it('mirrors a comparison whose literal stands first', () => {
    assert.match(condition('500 <= response.code').program.join(), /test-int response.code 500 >=/);
  });

  it('evaluates what is constant while the document is read', () => {
    assert.deepEqual(value('"a" + "b"'), ['return-constant "ab"']);
    assert.deepEqual(value('conditional(size("abc") == 3, request.method, "x")'), [
      'return-attribute request.method STRING',
    ]);
    assert.deepEqual(value('source.ip | ip("0.0.0.0")'), [
      'return-present source.ip IP_ADDRESS',
      'return-constant 0.0.0.0',
    ]);
  });

  it('drops alternatives that can never be reached', () => {
    assert.deepEqual(value('"a" | request.method'), ['return-constant "a"']);
    assert.deepEqual(value('request.method | "a" | request.path'), [
      'return-present request.method STRING',
      'return-constant "a"',
    ]);
  });

  it('keeps what fails for constants, and warns', () => {
    assert.deepEqual(value('ip("no")'), ['push-constant "no"', 'convert IP_ADDRESS', 'return']);
    assert.match(probe.diagnosticsText(), /W0319 bad constant `ip\("no"\)`/);
  });
});

describe('a guard', () => {
  const guards: readonly (readonly [claim: string, text: string, guard: string])[] = [
    ['is an equality', 'request.method == "GET"', 'request.method == GET'],
    ['is a set', 'request.method == "A" || match(request.method, "B")', 'request.method == A B'],
    ['is a prefix', 'request.path.startsWith("/a") && is.on', 'request.path starts with /a'],
    [
      'is the first of several',
      'request.method == "A" && request.path == "B"',
      'request.method == A',
    ],
    ['skips what cannot fail', '(is.on | true) && request.path == "B"', 'request.path == B'],
    ['is none behind what can fail', 'is.on && request.path == "B"', ''],
    ['is none for an opposite', 'request.method != "A"', ''],
    ['is none for different attributes', 'request.method == "A" || request.path == "B"', ''],
    ['is none for a suffix', 'request.path.endsWith("a")', ''],
  ];
  for (const [claim, text, guard] of guards) {
    it(`${claim}: ${text}`, () => {
      probe.reset();
      probe.declare('is.on', 'BOOL');
      assert.ok(probe.compileMatch(text), probe.diagnosticsText());
      assert.equal(probe.guardText(), guard);
    });
  }

  it('has a hidden attribute for a key with a fallback', () => {
    const { guard } = condition('(request.headers["a"] | "") == "x"');
    assert.equal(guard, '(OR(INDEX($request.headers, "a"), "")) == x');
  });
});

describe('the verifier', () => {
  const text =
    'conditional(request.method == "A", request.path | "x", request.host + toLower(request.scheme))';

  it('accepts what the compiler makes', () => {
    value(text);
    assert.ok(probe.programCount > 5);
  });

  it('refuses an instruction, a jump, a constant or an attribute out of range', () => {
    value(text);
    assert.match(probe.verifyChanged(0, 200n), /unknown instruction/);
    assert.match(probe.verifyChanged(0, 4n), /jump leads nowhere/);
    assert.match(probe.verifyChanged(0, 4n | (999n << 48n)), /jump leads nowhere/);
    assert.match(probe.verifyChanged(0, 6n | (999n << 32n)), /no such constant/);
    assert.match(probe.verifyChanged(0, 7n | (4000n << 16n) | (1n << 32n)), /no such attribute/);
  });

  it('refuses an empty stack, a wrong type and a missing return', () => {
    value(text);
    assert.match(probe.verifyChanged(0, 0n), /stack is empty/);
    assert.match(probe.verifyChanged(0, 5n), /stack is empty/);
    assert.match(probe.verifyChanged(probe.programCount - 1, 6n), /runs past its end/);
  });
});
