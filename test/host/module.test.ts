import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ENV_IMPORTS, EXPORTS, WASI_IMPORTS } from '../../tools/host/abi.ts';
import { Host, ModuleRefused } from '../../tools/host/host.ts';
import { encodeModule, LEAST } from './encoder.ts';
import type { ModuleParts } from './encoder.ts';

const load = (parts: ModuleParts): Promise<Host> => Host.load({ wasm: encodeModule(parts) });
const refused = (parts: ModuleParts, message: RegExp): Promise<void> =>
  assert.rejects(
    load(parts),
    (error) => error instanceof ModuleRefused && message.test(error.message),
  );

/** The same type with a parameter fewer, one more, and a result more or less. */
function wrongTypes(type: string): string[] {
  const [parameters = '', results = ''] = type.split('>');
  const fewer = parameters === '' ? [] : [`${parameters.slice(1)}>${results}`];
  return [...fewer, `i${parameters}>${results}`, `${parameters}>${results === '' ? 'i' : ''}`];
}

describe('loading a module', () => {
  it('takes every import and export of the ABI with its exact type', async () => {
    const env = Object.entries(ENV_IMPORTS).map(([name, type]): [string, string, string] => [
      'env',
      name,
      type,
    ]);
    const wasi = Object.entries(WASI_IMPORTS).flatMap(
      ([name, type]): [string, string, string][] => [
        ['wasi_snapshot_preview1', name, type],
        ['wasi_unstable', name, type],
      ],
    );
    const exports = Object.entries(EXPORTS).filter(([name]) => name !== 'malloc');
    const host = await load({ imports: [...env, ...wasi], exports: [...LEAST, ...exports] });
    assert.equal(host.start(), true);
  });

  it('refuses each import with any other type, by name', async () => {
    for (const [name, type] of Object.entries(ENV_IMPORTS)) {
      for (const wrong of wrongTypes(type)) {
        await refused(
          { imports: [['env', name, wrong]] },
          new RegExp(`import type mismatch: env\\.${name},`),
        );
      }
    }
  });

  it('refuses each export with any other type, by name', async () => {
    for (const [name, type] of Object.entries(EXPORTS)) {
      for (const wrong of wrongTypes(type)) {
        const others = LEAST.filter(([known]) => known !== name);
        const message = new RegExp(`Bad function signature for: ${name}, want: `);
        await refused({ exports: [...others, [name, wrong]] }, message);
      }
    }
  });

  it('shows both types of a wrong import', () =>
    refused(
      { imports: [['env', 'proxy_log', 'iI>i']] },
      /mismatch: env\.proxy_log, want: i32 i64 -> i32, but host exports: i32 i32 i32 -> i32$/,
    ));

  for (const [module, name, type] of [
    ['env', 'abort', 'iiii>'],
    ['env', 'seed', '>i'],
    ['env', 'proxy_clear_route_cache', '>i'],
    ['env', 'proxy_get_configuration', 'ii>i'],
    ['env', 'proxy_continue_request', '>i'],
    ['env', 'toString', '>i'],
    ['wasi_snapshot_preview1', 'proc_raise', 'i>i'],
    ['other', 'proxy_log', 'iii>i'],
  ] as const) {
    it(`refuses the import ${module}.${name}`, () =>
      refused(
        { imports: [[module, name, type]] },
        new RegExp(`missing import: ${module}\\.${name}$`),
      ));
  }

  it('refuses an imported global', () =>
    refused({ hasGlobalImport: true }, /missing import: env\.a-global$/));

  it('refuses proxy_get_log_level under the marker 0_2_0', () =>
    refused(
      {
        imports: [['env', 'proxy_get_log_level', 'i>i']],
        exports: [
          ['proxy_abi_version_0_2_0', '>'],
          ['malloc', 'i>i'],
        ],
      },
      /missing import: env\.proxy_get_log_level$/,
    ));

  it('refuses a module without a marker, and one of an unknown version', async () => {
    await refused({ exports: [['malloc', 'i>i']] }, /^Missing or unknown Proxy-Wasm ABI version$/);
    const newer: [string, string][] = [
      ['proxy_abi_version_0_3_0', '>'],
      ['malloc', 'i>i'],
    ];
    await refused({ exports: newer }, /^Missing or unknown Proxy-Wasm ABI version$/);
  });

  it('refuses a module without an allocator, and takes either of the two names', async () => {
    const marker: [string, string] = ['proxy_abi_version_0_2_1', '>'];
    await refused({ exports: [marker] }, /^Wasm module is missing malloc function\.$/);
    await load({ exports: [marker, ['proxy_on_memory_allocate', 'i>i']] });
  });

  it('refuses bytes that are no module, and a truncated one', async () => {
    const corrupted = /^Failed to parse corrupted Wasm module$/;
    const isRefusal = (error: unknown): boolean =>
      error instanceof ModuleRefused && corrupted.test(error.message);
    await assert.rejects(Host.load({ wasm: Uint8Array.of(1, 2, 3) }), isRefusal);
    const whole = encodeModule({});
    await assert.rejects(Host.load({ wasm: whole.subarray(0, whole.length - 30) }), isRefusal);
  });

  it('runs nothing of the module before the start', async () => {
    const host = await load({ imports: [['env', 'proxy_log', 'iii>i']] });
    assert.deepEqual(host.logs, []);
    assert.throws(() => host.request({}), /has the host been started/);
  });
});
