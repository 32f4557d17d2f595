// `mixer test`: runs cases (requests through a document, and what somebody sees of them) on the emulator, on an Envoy
// of this machine, on an Envoy in a container. The same cases, the same expectations; a difference is a failure.
// `--format textpb` runs the suites of Google's plugin tester instead.

import { Command, InvalidArgumentError, Option } from 'commander';

import { Emulator } from '../../cases/emulator.ts';
import { EnvoyCases } from '../../cases/envoy.ts';
import type { CaseHost } from '../../cases/host.ts';
import { runsOn, type LoadedCase } from '../../cases/read.ts';
import { runCases, type CaseResult } from '../../cases/run.ts';
import { HOSTS, type HostName } from '../../cases/types.ts';
import { findEnvoy } from '../../envoy/find.ts';
import { FilesWrong } from '../errors.ts';
import { freshFilter } from '../fresh.ts';
import { filterPath } from '../inspect.ts';
import { withPlaces } from '../symbolize/case-places.ts';
import { createLog, print, stdoutColors } from '../output.ts';
import { loadAll, selected } from '../cases/load.ts';
import { runTextpb } from '../cases/textpb.ts';
import { matrixRow, matrixText, type Cell } from '../cases/matrix.ts';
import { failureText } from '../cases/report.ts';

interface TestFlags {
  readonly on: readonly HostName[];
  readonly filter?: string;
  readonly trace?: true;
  readonly table?: true;
  readonly wasm?: string;
  readonly build?: true;
  readonly lanes: number;
  readonly format: (typeof FORMATS)[number];
  readonly documents?: string;
}

const FORMATS = ['cases', 'textpb'] as const;

const EXAMPLES = `
Examples:
  $ mixer test                                 all files of cases below this folder, on the emulator
  $ mixer test adapters/list --on emulator,envoy
  $ mixer test policy.cases.yaml --filter quota --trace
  $ mixer test --build                          builds first what has changed
  $ mixer test --format textpb samples/ --documents documents/

A file of cases is called cases.yaml or NAME.cases.yaml. docs/testing.md describes it field by field.
With --format textpb, suites of Google's plugin tester (tests.textpb, the same as YAML or JSON) are run as that
tester does, each sample with its document: DOCUMENTS/SAMPLE/mixer.yaml, or mixer.yaml beside the suite.
The last line is \`N passed, N failed\`. Exit codes: 0 all passed, 1 a case failed or a file is wrong,
3 no Envoy here.`;

const LANES_MAX = 8;

/** The command for commander. */
export function testCommand(): Command {
  return new Command('test')
    .summary('run cases against a document')
    .description('Run files of cases on the emulator, on Envoy, on Envoy in a container.')
    .argument('[path...]', 'files of cases, or folders with some', ['.'])
    .option('--on <hosts>', 'emulator, envoy, container; several with commas', hostNames, [
      'emulator',
    ])
    .option('--filter <text>', 'only cases whose name or group contains it')
    .option('--trace', 'show the last host calls before a failure (emulator)')
    .option('--table', 'show a table of cases by hosts at the end')
    .option('--lanes <number>', 'how many Envoys work side by side', lanes, 2)
    .addOption(
      new Option('--format <format>', 'the form of the files').choices(FORMATS).default('cases'),
    )
    .option('--documents <folder>', 'textpb: a folder with a document for each sample')
    .option('--wasm <path>', 'the filter (default: dist/mixer.wasm)')
    .option('--build', 'build the filter first where its sources have changed')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(paths: readonly string[], flags: TestFlags): Promise<void> {
  const warning = await freshFilter(filterPath(flags.wasm), flags.build === true);
  if (warning !== null) createLog().warn(warning);
  if (flags.format === 'textpb') return runTextpb(paths, flags);
  const cases = selected(loadAll(paths), flags.filter);
  const results: CaseResult[] = [];
  for (const host of flags.on) results.push(...(await runOn(host, cases, flags)));
  if (flags.table === true) print(matrixText(rowsOf(cases, flags.on, results)));
  const failed = results.filter(({ outcome }) => outcome.differences.length > 0).length;
  print(`${results.length - failed} passed, ${failed} failed`);
  if (failed > 0 || results.length === 0) throw new FilesWrong('');
}

async function runOn(
  host: HostName,
  cases: readonly LoadedCase[],
  flags: TestFlags,
): Promise<CaseResult[]> {
  const colors = stdoutColors();
  const log = createLog();
  const total = cases.filter((each) => runsOn(each, host)).length;
  log.info(`${host}: ${total} of ${cases.length} cases`);
  let done = 0;
  return runCases(cases, host, {
    makeHost: maker(host, flags),
    lanes: host === 'emulator' ? 1 : flags.lanes,
    onResult(result) {
      done++;
      if (process.stderr.isTTY) process.stderr.write(`\r${host}: ${done}/${total} `);
      if (process.stderr.isTTY && done === total) process.stderr.write('\r\u001b[K');
      if (result.outcome.differences.length > 0)
        print(withPlaces(`${failureText(result, colors)}\n`, filterPath(flags.wasm)));
    },
  });
}

/** Finds Envoy once, before the first case. */
function maker(host: HostName, flags: TestFlags): () => CaseHost {
  const wasm = filterPath(flags.wasm);
  if (host === 'emulator') return () => new Emulator(wasm, { trace: flags.trace === true });
  const found = findEnvoy({ container: host === 'container' });
  createLog().info(`Envoy: ${found.why}`);
  return () => new EnvoyCases(host, found, wasm);
}

function rowsOf(
  cases: readonly LoadedCase[],
  hosts: readonly HostName[],
  results: readonly CaseResult[],
): ReturnType<typeof matrixRow>[] {
  return cases.map((each) => {
    const cells = hosts.map((host): [HostName, Cell] => {
      const result = results.find((one) => one.each === each && one.host === host);
      if (result === undefined) return [host, 'not for it'];
      return [host, result.outcome.differences.length > 0 ? 'failed' : 'passed'];
    });
    return matrixRow(each, Object.fromEntries(cells));
  });
}

function hostNames(text: string): HostName[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !HOSTS.includes(name as HostName));
  if (unknown === undefined) return [...new Set(names as HostName[])];
  throw new InvalidArgumentError(`Expected ${HOSTS.join(', ')}, or several of them with commas.`);
}

function lanes(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= LANES_MAX) return number;
  throw new InvalidArgumentError(`Expected a number from 1 to ${LANES_MAX}.`);
}
