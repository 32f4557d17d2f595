// Random expressions as trees, and a second evaluator that walks them: Mixer's rules for presence, short circuits and
// referenced attributes written down once more, without programs, stacks or folding.

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

/** A failed evaluation, in Mixer's words. */
export class EvaluationError extends Error {}

/** Walks a tree for one request. */
export class Walker {
  readonly references = new Set<string>();
  readonly #bag: ReadonlyMap<string, Value>;

  constructor(bag: ReadonlyMap<string, Value>) {
    this.#bag = bag;
  }

  /** The value of a node that must have one. */
  value(tree: Tree): Value {
    if (tree.kind === 'constant') return tree.value;
    if (tree.kind === 'call') return this.#call(tree.name, tree.operands, tree.type);
    const value = this.#read(tree.name);
    if (value === undefined) throw new EvaluationError(`lookup failed: '${tree.name}'`);
    return value;
  }

  // The value of an alternative, if it is present.
  #present(tree: Tree): Value | undefined {
    if (tree.kind === 'attribute') return this.#read(tree.name);
    if (tree.kind === 'call' && tree.name === 'OR') {
      for (const operand of tree.operands) {
        const value = this.#present(operand);
        if (value !== undefined) return value;
      }
      return undefined;
    }
    if (tree.kind !== 'call' || tree.name !== 'INDEX') return this.value(tree);
    const [mapTree, keyTree] = tree.operands as [Tree, Tree];
    const map = this.#present(mapTree);
    if (map === undefined) return undefined;
    const key = this.#present(keyTree);
    return key === undefined ? undefined : this.#look(map, key as string);
  }

  #call(name: string, operands: readonly Tree[], type: Type): Value {
    const [first, second, third] = operands as [Tree, Tree, Tree];
    if (name === 'OR') return this.#alternative(operands);
    if (name === 'LAND') return operands.every((operand) => this.value(operand) === true);
    if (name === 'LOR') return operands.some((operand) => this.value(operand) === true);
    if (name === 'conditional') return this.value(this.value(first) === true ? second : third);
    if (name === 'INDEX') {
      const map = this.value(first);
      return this.#look(map, this.value(second) as string) ?? '';
    }
    return compute(
      name,
      operands.map((operand) => this.value(operand)),
      type,
    );
  }

  #alternative(operands: readonly Tree[]): Value {
    for (const operand of operands.slice(0, -1)) {
      const value = this.#present(operand);
      if (value !== undefined) return value;
    }
    return this.value(operands.at(-1) as Tree);
  }

  #read(name: string): Value | undefined {
    const value = this.#bag.get(name);
    this.references.add(value === undefined ? `-${name}` : name);
    return value;
  }

  #look(map: Value, key: string): string | undefined {
    const value = (map as ReadonlyMap<string, string>).get(key);
    const name = [...this.#bag].find(([, other]) => other === map)?.[0];
    if (name !== undefined) this.references.add(`${value === undefined ? '-' : ''}${name}[${key}]`);
    return value;
  }
}

function compute(name: string, values: readonly Value[], type: Type): Value {
  const [left, right, third] = values as [Value, Value, Value];
  switch (name) {
    case 'EQ':
      return left === right;
    case 'NEQ':
      return left !== right;
    case 'LT':
      return order(left, right) < 0;
    case 'LEQ':
      return order(left, right) <= 0;
    case 'GT':
      return order(left, right) > 0;
    case 'GEQ':
      return order(left, right) >= 0;
    case 'ADD':
      if (type === 'STRING') return values.join('');
      return BigInt.asIntN(
        64,
        (values as bigint[]).reduce((sum, value) => sum + value, 0n),
      );
    case 'size':
      return BigInt(Buffer.byteLength(left as string));
    case 'toLower':
      return (left as string).toLowerCase();
    case 'conditionalString':
      return left === true ? right : third;
    case 'match':
      return glob(left as string, right as string);
    case 'matches':
      return new RegExp(left as string, 'u').test(right as string);
    case 'startsWith':
      return (left as string).startsWith(right as string);
    default:
      return (left as string).endsWith(right as string);
  }
}

function order(left: Value, right: Value): number {
  if (typeof left === 'string')
    return Buffer.compare(Buffer.from(left), Buffer.from(right as string));
  const difference = (left as bigint) - (right as bigint);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function glob(subject: string, pattern: string): boolean {
  if (pattern.endsWith('*')) return subject.startsWith(pattern.slice(0, -1));
  if (pattern.startsWith('*')) return subject.endsWith(pattern.slice(1));
  return subject === pattern;
}
