// `mixer new adapter`: begins an adapter with five files and one case that passes. Never changes a file that is there.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Command, Option } from 'commander';

import { adapterNameProblem } from '../../build/adapter-name.ts';
import { PACKAGE, findWorkspace, strayFolder, strayText } from '../../build/workspace.ts';
import { EDITOR_FILE, scaffoldFiles } from '../../scaffold/files.ts';
import { SKETCHES } from '../../scaffold/sketches.ts';
import { FilesWrong, WrongUsage } from '../errors.ts';
import { createLog, print } from '../output.ts';

interface NewFlags {
  readonly template: string;
}

const EXAMPLES = `
Examples:
  $ mixer new adapter ip-reputation                     a check of one value
  $ mixer new adapter budget --template quota           a quota
  $ mixer new adapter audit --template logentry         a report
  $ mixer new adapter agents --template own             a check with a template of its own

Then, in the same folder:
  $ mixer build                                         dist/ip-reputation.wasm
  $ mixer test                                          its cases, in milliseconds, without Envoy

In a project of your own: \`npm install mixer-in-proxy\` first. docs/tutorial-adapter.md goes on from here.`;

const GROUP_EXAMPLES = `
Examples:
  $ mixer new adapter ip-reputation                     a check of one value
  $ mixer new adapter --help                            all that an adapter can begin as`;

/** The command for commander. */
export function newCommand(): Command {
  return new Command('new')
    .summary('begin an adapter')
    .description('Begin something with files that compile and a test that passes.')
    .addCommand(adapterCommand())
    .addHelpText('after', GROUP_EXAMPLES);
}

function adapterCommand(): Command {
  return new Command('adapter')
    .summary('begin an adapter: five files and one case that passes')
    .description(
      'Begin an adapter in adapters/NAME/: adapter.ts (name, templates), config.ts (parameters), handler.ts (what ' +
        'happens per request), cases.yaml (tests as data), README.md. In a project of your own also ' +
        'adapters/tsconfig.json, once, so that editors know AssemblyScript.',
    )
    .argument('<name>', 'its name in documents: lower-case words joined by hyphens')
    .addOption(
      new Option('--template <template>', 'what it consumes')
        .choices(Object.keys(SKETCHES))
        .default('listentry'),
    )
    .addHelpText('after', EXAMPLES)
    .action(create);
}

function create(name: string, { template }: NewFlags): void {
  const problem = adapterNameProblem(name);
  if (problem !== null) throw new WrongUsage(problem);
  const stray = strayFolder();
  if (stray !== undefined) throw new FilesWrong(strayText(stray));
  const workspace = findWorkspace();
  const folder = join(workspace.root, 'adapters', name);
  if (existsSync(folder))
    throw new FilesWrong(
      `${shown(folder)} is there already: choose another name, or remove it first`,
    );
  const sdk = workspace.prefix === '' ? '../../assembly/sdk' : `${PACKAGE}/assembly/sdk`;
  const files = scaffoldFiles({ name, sdk, sketch: SKETCHES[template]! });
  mkdirSync(folder, { recursive: true });
  for (const file of files) writeFileSync(join(folder, file.name), file.text, { flag: 'wx' });
  const written = files.map((file) => join(folder, file.name));
  const editorFile = join(workspace.root, 'adapters', EDITOR_FILE.name);
  if (workspace.prefix !== '' && !existsSync(editorFile)) {
    writeFileSync(editorFile, EDITOR_FILE.text, { flag: 'wx' });
    written.push(editorFile);
  }
  print(written.map(shown).join('\n'));
  createLog().info(`next: mixer build, then mixer test`);
}

function shown(path: string): string {
  return relative(process.cwd(), path);
}
