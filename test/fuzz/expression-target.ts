// Random expressions against a second evaluator: the same value or error, and the same references.

import { Probe, type TypedValue } from '../conformance/probe-module.ts';
import { EvaluationError, Walker } from './expression-model.ts';
import {
  ATTRIBUTES,
  printTree,
  someBag,
  someTree,
  type Type,
  type Value,
} from './expression-trees.ts';
import { Random } from './random.ts';
import type { Run, Target } from './targets.ts';

const RESET_ROUNDS = 50;
const TYPES: readonly Type[] = ['STRING', 'INT64', 'BOOL', 'BOOL', 'STRING_MAP', 'IP_ADDRESS'];

/** An input is the four bytes of a seed, from which tree and attribute values follow. */
export const differential: Target = {
  name: 'differential',
  weight: 3,
  start(): Promise<Run> {
    const probe = Probe.load();
    let turn = 0;
    return Promise.resolve((input) => {
      if (turn++ % RESET_ROUNDS === 0) {
        probe.reset();
        for (const [name, type] of Object.entries(ATTRIBUTES)) probe.declare(name, type);
      }
      return compare(probe, new Random(Buffer.concat([input, Buffer.alloc(4)]).readUInt32LE()));
    });
  },
  input(random) {
    const seed = Buffer.alloc(4);
    seed.writeUInt32LE(random.below(4_294_967_296));
    return seed;
  },
};

function compare(probe: Probe, random: Random): string | null {
  const tree = someTree(random, random.pick(TYPES), 1 + random.below(4));
  const bag = someBag(random);
  const text = printTree(tree);
  const compiled = probe.compile(text);
  if ('error' in compiled) return `${text} is refused: ${compiled.error}`;
  probe.begin();
  for (const [name, value] of bag) probe.set(name, typed(value));
  const walker = new Walker(bag);
  let expected: string;
  try {
    expected = shown(walker.value(tree));
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    expected = `error ${error.message}`;
  }
  const evaluated = probe.evaluate(true);
  const actual = 'error' in evaluated ? `error ${evaluated.error}` : String(evaluated.value.value);
  if (actual !== expected) return `${text} gives ${actual}, expected ${expected}`;
  const read = probe.references().join();
  const wanted = [...walker.references].sort().join();
  return read === wanted ? null : `${text} read ${read}, expected ${wanted}`;
}

function typed(value: Value): TypedValue {
  if (typeof value === 'bigint') return { type: 'INT64', value };
  if (typeof value === 'boolean') return { type: 'BOOL', value };
  if (typeof value !== 'string') return { type: 'STRING_MAP', value: Object.fromEntries(value) };
  if (!/^10\./.test(value)) return { type: 'STRING', value };
  const hex = value.split('.').map((digits) => Number(digits).toString(16).padStart(2, '0'));
  return { type: 'IP_ADDRESS', bytes_hex: hex.join('') };
}

function shown(value: Value): string {
  if (typeof value !== 'object') return String(value);
  const entries = [...value].sort(([left], [right]) =>
    Buffer.compare(Buffer.from(left), Buffer.from(right)),
  );
  return `map[${entries.map(([key, text]) => `${key}:${text}`).join(' ')}]`;
}
