// `mixer build`: compiles the filter, with all adapters or only with those that a document needs.

import { existsSync, readFileSync } from 'node:fs';
import { basename, extname, join, relative, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { BuildError } from '../../build/build-error.ts';
import { build } from '../../build/build.ts';
import { adaptersOfDocument, usesCel } from '../../build/document-adapters.ts';
import { findAdapters, type AdapterSource } from '../../build/find-adapters.ts';
import { handOver, keptTarget } from '../../build/hand-over.ts';
import type { BuildOptions } from '../../build/options.ts';
import { staleTarget } from '../../build/stale.ts';
import { allTargets, authorTargets, type Target } from '../../build/targets.ts';
import {
  findWorkspace,
  linkableAdapters,
  OWN,
  strayFolder,
  strayText,
  type Workspace,
} from '../../build/workspace.ts';
import { DocumentFile } from '../../document/document.ts';
import { WASM_PATH } from '../../render/defaults.ts';
import { FilesWrong, WrongUsage } from '../errors.ts';
import { acceptedDocument } from '../inspect.ts';
import { createLog, print } from '../output.ts';

interface BuildFlags {
  readonly for?: string;
  readonly out?: string;
  readonly adapter: readonly string[];
  readonly only: readonly string[];
  readonly debug?: true;
  readonly hotpath: boolean;
}

const EXAMPLES = `
Examples:
  $ mixer build                           every module of dist/; in a project of yours: those of its adapters/
  $ mixer build --for policy.yaml         policy.wasm, with the adapters that the document names
  $ mixer build --adapter list --adapter mine --out both.wasm

Adapters of your own stand in adapters/NAME/ below your package.json (\`mixer new adapter NAME\`).
A clone's command works in any folder: with --for and --adapter the module goes there, else to dist/ of the clone.`;

/** The command for commander. */
export function buildCommand(): Command {
  return new Command('build')
    .summary('compile the filter')
    .description(
      'Compile the filter: everything in dist/, or one module with the adapters that you name.',
    )
    .option('--for <document>', 'link only the adapters that this document names')
    .addOption(
      new Option('--adapter <name>', 'link this adapter; may be given more than once')
        .argParser(append)
        .default([], 'all'),
    )
    .option(
      '--out <file>',
      'where the module goes (default: the name of the document or of the first adapter)',
    )
    .addOption(
      new Option('--only <module>', 'build only this module of dist/; may be given more than once')
        .argParser(append)
        .default([], 'all'),
    )
    .option('--debug', 'keep assertions')
    .option('--no-hotpath', 'skip the search for allocations behind per-request exports')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

function append(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

async function run(flags: BuildFlags): Promise<void> {
  try {
    const workspace = findWorkspace();
    const targets = chooseTargets(flags, workspace);
    const options: BuildOptions = {
      ...workspace,
      targets,
      debug: flags.debug === true,
      hotpath: hotpath(flags, workspace),
      log: createLog(),
    };
    const [target] = targets;
    if (flags.for === undefined || !target) await build(options);
    else await buildFor(flags.for, target, options, workspace);
    print(
      targets.map(({ out }) => relative(process.cwd(), resolve(workspace.root, out))).join('\n'),
    );
  } catch (error) {
    throw error instanceof BuildError ? new FilesWrong(error.message) : error;
  }
}

/** Builds a target for a document; where that is refused, nothing new stands in the target's place. */
async function buildFor(
  file: string,
  target: Target,
  options: BuildOptions,
  workspace: Workspace,
): Promise<void> {
  const isChecked = await checkFirst(file, target, workspace);
  const kept = keptTarget(target);
  await build({ ...options, targets: [kept] });
  if (!isChecked) await acceptedDocument(file, join(workspace.root, kept.out));
  handOver(workspace.root, kept, target.out);
}

/** Checks the document before anything is compiled, where a module of the package has all its adapters. */
async function checkFirst(
  file: string,
  { adapters }: Target,
  workspace: Workspace,
): Promise<boolean> {
  if (!existsSync(WASM_PATH) || staleTarget(OWN, WASM_PATH)) return false;
  if (!adapters.every(({ module }) => module.startsWith(workspace.prefix))) return false;
  await acceptedDocument(file, WASM_PATH);
  return true;
}

/** Exemptions are about the module with all adapters: a smaller one need not use them. */
function hotpath(flags: BuildFlags, { prefix }: Workspace): 'all' | 'allocations' | 'off' {
  if (flags.debug === true || !flags.hotpath) return 'off';
  const isPart = isCustom(flags) || flags.only.length > 0 || prefix !== '';
  return isPart ? 'allocations' : 'all';
}

function isCustom(flags: BuildFlags): boolean {
  return flags.for !== undefined || flags.adapter.length > 0;
}

function chooseTargets(flags: BuildFlags, workspace: Workspace): Target[] {
  if (!isCustom(flags)) {
    if (flags.out !== undefined)
      throw new WrongUsage('--out names one module: give --for or --adapter with it');
    return chooseModules(modulesOf(workspace, flags.debug === true), flags.only);
  }
  const named = flags.for === undefined ? [] : adaptersOfFile(flags.for);
  const adapters = chooseAdapters([...new Set([...named, ...flags.adapter])], workspace);
  const title =
    flags.for === undefined
      ? (flags.adapter[0] ?? 'mixer')
      : basename(flags.for, extname(flags.for));
  const out = resolve(flags.out ?? `${title}.wasm`);
  return [
    {
      name: `custom/${adapters.map(({ name }) => name).join('+')}`,
      adapters,
      out,
      exports: [],
      sizeMaxBytes: null,
      // Adapters that are named by hand are for documents nobody knows.
      cel: flags.for === undefined || usesCel(readFileSync(flags.for, 'utf8')),
    },
  ];
}

function chooseModules(all: readonly Target[], names: readonly string[]): Target[] {
  const unknown = names.find((name) => all.every((target) => target.name !== name));
  if (unknown === undefined)
    return all.filter(({ name }) => names.length === 0 || names.includes(name));
  throw new WrongUsage(
    `no module "${unknown}": expected ${all.map(({ name }) => name).join(', ')}`,
  );
}

function adaptersOfFile(file: string): string[] {
  return adaptersOfDocument(DocumentFile.read(file).source.text, file);
}

function modulesOf({ root, prefix }: Workspace, debug: boolean): Target[] {
  const stray = strayFolder();
  if (stray !== undefined && findAdapters(stray).length > 0) throw new FilesWrong(strayText(stray));
  if (prefix === '') return allTargets(root, debug);
  const targets = authorTargets(root);
  if (targets.length > 0) return targets;
  throw new FilesWrong(
    `no adapter in ${root}: expected adapters/NAME/adapter.ts; begin one with \`mixer new adapter NAME\`, or link ` +
      "the package's with --for or --adapter",
  );
}

function chooseAdapters(names: readonly string[], workspace: Workspace): AdapterSource[] {
  const all = linkableAdapters(workspace);
  return names.map((name) => {
    const found = all.find((adapter) => adapter.name === name);
    if (found) return found;
    throw new WrongUsage(
      `no adapter "${name}": expected ${all.map((adapter) => adapter.name).join(', ')}`,
    );
  });
}
