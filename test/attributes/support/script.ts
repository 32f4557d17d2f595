// The scripted plugin of the emulator's own tests, in front of the filter on an Envoy.

import type { Config } from '../../../tools/render/types.ts';

const TYPE = 'type.googleapis.com/';

/** The plugin with these lines. */
export function scriptFilter(wasm: string, script: readonly string[]): Config {
  return {
    name: 'script',
    typed_config: {
      '@type': `${TYPE}envoy.extensions.filters.http.wasm.v3.Wasm`,
      config: {
        name: 'script',
        vm_config: {
          vm_id: 'script',
          runtime: 'envoy.wasm.runtime.v8',
          code: { local: { filename: wasm } },
        },
        configuration: {
          '@type': `${TYPE}google.protobuf.StringValue`,
          value: script.join('\n'),
        },
      },
    },
  };
}
