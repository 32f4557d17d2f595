// Where a build happens: in this project, or in an author's own, which has the package in its node_modules and adapters
// of its own in adapters/.

import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { findAdapters, type AdapterSource } from './find-adapters.ts';
import { ROOT } from './root.ts';

/** Name of the package, and so of its folder below node_modules. */
export const PACKAGE = 'mixer-in-proxy';
const PREFIX = `${PACKAGE}/`;
/** Functions of the package have this in front of their names in an author's module. */
export const LIBRARY_PREFIX = `~lib/${PREFIX}`;
const CONFIG = 'build/mixer.asconfig.json';

export interface Workspace {
  /** Where adapters/ is, and where dist/ and build/ go. */
  readonly root: string;
  /** What stands before `assembly/…` in an import: nothing here, the package's name elsewhere. */
  readonly prefix: string;
}

/** This project's own workspace. */
export const OWN: Workspace = { root: ROOT, prefix: '' };

/** The workspace of a folder. */
export function findWorkspace(cwd = process.cwd()): Workspace {
  if (isOwn(cwd)) return OWN;
  const project = projectOf(cwd);
  const isInstalled = basename(dirname(ROOT)) === 'node_modules';
  const isLinked = existsSync(join(project, 'node_modules', PACKAGE));
  return isInstalled || isLinked ? { root: project, prefix: PREFIX } : OWN;
}

/**
 * The folder of adapters where a command of a clone stands outside of it, and the package is missing; undefined in a
 * workspace. What a command makes there would go to the clone.
 */
export function strayFolder(cwd = process.cwd()): string | undefined {
  return findWorkspace(cwd) === OWN && !isOwn(cwd) ? projectOf(cwd) : undefined;
}

/** What to do about such a folder. */
export function strayText(folder: string): string {
  return `${folder} has no node_modules/${PACKAGE}: \`npm install ${PACKAGE}\` there first, or work in ${ROOT}`;
}

function isOwn(cwd: string): boolean {
  const from = resolve(cwd);
  return from === ROOT || from.startsWith(ROOT + sep);
}

/** Adapters that a build there may link: those of the workspace, then those of the package. */
export function linkableAdapters(workspace: Workspace): AdapterSource[] {
  const own = findAdapters(workspace.root);
  if (workspace.prefix === '') return own;
  const names = new Set(own.map(({ name }) => name));
  const packaged = findAdapters(ROOT).filter(({ name }) => !names.has(name));
  return [
    ...own,
    ...packaged.map((adapter) => ({ ...adapter, module: workspace.prefix + adapter.module })),
  ];
}

/**
 * The module that an author's project has built: the one with all its adapters, or the only one. The module of adapters
 * that are gone may still lie there, and no build makes it again.
 */
export function builtModule({ root, prefix }: Workspace): string | undefined {
  const folder = join(root, 'dist');
  if (prefix === '' || !existsSync(folder)) return undefined;
  const modules = readdirSync(folder).filter((name) => name.endsWith('.wasm'));
  const [adapter, ...others] = findAdapters(root).map(({ name }) => `${name}.wasm`);
  if (adapter !== undefined && others.length === 0 && modules.includes(adapter))
    return join(folder, adapter);
  const [only] = modules;
  const name = modules.includes('mixer.wasm') || modules.length > 1 ? 'mixer.wasm' : only;
  return name === undefined ? undefined : join(folder, name);
}

/** Options of the compiler that an author's workspace needs: the package's settings, seen from there. */
export function workspaceFlags({ root, prefix }: Workspace): string[] {
  if (prefix === '') return [];
  const text = readFileSync(join(ROOT, 'asconfig.json'), 'utf8');
  const file = join(root, CONFIG);
  const config = text.replace('abort=', `abort=${LIBRARY_PREFIX}`);
  mkdirSync(dirname(file), { recursive: true });
  if (!existsSync(file) || readFileSync(file, 'utf8') !== config) writeFileSync(file, config);
  return ['--config', CONFIG, '--path', relative(root, dirname(ROOT))];
}

/** The nearest folder with a package.json; the folder itself where there is none above either. */
function projectOf(cwd: string): string {
  const folder = resolve(cwd);
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, 'package.json'))) return at;
    if (dirname(at) === at) return folder;
  }
}
