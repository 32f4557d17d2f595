// The real backends of adapters that ask somebody, for the benchmark: those whose programs this machine has. The others
// are named, and their adapters are not measured.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import { findPart, howToGet } from '../../tools/parts/find.ts';
import { startExtAuthz } from '../envoy/support/ext-authz.ts';
import { startOpa } from '../envoy/support/opa.ts';
import { startRateLimit } from '../envoy/support/rate-limit.ts';

export type Backend = 'ratelimit' | 'opa' | 'extauthz' | 'mixeradapter';

/** host:port of each that runs. */
export type Addresses = Readonly<Partial<Record<Backend, string>>>;

/** Some that run. */
export interface Backends {
  readonly addresses: Addresses;
  stop(): Promise<void>;
}

interface Started {
  readonly port: number;
  stop(): void | Promise<void>;
}

interface Start {
  readonly parts: readonly string[];
  readonly start: (programs: string[]) => Promise<Started>;
}

const POLICY = `package mixer.authz
default allow := false
allow if { startswith(input.action.path, "/api/") }
`;

/** Programs of each, and how they are started. */
const STARTS: Readonly<Record<Backend, Start>> = {
  ratelimit: {
    parts: ['redis-server', 'ratelimit'],
    start: ([redis = '', service = '']) => startRateLimit({ redis, service }),
  },
  opa: { parts: ['opa'], start: ([program = '']) => startOpa(program, POLICY) },
  extauthz: { parts: [], start: () => startExtAuthz(() => ({ status: { code: 0 } })) },
  mixeradapter: { parts: ['mixeradapter'], start: ([program = '']) => startMixerAdapter(program) },
};

/** None: for a run that asks nobody. */
export const NO_BACKENDS: Backends = { addresses: {}, stop: () => Promise.resolve() };

/** Starts what can be started; says what cannot. */
export async function startBackends(progress: (line: string) => void): Promise<Backends> {
  const running: [Backend, Started][] = [];
  for (const [name, { parts, start }] of Object.entries(STARTS)) {
    const programs = parts.map((part) => findPart(part));
    const missing = parts.filter((_, at) => programs[at] === null);
    for (const part of missing) progress(`not measured, ${name}: ${howToGet(part)}`);
    if (missing.length > 0) continue;
    running.push([name as Backend, await start(programs.filter((each) => each !== null))]);
  }
  return {
    addresses: Object.fromEntries(running.map(([name, { port }]) => [name, `127.0.0.1:${port}`])),
    async stop() {
      for (const [, backend] of running) await backend.stop();
    },
  };
}

async function startMixerAdapter(program: string): Promise<Started> {
  const child = spawn(program, [], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    createInterface(child.stdout).on('line', (line) => {
      const { listening } = JSON.parse(line) as { listening?: number };
      if (listening !== undefined) resolve(listening);
    });
  });
  return { port, stop: () => void child.kill() };
}
