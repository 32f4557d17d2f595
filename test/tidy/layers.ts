// Who may import whom: the rooms of the project in order. A file imports rooms above its own and its own room.

import {
  importsOf,
  isAssembly,
  isCode,
  isTest,
  resolveImport,
  type Problem,
  type SourceFile,
} from './source.ts';

/** The rooms of assembly/, lowest first. */
export const LAYERS: readonly string[] = [
  'assembly/shared',
  'assembly/memory',
  'assembly/text',
  'assembly/abi',
  'assembly/diagnostic',
  'assembly/config',
  'assembly/attribute',
  'assembly/expression',
  'assembly/template',
  'assembly/rule',
  'assembly/runtime',
];

const JOINTS = ['assembly/entry', 'assembly/sdk'];
/** Entries that tests compile to reach inside; like all tests they import what they like. */
const PROBE = /^test\/(?!adapters\/)/;
const HOST_DECLARATIONS = '@solo-io/proxy-runtime/assembly/imports';

/** Holds the layer table over assembly/ and adapters/. Units may import what they like. */
export function layers(files: readonly SourceFile[]): Problem[] {
  return files
    .filter((file) => isCode(file) && isAssembly(file) && !isTest(file) && !PROBE.test(file.path))
    .flatMap(checkFile);
}

function checkFile(file: SourceFile): Problem[] {
  return importsOf(file).flatMap(({ module, line }) => {
    const message = objection(file.path, resolveImport(file.path, module));
    return message === null
      ? []
      : [{ rule: 'layers', path: file.path, line, subject: module, message }];
  });
}

/** Why `path` may not import `target`, or null. */
export function objection(path: string, target: string): string | null {
  const room = roomOf(path);
  if (!target.includes('/') || /^@|^[a-z-]+:/.test(target)) return packageObjection(room, target);
  if (room.startsWith('adapters/') || room.startsWith('test/adapters/'))
    return adapterObjection(room, target);
  if (isJoint(path)) {
    return target.startsWith('assembly/') ? null : `${path} imports assembly/ only`;
  }
  if (room === 'assembly/shared')
    return 'assembly/shared imports nothing: move the code up, or the constant into this file';
  const [own, other] = [LAYERS.indexOf(room), LAYERS.indexOf(roomOf(target))];
  if (other < 0)
    return `${room} imports only the rooms above it in the table: ${LAYERS.slice(0, own + 1).join(', ')}`;
  if (other <= own) return null;
  return `${room} is above ${LAYERS[other]}: move the code down to ${LAYERS[other]}, or what it needs up to ${room}`;
}

function packageObjection(room: string, target: string): string | null {
  if (target !== HOST_DECLARATIONS)
    return `package ${target}: assembly/ and adapters/ import no packages`;
  return room === 'assembly/abi'
    ? null
    : 'only assembly/abi knows the host: call its wrapper, or add one there';
}

function adapterObjection(room: string, target: string): string | null {
  if (target.startsWith(`${room}/`) || target === 'assembly/sdk') return null;
  const rule = 'an adapter imports assembly/sdk and its own folder';
  if (target.startsWith('adapters/'))
    return `${rule}, not another adapter: move what both need into assembly/`;
  return `${rule}, not ${target}: name what it needs in assembly/sdk.ts`;
}

/** Holds that tools reach assembly/ only through the shared tables. */
export function tools(files: readonly SourceFile[]): Problem[] {
  return files
    .filter((file) => isCode(file) && file.path.startsWith('tools/'))
    .flatMap((file) =>
      importsOf(file).flatMap(({ module, line }) => {
        const target = resolveImport(file.path, module);
        const isAllowed =
          !/^(assembly|adapters|test)\//.test(target) || target.startsWith('assembly/shared/');
        const message =
          'tools import assembly/shared only: reach filters as .wasm, and keep test code in test/';
        return isAllowed
          ? []
          : [{ rule: 'layers', path: file.path, line, subject: module, message }];
      }),
    );
}

/** Room of a file: `assembly/text`, `adapters/list`, `tools/cli`. Files without a folder are rooms of their own. */
export function roomOf(path: string): string {
  const parts = path.split('/');
  return parts.slice(0, path.startsWith('test/adapters/') ? 3 : 2).join('/');
}

function isJoint(path: string): boolean {
  return JOINTS.includes(path.replace(/\.ts$/, ''));
}
