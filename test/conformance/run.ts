// `npm run conformance -- --dir FOLDER`: runs every table of a folder in the formats of Mixer's own and reports, per
// suite, what passes, what deviates and what is not run. Results go to stdout; the last line is
// `N passed, N failed, N skipped`.

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../../tools/build/root.ts';
import { CelProbe } from '../cel/cel-probe.ts';
import { SECTIONS, runSections } from '../cel/suite.ts';
import { PROBE_FILE } from './probe-module.ts';
import { reportOf, totalsOf, type CaseOutcome } from './result.ts';
import { runFolder } from './tables.ts';
import { runMain } from '../support/run-main.ts';

/** The project's own tables. */
const OWN_FOLDERS = ['test/conformance', 'test/quota/tables', 'test/cases/tables'];

const USAGE = `Usage: npm run conformance -- [--dir FOLDER]... [--cel] [--wasm FILE]

Runs the tables of each folder through the filter's own code.
  --dir FOLDER   tables; several times for several folders
                 (default: $MIXER_CONFORMANCE_DIR, else the project's own tables)
  --cel          the official suite of CEL, instead of folders
  --wasm FILE    the module for expressions (default: dist/probe.wasm)

Examples:
  $ npm run conformance
  $ npm run conformance -- --dir my-tables --dir test/conformance
  $ npm run conformance -- --cel

Exit code 0: all that ran is as the tables say. 1: something deviates. 2: usage. 3: no module.
`;

interface Options {
  readonly folders: string[];
  readonly wasm: string;
  readonly isCel: boolean;
}

function options(): Options | null {
  const { values } = parseArgs({
    options: {
      dir: { type: 'string', multiple: true },
      wasm: { type: 'string', default: PROBE_FILE },
      cel: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const fromEnvironment = (process.env['MIXER_CONFORMANCE_DIR'] ?? '')
    .split(delimiter)
    .filter(Boolean);
  const own = OWN_FOLDERS.map((folder) => join(ROOT, folder));
  const folders = values.dir ?? (fromEnvironment.length > 0 ? fromEnvironment : own);
  return { folders, wasm: values.wasm, isCel: values.cel };
}

async function main(): Promise<number> {
  const chosen = options();
  if (chosen === null) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (!existsSync(chosen.wasm)) {
    process.stderr.write(`${chosen.wasm} is not there: run \`npm run build\` first\n`);
    return 3;
  }
  const outcomes: CaseOutcome[] = [];
  if (chosen.isCel) outcomes.push(...runSections(CelProbe.load(chosen.wasm), SECTIONS));
  else
    for (const folder of chosen.folders) outcomes.push(...(await runFolder(folder, chosen.wasm)));
  process.stdout.write(`${reportOf(outcomes).join('\n')}\n`);
  const { passed, failed } = totalsOf(outcomes);
  return failed > 0 || passed === 0 ? 1 : 0;
}

await runMain(main, USAGE);
