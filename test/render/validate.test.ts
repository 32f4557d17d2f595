// What is rendered is what a real Envoy accepts: each way to render, read by `envoy --mode
// validate`.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { findEnvoy } from '../../tools/envoy/find.ts';
import { render, toYaml } from '../../tools/render/bootstrap.ts';
import { FEATURES } from '../../tools/render/capabilities.ts';
import { WASM_PATH } from '../../tools/render/defaults.ts';
import { describeDocument } from '../../tools/render/describe.ts';
import type { RenderOptions } from '../../tools/render/types.ts';
import { OPTIONS } from './options.ts';

const REAL: RenderOptions = { ...OPTIONS, wasm: WASM_PATH };

describe('a real Envoy', () => {
  let folder = '';
  let envoy = '';

  before(() => {
    const found = findEnvoy();
    if (found.kind !== 'binary') throw new Error(`expected an Envoy binary, found ${found.why}`);
    envoy = found.path;
    folder = mkdtempSync(join(tmpdir(), 'mixer-validate-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function validate(options: RenderOptions): void {
    const path = join(folder, 'envoy.yaml');
    writeFileSync(path, toYaml(render('all', options), 'test'));
    const { status, stderr } = spawnSync(envoy, ['--mode', 'validate', '-c', path, '-l', 'error'], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
  }

  it('accepts a sidecar', () => validate(REAL));

  it('accepts an edge proxy with every feature and an upstream by name', () =>
    validate({
      ...REAL,
      trust: { kind: 'edge', hops: 1 },
      described: { features: FEATURES, labels: OPTIONS.described.labels },
      upstream: { host: 'localhost', port: 80 },
      accessLogPath: join(folder, 'access.log'),
    }));

  it('accepts the cluster of a list that is provided over TLS', async () => {
    const params = { providerUrl: 'https://lists.example.com/deny', entryType: 'IP_ADDRESSES' };
    const document = {
      handlers: [{ name: 'blocked', adapter: 'list', params }],
      rules: [{ name: 'r', actions: [{ handler: 'blocked' }] }],
    };
    const described = await describeDocument(JSON.stringify(document), 'dist/mixer.wasm');
    assert.deepEqual(described.clusters, [
      {
        name: 'mixer-lists_example_com_443-tls',
        address: 'lists.example.com:443',
        protocol: 'http',
        tls: {},
      },
    ]);
    const text = toYaml(render('all', { ...REAL, described }), 'test');
    assert.match(text, /sni: lists\.example\.com/);
    assert.match(text, /exact: lists\.example\.com/);
    validate({ ...REAL, described });
  });

  it('accepts the place of the capability list up to 1.39', () =>
    validate({ ...REAL, envoyMinor: 39 }));

  it('accepts two listeners with directions', () =>
    validate({
      ...REAL,
      listeners: (['INBOUND', 'OUTBOUND'] as const).map((direction, index) => ({
        ...OPTIONS.listeners[0]!,
        name: direction.toLowerCase(),
        direction,
        endpoint: { host: '127.0.0.1', port: 10_000 + index },
      })),
    }));

  it('accepts a configuration that follows a file, and the file', () => {
    const ecdsPath = join(folder, 'mixer.ecds.yaml');
    const listeners = OPTIONS.listeners.map((each) => ({ ...each, ecdsPath }));
    writeFileSync(ecdsPath, toYaml(render('ecds', { ...REAL, listeners }), 'test'));
    validate({ ...REAL, listeners });
  });
});
