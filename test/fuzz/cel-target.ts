// Expressions of CEL: random ones against another implementation, broken ones that must neither trap nor run away, and
// JSON texts against JavaScript's reader.

import { celUint, isCelError, isCelList, isCelMap, isCelType, isCelUint, run } from '@bufbuild/cel';
import { CelProbe } from '../cel/cel-probe.ts';
import { showValue, type CelValue } from '../cel/value.ts';
import { someBindings, someCel, type TreeType } from './cel-trees.ts';
import { joined, mutated } from './mutate.ts';
import { Random } from './random.ts';
import type { Run, Target } from './targets.ts';

const TYPES: readonly TreeType[] = ['bool', 'bool', 'int', 'uint', 'double', 'string', 'list'];
const PIECES = ['(', ')', '[', '{', '"', "'", '`', '\\', '.', '?', ':', '||', '&&', '!', '-', '9'];
const JSON_PIECES = [
  ...['{', '}', '[', ']', ',', ':', '"a"', '"b"', '"', '1', '-0.5', '1e3', '01', '.5', '1.', '+1'],
  ...[
    'true',
    'null',
    ' ',
    '\n',
    '\\',
    '"\\u0061"',
    '"\\ud83d\\ude00"',
    '\t',
    '{"a":1,',
    '[1,',
    'é',
  ],
];
const DEPTH = 4;
/** Deepest nesting that the filter reads. */
const JSON_DEPTH_MAX = 32;

type Foreign = Parameters<typeof run>[1] extends Record<string, infer Value> | undefined
  ? Value
  : never;

/** A value as the other implementation takes it. */
function foreign(value: CelValue): Foreign {
  switch (value.type) {
    case 'uint':
      return celUint(value.value);
    case 'list':
      return value.items.map(foreign);
    case 'map':
      return new Map(value.entries.map(([key, item]) => [foreign(key) as string, foreign(item)]));
    case 'int':
    case 'bool':
    case 'double':
    case 'string':
    case 'bytes':
      return value.value;
    default:
      throw new Error(`no variable is of type ${value.type}`);
  }
}

/** A value of the other implementation. */
function native(value: unknown): CelValue {
  if (typeof value === 'bigint') return { type: 'int', value };
  if (typeof value === 'number') return { type: 'double', value };
  if (typeof value === 'string') return { type: 'string', value };
  if (typeof value === 'boolean') return { type: 'bool', value };
  if (value === null) return { type: 'null' };
  if (value instanceof Uint8Array) return { type: 'bytes', value };
  if (isCelUint(value)) return { type: 'uint', value: value.value };
  if (isCelList(value)) return { type: 'list', items: [...value].map(native) };
  if (isCelMap(value))
    return {
      type: 'map',
      entries: [...value].map(([key, item]) => [native(key), native(item)] as const),
    };
  if (isCelType(value)) return { type: 'type', value: value.name };
  throw new Error(`a value of an unknown kind: ${typeof value}`);
}

/** Where a random expression gives something else than the other implementation; null where nowhere. */
export function celDifference(probe: CelProbe, random: Random): string | null {
  const bindings = someBindings(random);
  const expression = someCel(random, random.pick(TYPES), 1 + random.below(DEPTH));
  const variables = Object.fromEntries(
    [...bindings].map(([name, value]) => [name, foreign(value)]),
  );
  const theirs = run(expression, variables);
  const ours = probe.evaluate(expression, bindings, false);
  const expected = isCelError(theirs) ? 'error' : showValue(native(theirs));
  const actual = ours.kind === 'value' ? showValue(ours.value) : ours.kind;
  if (actual === expected) return null;
  const shown = [...bindings].map(([name, value]) => `${name} = ${showValue(value)}`);
  const detail = ours.kind === 'value' ? '' : ours.message;
  return `${expression} gives ${actual} ${detail}, expected ${expected}\n${shown.join('\n')}`;
}

/** A random expression, broken at one place. */
export function brokenCel(random: Random): string {
  const whole = someCel(random, random.pick(TYPES), 1 + random.below(DEPTH));
  const at = random.below(whole.length + 1);
  return whole.slice(0, at) + random.pick(PIECES) + whole.slice(at + random.below(3));
}

function seeded(input: Buffer): Random {
  return new Random(Buffer.concat([input, Buffer.alloc(4)]).readUInt32LE());
}

function seed(random: Random): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(random.below(4_294_967_296));
  return bytes;
}

/** An input is the four bytes of a seed. */
export const celDifferential: Target = {
  name: 'celDifferential',
  weight: 1,
  start(): Promise<Run> {
    const probe = CelProbe.load();
    return Promise.resolve((input) => celDifference(probe, seeded(input)));
  },
  input: seed,
};

export const celBroken: Target = {
  name: 'celBroken',
  weight: 2,
  start(): Promise<Run> {
    const probe = CelProbe.load();
    return Promise.resolve((input) => {
      const random = seeded(input);
      probe.evaluate(brokenCel(random), someBindings(random), random.below(2) === 0);
      return null;
    });
  },
  input: seed,
};

export const celJson: Target = {
  name: 'celJson',
  weight: 2,
  start(): Promise<Run> {
    const probe = CelProbe.load();
    return Promise.resolve((input) => {
      const text = input.toString('utf8');
      const expected = jsonValue(text);
      if (expected === undefined) return null;
      const told = probe.evaluate('json(s)', new Map([['s', { type: 'string', value: text }]]));
      const actual = told.kind === 'value' ? showValue(told.value) : 'error';
      const wanted = expected === null ? 'error' : showValue(expected);
      return actual === wanted ? null : `gives ${actual}, expected ${wanted}`;
    });
  },
  input: (random) =>
    random.below(2) === 0
      ? Buffer.from(joined(random, JSON_PIECES, 12))
      : mutated(random, Buffer.from('{"a":[1,{"b":"x\\n"}],"b":-1.5e2,"c":null}'), JSON_PIECES),
};

/**
 * The value of a JSON text; null where it is none, has a key twice or a number too large; undefined where readers
 * differ on purpose.
 */
function jsonValue(text: string): CelValue | null | undefined {
  if (/\\u[dD][89a-fA-F]/.test(text) || (text.match(/[[{]/g)?.length ?? 0) > JSON_DEPTH_MAX)
    return undefined;
  try {
    return jsonNative(JSON.parse(text), countKeys(text));
  } catch {
    return null;
  }
}

/** How many colons stand outside of texts: as many keys as a JSON text has. */
function countKeys(text: string): number {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').match(/:/g)?.length ?? 0;
}

function jsonNative(value: unknown, keyCount: number): CelValue | null {
  let count = 0;
  const convert = (each: unknown): CelValue => {
    if (each === null) return { type: 'null' };
    if (typeof each === 'number') {
      if (!Number.isFinite(each)) throw new RangeError('a number that no double holds');
      return { type: 'double', value: each };
    }
    if (typeof each === 'string') return { type: 'string', value: each };
    if (typeof each === 'boolean') return { type: 'bool', value: each };
    if (Array.isArray(each)) return { type: 'list', items: each.map(convert) };
    const entries = Object.entries(each as object);
    count += entries.length;
    return {
      type: 'map',
      entries: entries.map(([key, item]) => [{ type: 'string', value: key }, convert(item)]),
    };
  };
  const converted = convert(value);
  // JavaScript keeps the last of two equal keys.
  return count === keyCount ? converted : null;
}
