// A second evaluator of expressions, which walks their trees: Mixer's rules for presence, short circuits and referenced
// attributes written down once more, without programs, stacks or folding.

import type { Tree, Type, Value } from './expression-trees.ts';

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
      if (type === 'STRING') return (values as string[]).join('');
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
