import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Probe, type TypedValue } from '../conformance/probe-module.ts';

const probe = Probe.load();
const TYPES = {
  text: 'STRING',
  count: 'INT64',
  ratio: 'DOUBLE',
  on: 'BOOL',
  took: 'DURATION',
  map: 'STRING_MAP',
  at: 'TIMESTAMP',
  from: 'IP_ADDRESS',
};

function render(
  template: string,
  bag: Readonly<Record<string, TypedValue>>,
  isJson = false,
): string {
  probe.reset();
  for (const [name, type] of Object.entries(TYPES)) probe.declare(name, type);
  assert.ok(probe.compileText(template), probe.diagnosticsText());
  probe.begin();
  for (const [name, value] of Object.entries(bag)) probe.set(name, value);
  return probe.render(isJson);
}

const text = (value: string): TypedValue => ({ type: 'STRING', value });

describe('a template', () => {
  it('is its own text without expressions', () => {
    assert.equal(render('plain $ text {}', {}), 'plain $ text {}');
  });

  it('shows each type in its text form', () => {
    const bag: Record<string, TypedValue> = {
      text: text('a'),
      count: { type: 'INT64', value: -3 },
      ratio: { type: 'DOUBLE', value: 0.5 },
      on: { type: 'BOOL', value: true },
      took: { type: 'DURATION', value: '1500000000' },
      map: { type: 'STRING_MAP', value: { b: '2', a: '1' } },
      at: { type: 'TIMESTAMP', value: '2020-01-02T03:04:05Z' },
      from: { type: 'IP_ADDRESS', bytes_hex: '0a000001' },
    };
    assert.equal(
      render('${text} ${count} ${ratio} ${on} ${took} ${map} ${at} ${from}', bag),
      'a -3 0.5 true 1.5s map[a:1 b:2] 2020-01-02T03:04:05Z 10.0.0.1',
    );
  });

  it('leaves out what cannot be evaluated', () => {
    assert.equal(render('[${text}]', {}), '[]');
  });

  it('keeps an escaped mark, a lone dollar and braces', () => {
    assert.equal(render('$${x} $ {y} }${text}$', { text: text('v') }), '${x} $ {y} }v$');
  });

  it('finds the end of an expression behind braces in its literals', () => {
    assert.equal(render('<${text + "}{" + `}`}>', { text: text('v') }), '<v}{}>');
  });

  it('escapes what it inserts into JSON', () => {
    assert.equal(render('{"a":"${text}"}', { text: text('"\n') }, true), '{"a":"\\"\\n"}');
  });

  it('is refused with the place of the mistake', () => {
    probe.reset();
    assert.ok(!probe.compileText('a ${nothing} b ${'));
    assert.match(probe.diagnosticsText(), /E0301 unknown attribute `nothing`\n.*\n {2}\| {5}\^{7}/);
    assert.match(probe.diagnosticsText(), /E0320 bad template/);
  });
});
