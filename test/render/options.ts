// Rendering options that the tests of this folder vary: nothing in them depends on the machine.

import type { RenderOptions } from '../../tools/render/types.ts';

export const OPTIONS: RenderOptions = {
  described: { features: [], labels: ['response_code', 'reporter', 'rule'] },
  trust: { kind: 'sidecar' },
  envoyMinor: 40,
  wasm: '/etc/envoy/mixer.wasm',
  listeners: [
    {
      name: 'ingress',
      document: '{"apiVersion":"mixer/v1","revision":"0","rules":[]}',
      endpoint: { host: '127.0.0.1', port: 10_000 },
    },
  ],
  admin: { host: '127.0.0.1', port: 9_901 },
  upstream: { host: '127.0.0.1', port: 8_080 },
  accessLogPath: '/dev/stdout',
};
