// An Envoy with two listeners: ours, and one of another plugin that shares our vm_id and writes what a test says into
// shared data. The keys are those that the emulator writes for the same document.

import assert from 'node:assert/strict';

import { request } from '../../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../../tools/envoy/running.ts';
import { Host } from '../../../tools/host/host.ts';
import type { CallHandler } from '../../../tools/host/types.ts';
import { documentForEnvoy } from '../../../tools/render/bootstrap.ts';
import type { Config } from '../../../tools/render/types.ts';
import { compileBare } from '../../support/bare-module.ts';
import { startPatched, type Fields } from './patched.ts';

const WASM = 'dist/mixer.wasm';
const PLUGIN_TYPE = 'type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm';
const FETCH_MS = 2_000;

/** What the emulator's backends say, and its clients send. */
export interface Emulation {
  readonly answer: CallHandler;
  readonly send: (host: Host) => void;
}

/** A running one. */
export class SpoiledEnvoy {
  private constructor(
    readonly envoy: RunningEnvoy,
    /** What stands in shared data after the requests of the emulator. */
    readonly keys: readonly Buffer[],
    private readonly values: ReadonlyMap<string, Buffer>,
  ) {}

  /** Starts both; `emulate` makes the emulator write every key that the test is about. */
  static async start(document: object, emulate: Emulation): Promise<SpoiledEnvoy> {
    const configuration = documentForEnvoy(JSON.stringify(document));
    const host = await Host.load({ wasm: WASM, configuration, pluginName: 'mixer' });
    host.answerCalls(emulate.answer);
    assert.ok(host.start(), host.logs.map(({ text }) => text).join('\n'));
    host.advance(FETCH_MS);
    emulate.send(host);
    const entries = host.sharedData.keys().map((key): [string, Buffer] => {
      return [hex(key), Buffer.from(host.sharedData.get(key) ?? [])];
    });
    const spoiler = await compileBare('test/envoy/fixtures/spoiler.ts', 'build/test/spoiler.wasm');
    const envoy = await startPatched({
      document,
      listeners: [
        { name: 'ingress', direction: 'INBOUND' },
        { name: 'spoiler', direction: 'INBOUND' },
      ],
      patch: (bootstrap) => putSpoiler(bootstrap, spoiler),
    });
    const keys = entries.map(([key]) => Buffer.from(key, 'hex'));
    return new SpoiledEnvoy(envoy, keys, new Map(entries));
  }

  /** What the emulator wrote under a key. */
  emulated(key: Buffer): Buffer {
    return this.values.get(hex(key)) ?? assert.fail();
  }

  /** The keys whose bytes contain a text. */
  keysWith(text: string): Buffer[] {
    return this.keys.filter((key) => key.includes(text));
  }

  /** What stands under a key; null for nothing. */
  async read(key: Buffer): Promise<Buffer | null> {
    const { status, body } = await this.ask([['x-key', hex(key)]]);
    return status === 200 ? Buffer.from(body, 'hex') : null;
  }

  async write(key: Buffer, value: Uint8Array): Promise<void> {
    const headers = [
      ['x-key', hex(key)],
      ['x-value', hex(value)],
    ] as const;
    assert.equal((await this.ask(headers)).status, 200);
  }

  private ask(headers: readonly (readonly [string, string])[]): ReturnType<typeof request> {
    return request(this.envoy.urls['spoiler'] ?? '', { headers });
  }
}

/** The second listener's filter becomes the other plugin's: other code, the same vm_id. */
function putSpoiler(bootstrap: Config, filename: string): void {
  const { listeners } = bootstrap['static_resources'] as {
    listeners: {
      filter_chains: { filters: { typed_config: { http_filters: Fields[] } }[] }[];
    }[];
  };
  const [ours = [], filters = []] = listeners.map(
    (each) => each.filter_chains[0]!.filters[0]!.typed_config.http_filters,
  );
  const at = filters.findIndex(({ name }) => name === 'mixer');
  filters[at] = {
    name: 'spoiler',
    typed_config: {
      '@type': PLUGIN_TYPE,
      config: {
        name: 'spoiler',
        vm_config: {
          vm_id: vmIdOf(ours),
          runtime: 'envoy.wasm.runtime.v8',
          code: { local: { filename } },
        },
      },
    },
  };
}

/** Up to Envoy 1.39 it names the features as well. */
function vmIdOf(filters: readonly Fields[]): string {
  const mixer = filters.find(({ name }) => name === 'mixer') as {
    typed_config: { config: { vm_config: { vm_id: string } } };
  };
  return mixer.typed_config.config.vm_config.vm_id;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
