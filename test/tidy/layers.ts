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
const HOST_DECLARATIONS = '@solo-io/proxy-runtime/assembly/imports';

/** Holds the layer table over assembly/ and adapters/. Units may import what they like. */
export function layers(files: readonly SourceFile[]): Problem[] {
  return files
    .filter((file) => isCode(file) && isAssembly(file) && !isTest(file))
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
  if (isJoint(path) || path.startsWith('test/')) {
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

/** Holds that folders of tools/ do not import each other in a circle. */
export function cycles(files: readonly SourceFile[]): Problem[] {
  const graph = new Map<string, Map<string, { path: string; line: number }>>();
  for (const file of files.filter(
    (each) => isCode(each) && !isTest(each) && each.path.startsWith('tools/'),
  )) {
    for (const { module, line } of importsOf(file)) {
      const [from, to] = [roomOf(file.path), roomOf(resolveImport(file.path, module))];
      if (from === to || !to.startsWith('tools/')) continue;
      const edges = graph.get(from) ?? new Map<string, { path: string; line: number }>();
      graph.set(from, edges.set(to, { path: file.path, line }));
    }
  }
  return [...graph.keys()].sort().flatMap((room) => {
    const circle = findCircle(graph, room);
    if (!circle || circle.some((other) => other < room)) return [];
    const edge = graph.get(room)?.get(circle[1] ?? '') ?? { path: room, line: 0 };
    const message = `circle ${circle.join(' → ')}: move what both need into the lower folder or a new one`;
    return [{ rule: 'cycles', ...edge, subject: circle.join(' '), message }];
  });
}

function findCircle(
  graph: ReadonlyMap<string, ReadonlyMap<string, unknown>>,
  start: string,
): string[] | null {
  const from = new Map<string, string>();
  const queue = [start];
  for (const room of queue) {
    for (const next of graph.get(room)?.keys() ?? []) {
      if (next === start) {
        const circle = [start];
        for (let at: string | undefined = room; at !== undefined && at !== start; at = from.get(at))
          circle.unshift(at);
        return [start, ...circle];
      }
      if (from.has(next)) continue;
      from.set(next, room);
      queue.push(next);
    }
  }
  return null;
}

/** Room of a file: `assembly/text`, `adapters/list`, `tools/cli`. Files without a folder are rooms of their own. */
export function roomOf(path: string): string {
  const parts = path.split('/');
  return parts.slice(0, path.startsWith('test/adapters/') ? 3 : 2).join('/');
}

function isJoint(path: string): boolean {
  return JOINTS.includes(path.replace(/\.ts$/, ''));
}
