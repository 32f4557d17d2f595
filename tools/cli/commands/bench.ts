// `mixer bench`: the cases that are marked `bench: true`, as loops on the emulator: nanoseconds and host calls for each
// request.

import { Command, InvalidArgumentError } from 'commander';

import { measure, type Measurement } from '../../cases/bench.ts';
import { filterPath } from '../inspect.ts';
import { createLog, print, stdoutColors } from '../output.ts';
import { titleOf } from '../cases/report.ts';
import { WrongUsage } from '../errors.ts';
import { loadAll, selected } from '../cases/load.ts';

interface BenchFlags {
  readonly filter?: string;
  readonly seconds: number;
  readonly wasm?: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  $ mixer bench adapters                       every marked case below the folder
  $ mixer bench adapters/list --seconds 5 --json

Times hold the emulator's own work: compare two cases or two builds on one machine. What Envoy pays is measured by the
benchmarks of the project (npm run bench). Host calls are what they are on Envoy.`;

const SECONDS_MAX = 600;

/** The command for commander. */
export function benchCommand(): Command {
  return new Command('bench')
    .summary('measure marked cases on the emulator')
    .description('Run cases that are marked `bench: true` in a loop on the emulator.')
    .argument('[path...]', 'files of cases, or folders with some', ['.'])
    .option('--filter <text>', 'only cases whose name or group contains it')
    .option('--seconds <number>', 'how long each case runs', seconds, 1)
    .option('--json', 'one JSON object for each case')
    .option('--wasm <path>', 'the filter (default: dist/mixer.wasm)')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(paths: readonly string[], flags: BenchFlags): Promise<void> {
  const wasm = filterPath(flags.wasm);
  const cases = selected(loadAll(paths), flags.filter).filter(({ bench }) => bench === true);
  if (cases.length === 0) throw new WrongUsage('no case is marked `bench: true`');
  const colors = stdoutColors();
  if (flags.json !== true) print(colors.bold('    ns/request  host calls  memory grown  case'));
  for (const each of cases) {
    createLog().debug(titleOf(each));
    const measured = await measure(each, wasm, flags.seconds);
    print(flags.json === true ? jsonLine(measured) : row(measured));
  }
}

function row({ each, nsPerRequest, hostCallsPerRequest, grownBytes }: Measurement): string {
  const cells = [
    nsPerRequest.toFixed(0).padStart(14),
    hostCallsPerRequest.toFixed(1).padStart(12),
    String(grownBytes).padStart(14),
  ];
  return `${cells.join('')}  ${titleOf(each)}`;
}

function jsonLine({ each, ...measured }: Measurement): string {
  return JSON.stringify({ case: titleOf(each), ...measured });
}

function seconds(text: string): number {
  const number = Number(text);
  if (number > 0 && number <= SECONDS_MAX) return number;
  throw new InvalidArgumentError(`Expected seconds, above 0 and at most ${SECONDS_MAX}.`);
}
