// `mixer build`: compiles the filter, with all adapters or only with those that a document needs.

import { existsSync, readFileSync } from 'node:fs';
import { basename, extname, relative, resolve } from 'node:path';
import { Command } from 'commander';
import { BuildError } from '../../build/build-error.ts';
import { build } from '../../build/build.ts';
import { adaptersOfDocument } from '../../build/document-adapters.ts';
import { findAdapters, type AdapterSource } from '../../build/find-adapters.ts';
import { ROOT } from '../../build/root.ts';
import { allTargets, type Target } from '../../build/targets.ts';
import { FilesWrong, WrongUsage } from '../errors.ts';
import { createLog, print } from '../output.ts';

interface BuildFlags {
  readonly for?: string;
  readonly out?: string;
  readonly adapter: readonly string[];
  readonly only: readonly string[];
  readonly debug: boolean;
  readonly hotpath: boolean;
}

/** The command for commander. */
export function buildCommand(): Command {
  return new Command('build')
    .description(
      'compile the filter: everything in dist/, or one module with the adapters that you name',
    )
    .option('--for <document>', 'link only the adapters that this document names')
    .option('--adapter <name>', 'link this adapter; may be given more than once', append, [])
    .option(
      '--out <file>',
      'where the module goes (default: the name of the document or of the first adapter)',
    )
    .option(
      '--only <module>',
      'build only this module of dist/; may be given more than once',
      append,
      [],
    )
    .option('--debug', 'keep assertions', false)
    .option('--no-hotpath', 'skip the search for allocations behind per-request exports')
    .action(run);
}

function append(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

async function run(flags: BuildFlags): Promise<void> {
  try {
    const targets = chooseTargets(flags);
    await build({
      root: ROOT,
      targets,
      debug: flags.debug,
      hotpath: hotpath(flags),
      log: createLog(),
    });
    print(targets.map(({ out }) => relative(process.cwd(), resolve(ROOT, out))).join('\n'));
  } catch (error) {
    throw error instanceof BuildError ? new FilesWrong(error.message) : error;
  }
}

/** Exemptions are about the module with all adapters: a smaller one need not use them. */
function hotpath(flags: BuildFlags): 'all' | 'allocations' | 'off' {
  if (flags.debug || !flags.hotpath) return 'off';
  return isCustom(flags) || flags.only.length > 0 ? 'allocations' : 'all';
}

function isCustom(flags: BuildFlags): boolean {
  return flags.for !== undefined || flags.adapter.length > 0;
}

function chooseTargets(flags: BuildFlags): Target[] {
  if (!isCustom(flags)) {
    if (flags.out !== undefined)
      throw new WrongUsage('--out names one module: give --for or --adapter with it');
    return chooseModules(allTargets(ROOT, flags.debug), flags.only);
  }
  const named = flags.for === undefined ? [] : adaptersOfFile(flags.for);
  const adapters = chooseAdapters([...new Set([...named, ...flags.adapter])]);
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
      cel: true,
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
  if (!existsSync(file))
    throw new FilesWrong(`${file}: no such file; --for expects a document in YAML or JSON`);
  return adaptersOfDocument(readFileSync(file, 'utf8'), file);
}

function chooseAdapters(names: readonly string[]): AdapterSource[] {
  const all = findAdapters(ROOT);
  return names.map((name) => {
    const found = all.find((adapter) => adapter.name === name);
    if (found) return found;
    throw new BuildError(
      `no adapter "${name}": expected ${all.map((adapter) => adapter.name).join(', ')}`,
    );
  });
}
