// Rewrites a module so that it counts: each function notes as which one it has run first, each branch whether it was
// taken, not taken, or both, in exported globals behind the module's own. Works on the finished bytes, so that what is
// counted are the branches of a release module; its own code behaves as before.

import { readBody } from '../../tools/build/branches.ts';
import * as wasm from '../../tools/build/pack/instructions.ts';
import {
  concatenate,
  encodeNumber,
  encodeSection,
  encodeText,
} from '../../tools/build/wasm-encode.ts';
import { ModuleReader } from '../../tools/host/module-reader.ts';
import {
  HEADER_SIZE_BYTES,
  SECTION,
  appended,
  readBodies,
  readSections,
  type Section,
} from '../../tools/build/wasm.ts';

/** What stands in front of a function's place in the module, from 0, in the export that says as which one it ran. */
export const RAN = 'ran:';
/** The same for `branch:FUNCTION:BRANCH`, which says where the branch went: the sum of the two below. */
export const BRANCH = 'branch:';
/** How many functions have run. */
export const ORDER = 'order';
export const NOT_TAKEN = 1;
export const TAKEN = 2;

const MUTABLE = 1;
const GLOBAL_KIND = 3;
const FUNCTION_TYPE = 0x60;
const { get, set, getGlobal, setGlobal, constant, when } = wasm;

/** The globals that come behind a module's own. */
class Counters {
  readonly #first: number;
  readonly #names: string[] = [];

  constructor(first: number) {
    this.#first = first;
  }

  /** The index of a further one. */
  add(name: string): number {
    return this.#first + this.#names.push(name) - 1;
  }

  globals(bytes: Uint8Array): Uint8Array {
    const zero = Uint8Array.of(wasm.I32, MUTABLE, ...constant(0), wasm.END);
    return appended(bytes, this.#names.length, concatenate(this.#names.map(() => zero)));
  }

  exports(bytes: Uint8Array): Uint8Array {
    const entries = this.#names.flatMap((name, index) => [
      encodeText(name),
      Uint8Array.of(GLOBAL_KIND),
      encodeNumber(this.#first + index),
    ]);
    return appended(bytes, this.#names.length, concatenate(entries));
  }
}

/** The module that counts. It has globals and exports already, as every module that the compiler makes. */
export function counted(module: Uint8Array): Uint8Array {
  const sections = readSections(module);
  const counters = new Counters(readerOf(sections, SECTION.global).number());
  const order = counters.add(ORDER);
  const parameters = parameterCounts(sections);
  const bodies = readBodies(module).map((body, index) =>
    countedBody(body, { index, order, parameterCount: parameters[index] ?? 0 }, counters),
  );
  const code = concatenate([encodeNumber(bodies.length), ...bodies]);
  const rewritten: Readonly<Record<number, (bytes: Uint8Array) => Uint8Array>> = {
    [SECTION.global]: (bytes) => counters.globals(bytes),
    [SECTION.export]: (bytes) => counters.exports(bytes),
    [SECTION.code]: () => code,
  };
  const parts = sections.map(({ id, bytes }) => encodeSection(id, rewritten[id]?.(bytes) ?? bytes));
  return concatenate([module.subarray(0, HEADER_SIZE_BYTES), ...parts]);
}

interface Place {
  /** Among the module's own functions. */
  readonly index: number;
  /** The global that says how many functions have run. */
  readonly order: number;
  readonly parameterCount: number;
}

/** A body with its size: one more local, which keeps conditions, and the counting in front of each branch. */
function countedBody(
  body: Uint8Array,
  { index, order, parameterCount }: Place,
  counters: Counters,
): Uint8Array {
  const { localCount, codeAt, branches } = readBody(body);
  const condition = parameterCount + localCount;
  const parts = [
    appended(body.subarray(0, codeAt), 1, Uint8Array.of(1, wasm.I32)),
    Uint8Array.from(noteRun(order, counters.add(`${RAN}${index}`))),
  ];
  let from = codeAt;
  for (const [number, { at }] of branches.entries()) {
    const note = noteBranch(condition, counters.add(`${BRANCH}${index}:${number}`));
    parts.push(body.subarray(from, at), Uint8Array.from(note));
    from = at;
  }
  const bytes = concatenate([...parts, body.subarray(from)]);
  return concatenate([encodeNumber(bytes.length), bytes]);
}

/** Notes the first run only. */
function noteRun(order: number, ran: number): number[] {
  const note = [
    ...[...getGlobal(order), ...constant(1), wasm.ADD, ...setGlobal(order)],
    ...[...getGlobal(order), ...setGlobal(ran)],
  ];
  return [...getGlobal(ran), wasm.IS_ZERO, ...when(note)];
}

/** Leaves the condition on the stack as it was. */
function noteBranch(condition: number, went: number): number[] {
  return [
    ...[...set(condition), ...getGlobal(went), ...constant(TAKEN), ...constant(NOT_TAKEN)],
    ...[...get(condition), wasm.SELECT, wasm.OR, ...setGlobal(went), ...get(condition)],
  ];
}

/** Of the module's own functions. */
function parameterCounts(sections: readonly Section[]): number[] {
  const types = readerOf(sections, SECTION.type);
  const counts = Array.from({ length: types.number() }, () => {
    if (types.byte() !== FUNCTION_TYPE) throw new Error('expected types of functions only');
    const { length } = types.take(types.number());
    types.take(types.number());
    return length;
  });
  const functions = readerOf(sections, SECTION.function);
  return Array.from({ length: functions.number() }, () => counts[functions.number()] ?? 0);
}

function readerOf(sections: readonly Section[], wanted: number): ModuleReader {
  const section = sections.find(({ id }) => id === wanted);
  if (!section) throw new Error(`expected a module with section ${wanted}`);
  return new ModuleReader(section.bytes);
}
