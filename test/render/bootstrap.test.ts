// Rendered configuration as text: goldens (UPDATE=1 writes them anew), and what must differ between
// the ways to render.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parse } from 'yaml';

import { documentForEnvoy, PARTS, render, toYaml } from '../../tools/render/bootstrap.ts';
import type { RenderOptions } from '../../tools/render/types.ts';
import { OPTIONS } from './options.ts';

const EDGE: RenderOptions = {
  ...OPTIONS,
  trust: { kind: 'edge', hops: 2 },
  envoyMinor: 39,
  upstream: { host: 'app.default.svc', port: 80 },
  described: { features: ['response', 'callouts'], labels: [] },
  listeners: OPTIONS.listeners.map((each) => ({ ...each, ecdsPath: '/etc/envoy/mixer.ecds.yaml' })),
};

function golden(name: string, text: string): void {
  const url = new URL(`golden/${name}.yaml`, import.meta.url);
  if (process.env['UPDATE'] === '1') writeFileSync(url, text);
  assert.equal(text, readFileSync(url, 'utf8'));
}

/** The text of a rendered part with one thing changed. */
function textOf(changes: Partial<RenderOptions>): string {
  return toYaml(render('all', { ...OPTIONS, ...changes }), 'test');
}

describe('rendering', () => {
  for (const part of PARTS) {
    it(`writes the golden text of ${part} for a sidecar`, () =>
      golden(`sidecar-${part}`, toYaml(render(part, OPTIONS), 'golden')));
  }

  it('writes the golden text of an edge proxy of Envoy 1.39 that follows a file', () =>
    golden('edge-ecds-1.39', toYaml(render('all', EDGE), 'golden')));

  it('gives the same bytes for the same input', () => assert.equal(textOf({}), textOf({})));

  it('does not depend on the order or repetition of labels', () => {
    const labels = ['rule', 'reporter', 'response_code', 'rule'];
    assert.equal(textOf({ described: { features: [], labels } }), textOf({}));
  });

  it('puts the capability list into vm_config from 1.40 on and into the plugin before', () => {
    const plugin = (envoyMinor: number): Record<string, unknown> => {
      const filter = JSON.stringify(render('filter', { ...OPTIONS, envoyMinor }));
      return (JSON.parse(filter) as { typed_config: { config: Record<string, unknown> } })
        .typed_config.config;
    };
    assert.ok('capability_restriction_config' in (plugin(40)['vm_config'] as object));
    assert.ok(!('capability_restriction_config' in plugin(40)));
    assert.ok('capability_restriction_config' in plugin(39));
    assert.ok(!('capability_restriction_config' in (plugin(39)['vm_config'] as object)));
  });

  it('gives each feature set a VM of its own up to 1.39, where the list does not tell VMs apart', () => {
    const idOf = (minor: number, features: readonly string[]): string | undefined => {
      const described = { features, labels: [] };
      const text = JSON.stringify(render('filter', { ...OPTIONS, envoyMinor: minor, described }));
      return /"vm_id":"([^"]*)"/.exec(text)?.[1];
    };
    assert.deepEqual([idOf(40, []), idOf(40, ['response'])], ['mixer', 'mixer']);
    assert.deepEqual([idOf(39, []), idOf(39, ['response'])], ['mixer', 'mixer-response']);
  });

  it('names another version of the ECDS resource for another document', () => {
    const version = (document: string): unknown =>
      render('ecds', { ...OPTIONS, listeners: [{ ...OPTIONS.listeners[0]!, document }] })[
        'version_info'
      ];
    assert.notEqual(version('{}'), version('{"rules":[]}'));
  });

  it('keeps a document of any characters as one YAML string', () => {
    const document = `{"a":"é \\u0000 ' \\" : # ${'x'.repeat(300)} \u2028 %"}`;
    const listeners = [{ ...OPTIONS.listeners[0]!, document }];
    const read = parse(toYaml(render('filter', { ...OPTIONS, listeners }), 'test')) as {
      typed_config: { config: { configuration: { value: string } } };
    };
    assert.equal(read.typed_config.config.configuration.value, document);
  });
});

describe('the document that Envoy gets', () => {
  it('has a format version and a revision that follows from its content', () => {
    const [first, second] = ['{"rules":[]}', '{"rules":[],"handlers":[]}'].map(
      (json) => JSON.parse(documentForEnvoy(json)) as Record<string, unknown>,
    );
    assert.equal(first?.['apiVersion'], 'mixer/v1');
    assert.match(String(first['revision']), /^[0-9a-f]{12}$/);
    assert.notEqual(first['revision'], second?.['revision']);
  });

  it('keeps what the document says itself, and everything else to the byte', () => {
    const json = '{"api_version":"mixer/v1","revision":"mine","a":1.50,"a":2}';
    assert.equal(documentForEnvoy(json), json);
    assert.equal(documentForEnvoy('{}').startsWith('{"apiVersion":"mixer/v1","revision":'), true);
  });

  it('is handed on as it is when it is no JSON object', () => {
    for (const text of ['', '[1]', '{"a":', 'null']) assert.equal(documentForEnvoy(text), text);
  });
});
