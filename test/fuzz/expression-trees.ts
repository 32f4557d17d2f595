// Random expressions as trees, and random requests for them.

import type { Random } from './random.ts';

export type Type = 'STRING' | 'INT64' | 'BOOL' | 'STRING_MAP' | 'IP_ADDRESS';
export type Value = string | bigint | boolean | ReadonlyMap<string, string>;

/** A node of an expression. */
export type Tree =
  | { readonly kind: 'constant'; readonly type: Type; readonly text: string; readonly value: Value }
  | { readonly kind: 'attribute'; readonly type: Type; readonly name: string }
  | {
      readonly kind: 'call';
      readonly type: Type;
      readonly name: string;
      readonly operands: readonly Tree[];
    };

/** Attributes that random expressions read. */
export const ATTRIBUTES: Readonly<Record<string, Type>> = {
  s1: 'STRING',
  's2.a': 'STRING',
  s3: 'STRING',
  i1: 'INT64',
  i2: 'INT64',
  b1: 'BOOL',
  b2: 'BOOL',
  m1: 'STRING_MAP',
  m2: 'STRING_MAP',
  p1: 'IP_ADDRESS',
  p2: 'IP_ADDRESS',
};

const TEXTS = ['', 'a', 'ab', 'A', 'b', 'ba', 'é', 'x/y', '*', 'a*'];
const KEYS = ['a', 'b', 'A', ''];
const PATTERNS = ['a', '^a', 'b$', '^(a|b)*$', '[^a]', ''];
const ADDRESSES = ['10.0.0.1', '10.0.0.2'];
const WHOLES = [0n, 1n, 2n, 500n, 9223372036854775807n];
const ORDERS = ['LT', 'LEQ', 'GT', 'GEQ'] as const;
const SYMBOLS: Readonly<Record<string, string>> = {
  EQ: '==',
  NEQ: '!=',
  LT: '<',
  LEQ: '<=',
  GT: '>',
  GEQ: '>=',
  LAND: '&&',
  LOR: '||',
  OR: '|',
  ADD: '+',
};

/** A random tree of a type, at most so deep. */
export function someTree(random: Random, type: Type, depth: number): Tree {
  if (depth === 0 || random.below(6) === 0) return someLeaf(random, type);
  const some = (of: Type): Tree => someTree(random, of, depth - 1);
  const call = (name: string, ...operands: Tree[]): Tree => ({
    kind: 'call',
    type,
    name,
    operands,
  });
  if (random.below(5) === 0) return call('OR', ...someMany(random, () => some(type)));
  if (random.below(8) === 0) return call('conditional', some('BOOL'), some(type), some(type));
  switch (type) {
    case 'STRING':
      return someText(random, some, call);
    case 'INT64':
      return random.below(2) === 0
        ? call('size', some('STRING'))
        : call('ADD', ...someMany(random, () => some(type)));
    case 'BOOL':
      return someCondition(random, some, call);
    default:
      return someLeaf(random, type);
  }
}

type Some = (type: Type) => Tree;
type Call = (name: string, ...operands: Tree[]) => Tree;

function someText(random: Random, some: Some, call: Call): Tree {
  switch (random.below(5)) {
    case 0:
      return call('ADD', ...someMany(random, () => some('STRING')));
    case 1:
      return call('toLower', some('STRING'));
    case 2:
      return call('conditionalString', some('BOOL'), some('STRING'), some('STRING'));
    default:
      return call(
        'INDEX',
        some('STRING_MAP'),
        random.below(3) === 0 ? some('STRING') : text(random.pick(KEYS)),
      );
  }
}

function someCondition(random: Random, some: Some, call: Call): Tree {
  const type = random.pick(['STRING', 'STRING', 'INT64'] as const);
  switch (random.below(9)) {
    case 0:
      return call('startsWith', some('STRING'), some('STRING'));
    case 1:
      return call('endsWith', some('STRING'), someLeaf(random, 'STRING'));
    case 2:
      return call('match', some('STRING'), some('STRING'));
    case 3:
      return call('matches', text(random.pick(PATTERNS)), some('STRING'));
    case 4:
      return call(random.pick(ORDERS), some(type), some(type));
    case 5:
    case 6: {
      const wide = random.pick(['STRING', 'INT64', 'BOOL', 'IP_ADDRESS'] as const);
      return call(random.pick(['EQ', 'NEQ']), some(wide), some(wide));
    }
    case 7:
      return someSet(random, call);
    default:
      return call(random.pick(['LAND', 'LOR']), ...someMany(random, () => some('BOOL')));
  }
}

// Several comparisons of one attribute, which the compiler joins.
function someSet(random: Random, call: Call): Tree {
  const key = someLeaf(random, 'STRING');
  const name = random.pick(['EQ', 'NEQ']);
  const tests = someMany(random, () => call(name, key, text(random.pick(TEXTS))));
  return call(name === 'EQ' ? 'LOR' : 'LAND', ...tests);
}

function someMany(random: Random, some: () => Tree): Tree[] {
  return Array.from({ length: 2 + random.below(3) }, some);
}

function someLeaf(random: Random, type: Type): Tree {
  const names = Object.keys(ATTRIBUTES).filter((name) => ATTRIBUTES[name] === type);
  if (random.below(3) > 0) return { kind: 'attribute', type, name: random.pick(names) };
  switch (type) {
    case 'STRING':
      return text(random.pick(TEXTS));
    case 'INT64': {
      const value = random.pick(WHOLES);
      return { kind: 'constant', type, text: String(value), value };
    }
    case 'BOOL': {
      const value = random.below(2) === 0;
      return { kind: 'constant', type, text: String(value), value };
    }
    case 'IP_ADDRESS': {
      const value = random.pick(ADDRESSES);
      return { kind: 'constant', type, text: `ip("${value}")`, value };
    }
    default:
      return { kind: 'constant', type, text: 'emptyStringMap()', value: new Map() };
  }
}

function text(value: string): Tree {
  return { kind: 'constant', type: 'STRING', text: JSON.stringify(value), value };
}

/** The tree as an expression. Chains are written without parentheses. */
export function printTree(tree: Tree): string {
  if (tree.kind === 'constant') return tree.text;
  if (tree.kind === 'attribute') return tree.name;
  const [first = '', ...rest] = tree.operands.map(printOperand);
  if (tree.name === 'INDEX') return `${first}[${printTree(tree.operands[1] as Tree)}]`;
  const symbol = SYMBOLS[tree.name];
  if (symbol !== undefined) return [first, ...rest].join(` ${symbol} `);
  if (['startsWith', 'endsWith', 'matches'].includes(tree.name))
    return `${first}.${tree.name}(${rest.join(', ')})`;
  return `${tree.name}(${tree.operands.map(printTree).join(', ')})`;
}

function printOperand(tree: Tree): string {
  return tree.kind === 'call' && tree.name in SYMBOLS ? `(${printTree(tree)})` : printTree(tree);
}

/** A random request: some of the attributes. */
export function someBag(random: Random): Map<string, Value> {
  const bag = new Map<string, Value>();
  for (const [name, type] of Object.entries(ATTRIBUTES)) {
    if (random.below(4) === 0) continue;
    bag.set(name, someValue(random, type));
  }
  return bag;
}

function someValue(random: Random, type: Type): Value {
  if (type === 'STRING') return random.pick(TEXTS);
  if (type === 'INT64') return random.pick(WHOLES);
  if (type === 'BOOL') return random.below(2) === 0;
  if (type === 'IP_ADDRESS') return random.pick(ADDRESSES);
  const keys = KEYS.filter(() => random.below(2) === 0);
  return new Map(keys.map((key) => [key, random.pick(TEXTS)]));
}
