// `npm run test:matrix`: test/envoy on several releases of Envoy, each from its wheel. Prints a table of files by
// releases; the last line is `N passed, N failed`. `--versions 1.39.3,1.40.0` and `--files reload,start` choose;
// `--build` builds first. Modules that are older than their sources are not tested.

import { parseArgs } from 'node:util';

import { staleModules, staleText } from '../build/stale.ts';
import { OWN } from '../build/workspace.ts';
import { runNode } from './command.ts';
import { testFiles } from './files.ts';
import { readFlags } from './flags.ts';
import { runNodeTests } from './node-tests.ts';
import { describeCounts, isFailure, sum, type StepResult } from './result.ts';

/** The last patch of each minor release whose wheel has WebAssembly: that of 1.38.3 was built without. */
const VERSIONS: readonly string[] = ['1.36.4', '1.37.0', '1.38.2', '1.39.3', '1.40.0'];
const EXIT_FILES = 1;
const EXIT_USAGE = 2;
const CELL_WIDTH = 14;
/** These make an Envoy of another release impossible. */
const NO_OTHER_ENVOY = { ENVOY: '', ENVOY_IMAGE: '', NODE_TEST_CONTEXT: undefined };

const USAGE = `Usage: npm run test:matrix -- [--versions X,…] [--files NAME,…] [--build]

  --versions …   releases of Envoy (default: ${VERSIONS.join(',')})
  --files …      files of test/envoy without .test.ts (default: all)
  --build        build the modules first

Examples:
  $ npm run test:matrix -- --build
  $ npm run test:matrix -- --versions 1.36.4,1.39.3 --files demo,callouts
`;

interface Choice {
  readonly versions: readonly string[];
  readonly files: readonly string[];
  readonly isBuilding: boolean;
}

function choose(): Choice {
  const options = {
    versions: { type: 'string' },
    files: { type: 'string' },
    build: { type: 'boolean', default: false },
  } as const;
  const { values } = readFlags(() => parseArgs({ options }), USAGE);
  const versions = values.versions?.split(',') ?? VERSIONS;
  const wrong = versions.find((version) => !/^1\.\d+\.\d+$/.test(version));
  if (wrong !== undefined) fail(`"${wrong}" is no release of Envoy: expected such as 1.40.0`);
  const all = testFiles('envoy');
  const wanted = values.files?.split(',');
  const unknown = wanted?.find((name) => !all.includes(pathOf(name)));
  if (unknown !== undefined) fail(`no file "${unknown}": expected ${all.map(nameOf).join(', ')}`);
  return { versions, files: wanted?.map(pathOf) ?? all, isBuilding: values.build };
}

/** Tests of modules that are not what the sources are would say nothing. */
async function assureFresh(isBuilding: boolean): Promise<void> {
  if (isBuilding) {
    const { isOk, output } = await runNode(['bin/mixer.js', 'build', '--no-hotpath']);
    if (!isOk) fail(output, EXIT_FILES);
  }
  const stale = staleModules(OWN);
  if (stale.length > 0) fail(staleText(stale, 'give --build'), EXIT_FILES);
}

function fail(why: string, exitCode = EXIT_USAGE): never {
  process.stderr.write(`${why}\n`);
  process.exit(exitCode);
}

function pathOf(name: string): string {
  return `test/envoy/${name}.test.ts`;
}

function nameOf(path: string): string {
  return path.replace('test/envoy/', '').replace('.test.ts', '');
}

const { versions, files, isBuilding } = choose();
await assureFresh(isBuilding);
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const results = new Map<string, StepResult>();
for (const version of versions) {
  print(`Envoy ${version} …`);
  const env = { ...NO_OTHER_ENVOY, ENVOY_VERSION: version };
  for (const file of files)
    results.set(`${version} ${file}`, await runNodeTests([file], { concurrency: 1, env, print }));
}

const total = sum([...results.values()]);
if (total.failures.length > 0) print(`\nFailures:\n\n${total.failures.join('\n\n')}`);
const width = Math.max(...files.map((file) => nameOf(file).length)) + 2;
print(`\n${''.padEnd(width)}${versions.map((version) => version.padEnd(CELL_WIDTH)).join('')}`);
for (const file of files) {
  const cells = versions.map((version) => {
    const { passed, failed } = results.get(`${version} ${file}`)!;
    return (failed > 0 ? `${failed} FAILED` : `${passed} ok`).padEnd(CELL_WIDTH);
  });
  print(`${nameOf(file).padEnd(width)}${cells.join('')}`.trimEnd());
}
print('');
for (const version of versions) {
  const ofVersion = sum(files.map((file) => results.get(`${version} ${file}`)!));
  print(`Envoy ${version}: ${describeCounts(ofVersion)}`);
}
print(describeCounts(total));
process.exitCode = isFailure(total) ? 1 : 0;
