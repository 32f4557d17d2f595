// Where a module's bytes go, by room, and whether it keeps within its budget.

import { BRANCH_HINTS } from './hints.ts';
import { SECTION, readFunctions, readSections, type Section } from './wasm.ts';
import { LIBRARY_PREFIX } from './workspace.ts';

/** Bytes by room, the largest first. They add up to the module's size. */
export interface SizeReport {
  readonly totalBytes: number;
  readonly rooms: readonly (readonly [room: string, sizeBytes: number])[];
}

const FOLDER_OF_NAME = /^(?:start:)?((?:assembly|adapters|test)\/(?:adapters\/)?[^/]+)\//;

/** Which room a function's name tells of; `~lib` is the compiler's standard library. */
export function roomOf(fullName: string): string {
  const name = fullName.replaceAll(LIBRARY_PREFIX, '');
  const folder = FOLDER_OF_NAME.exec(name)?.[1];
  if (folder !== undefined) return folder;
  return name.startsWith('~lib/') ? '~lib' : 'entry';
}

/** Adds up the bytes of a module. Rooms are told by the names in `named`, the same module with its full names. */
export function measure(module: Uint8Array, named = module): SizeReport {
  const sections = readSections(module);
  const sums = new Map<string, number>();
  const add = (room: string, sizeBytes: number): void =>
    void sums.set(room, (sums.get(room) ?? 0) + sizeBytes);
  for (const { name, sizeBytes } of readFunctions(readSections(named)))
    add(roomOf(name), sizeBytes);
  for (const section of sections) {
    if (section.id !== SECTION.code) add(roomOfSection(section), section.bytes.length);
  }
  const known = [...sums.values()].reduce((sum, sizeBytes) => sum + sizeBytes, 0);
  add('other sections', module.length - known);
  return {
    totalBytes: module.length,
    rooms: [...sums].sort(([, left], [, right]) => right - left),
  };
}

function roomOfSection({ id, name }: Section): string {
  if (id === SECTION.data) return 'data';
  if (name === BRANCH_HINTS) return 'hints';
  return name === 'name' ? 'names' : 'other sections';
}

/** The report as a table of two columns. */
export function renderSizes(title: string, { totalBytes, rooms }: SizeReport): string {
  const rows = [
    [title, totalBytes] as const,
    ...rooms.map(([room, size]) => [`  ${room}`, size] as const),
  ];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows
    .map(([name, size]) => name.padEnd(width) + size.toLocaleString('en').padStart(9))
    .join('\n');
}

/** What is wrong with a size, or null. */
export function overBudget(
  file: string,
  totalBytes: number,
  sizeMaxBytes: number | null,
): string | null {
  if (sizeMaxBytes === null || totalBytes <= sizeMaxBytes) return null;
  const [size, limit] = [totalBytes, sizeMaxBytes].map((bytes) => bytes.toLocaleString('en'));
  return `${file} is ${size} bytes: at most ${limit} are allowed (tools/build/settings.ts); see which room grew`;
}
