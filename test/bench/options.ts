// The options of `npm run bench`.

import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface BenchOptions {
  readonly rounds: number;
  readonly block: number;
  readonly requests: number;
  readonly warmUp: number;
  /** Names of variants; empty: all. The bare listener and the yardstick are always there. */
  readonly variants: readonly string[];
  readonly memory: boolean;
  readonly micro: boolean;
  /** Requests of the long run over all policy adapters; null: another run. */
  readonly soak: number | null;
  readonly wasm: string;
  readonly oneAdapter: string;
  readonly probe: string;
  readonly against: string | null;
  readonly json: string;
}

/** The command line is wrong. */
export class BadUsage extends Error {
  override readonly name = 'BadUsage';
}

export const USAGE = `Usage: npm run bench -- [options]

CPU time of Envoy for each request over the bare listener, variants interleaved
in rounds; exit code 1 when a target is missed.

  --rounds <n>        rounds (default: 24)
  --block <n>         rounds between two starts of the Envoys (default: 8)
  --requests <n>      requests of each variant in a round (default: 5000)
  --warm-up <n>       requests before the first round (default: 10000)
  --variants <names>  only these, such as w1,rules-10
  --memory            also resident memory over a million requests
  --soak <n>          instead: resident memory over n requests through all policy
                      adapters (the project's measure: 5000000, 10 to 30 minutes)
  --micro             instead: ns per opcode and function, without Envoy
  --wasm <file>       the filter (default: dist/mixer.wasm)
  --one-adapter <file>
                      a filter with the adapter denier (default: dist/denier.wasm)
  --probe <file>      what --micro measures (default: dist/probe.wasm)
  --against <file>    another build of the filter, measured in the same rounds
  --json <file>       where the numbers go (default: build/bench.json)

Examples:
  $ npm run bench
  $ npm run bench -- --variants w1 --rounds 60
  $ npm run bench -- --variants w1 --against before.wasm    what a change has brought
  $ npm run bench -- --soak 5000000
`;

/** Reads the command line; throws BadUsage. */
export function readOptions(args: readonly string[]): BenchOptions | 'help' {
  const values = parsed(args);
  if (values.help === true) return 'help';
  return {
    rounds: count('rounds', values.rounds),
    block: count('block', values.block),
    requests: count('requests', values.requests),
    warmUp: count('warm-up', values['warm-up']),
    variants: values.variants?.split(',').filter((name) => name !== '') ?? [],
    memory: values.memory ?? false,
    micro: values.micro ?? false,
    soak: values.soak === undefined ? null : count('soak', values.soak),
    wasm: values.wasm,
    oneAdapter: values['one-adapter'],
    probe: values.probe,
    against: values.against ?? null,
    json: values.json,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', short: 'h' },
        rounds: { type: 'string', default: '24' },
        block: { type: 'string', default: '8' },
        requests: { type: 'string', default: '5000' },
        'warm-up': { type: 'string', default: '10000' },
        variants: { type: 'string' },
        memory: { type: 'boolean' },
        micro: { type: 'boolean' },
        soak: { type: 'string' },
        wasm: { type: 'string', default: 'dist/mixer.wasm' },
        'one-adapter': { type: 'string', default: 'dist/denier.wasm' },
        probe: { type: 'string', default: 'dist/probe.wasm' },
        against: { type: 'string' },
        json: { type: 'string', default: 'build/bench.json' },
      },
    }).values;
  } catch (error) {
    throw new BadUsage(error instanceof Error ? error.message : String(error));
  }
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (/^\d{1,8}$/.test(text) && value > 0) return value;
  throw new BadUsage(`--${name} ${text}: expected a number above 0`);
}
