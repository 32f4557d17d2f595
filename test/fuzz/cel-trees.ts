// Random well-formed expressions of CEL over variables with values of every type.

import type { CelValue } from '../cel/value.ts';
import type { Random } from './random.ts';

/** Types that an expression can be asked to have. */
export type TreeType = 'bool' | 'int' | 'uint' | 'double' | 'string' | 'bytes' | 'list' | 'map';

const TYPES: readonly TreeType[] = ['bool', 'int', 'uint', 'double', 'string', 'list', 'map'];
const WORDS = ['', 'a', 'ab', 'abc', 'é', 'πέντε', '😛', 'A b', '0', '-7', '1.5', 'true'];
/** The other implementation takes the halves of a surrogate pair apart in bytes. */
const BYTES = WORDS.filter((word) => word !== '😛');
const INTS = [
  '0',
  '1',
  '-1',
  '2',
  '7',
  '100',
  '-9223372036854775808',
  '9223372036854775807',
  '4611686018427387904',
];
/** Never divided: the other implementation does that as if they had a sign. */
const UINTS = ['0u', '1u', '2u', '9223372036854775807u'];
/** None at the edge of integers: equality there is that of the standard's order here, exact elsewhere. */
const DOUBLES = ['0.0', '1.0', '-1.5', '2.0', '1e300', '0.1'];
const PATTERNS = ['a', '^a', 'b$', 'a.c', '[a-c]+', '(a|é)*', '\\\\d+'];
const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='];

/** Variables by name: each type has two, and a dynamic one. */
export function someBindings(random: Random): Map<string, CelValue> {
  const bindings = new Map<string, CelValue>();
  for (const type of TYPES) {
    bindings.set(`${type}1`, someValue(random, type, 2));
    bindings.set(`${type}2`, someValue(random, type, 2));
  }
  bindings.set('any', someValue(random, random.pick(TYPES), 2));
  return bindings;
}

function someValue(random: Random, type: TreeType, depth: number): CelValue {
  switch (type) {
    case 'bool':
      return { type, value: random.below(2) === 0 };
    case 'int':
      return { type, value: BigInt(random.pick(INTS)) };
    case 'uint':
      return { type, value: BigInt(random.pick(UINTS).slice(0, -1)) };
    case 'double':
      return { type, value: Number(random.pick(DOUBLES)) };
    case 'string':
      return { type, value: random.pick(WORDS) };
    case 'bytes':
      return { type, value: Buffer.from(random.pick(WORDS)) };
    case 'list':
      return { type, items: someItems(random, depth) };
    case 'map':
      return {
        type,
        entries: someItems(random, depth).map((item, index) => [
          { type: 'string', value: WORDS[index + 1]! },
          item,
        ]),
      };
  }
}

function someItems(random: Random, depth: number): CelValue[] {
  const types: readonly TreeType[] = depth > 0 ? TYPES : ['bool', 'int', 'string'];
  return Array.from({ length: random.below(4) }, () =>
    someValue(random, random.pick(types), depth - 1),
  );
}

/** An expression that most likely has this type. */
export function someCel(random: Random, type: TreeType, depth: number): string {
  if (depth <= 0) return leaf(random, type);
  const inner = (wanted: TreeType): string => someCel(random, wanted, depth - 1);
  const choices = [...shapes(random, type, inner), ...common(random, type, inner)];
  return random.pick(choices)();
}

function leaf(random: Random, type: TreeType): string {
  if (random.below(3) === 0 && type !== 'bytes') return `${type}${1 + random.below(2)}`;
  switch (type) {
    case 'bool':
      return random.pick(['true', 'false']);
    case 'int':
      return random.pick(INTS);
    case 'uint':
      return random.pick(UINTS);
    case 'double':
      return random.pick(DOUBLES);
    case 'string':
      return JSON.stringify(random.pick(WORDS));
    case 'bytes':
      return `b${JSON.stringify(random.pick(BYTES))}`;
    case 'list':
      return random.pick(['[]', '[1, 2, 3]', '["a", "b"]', '[1, 2u, 3.0, "x"]', '[[1], [2]]']);
    case 'map':
      return random.pick(['{}', '{"a": 1, "b": 2}', '{1: "x", 2u: true}', '{true: [1]}']);
  }
}

type Shape = () => string;
type Inner = (type: TreeType) => string;

function common(random: Random, type: TreeType, inner: Inner): Shape[] {
  return [
    () => `(${inner('bool')} ? ${inner(type)} : ${inner(type)})`,
    () => leaf(random, type),
    () => `dyn(${inner(type)})`,
    () => `[${inner(type)}, ${inner(type)}][${random.below(3)}]`,
    () => `{"k": ${inner(type)}}.${random.pick(['k', 'k', 'q'])}`,
  ];
}

function shapes(random: Random, type: TreeType, inner: Inner): Shape[] {
  const number = (): TreeType => random.pick(['int', 'uint', 'double']);
  const binary = (operators: readonly string[]) => () =>
    `(${inner(type)} ${random.pick(operators)} ${inner(type)})`;
  switch (type) {
    case 'bool':
      return conditions(random, inner, number);
    case 'int':
      return [
        binary(['+', '-', '*', '/']),
        // What the least integer leaves with -1 is an error here and in Go, 0 elsewhere.
        () => `(${inner('int')} % ${random.pick(['0', '1', '2', '7'])})`,
        // The other implementation negates the least integer.
        () => `(-size(${inner('list')}))`,
        () => `size(${inner(random.pick(['string', 'list', 'map', 'bytes']))})`,
        () => `int(${inner(random.pick(['uint', 'double']))})`,
        () => `int("${random.pick(['0', '-7', '12', 'x', '9223372036854775808'])}")`,
      ];
    case 'uint':
      return [binary(['+', '-', '*']), () => `uint(${inner('int')})`];
    case 'double':
      return [binary(['+', '-', '*', '/']), () => `double(${inner(number())})`];
    case 'string':
      return [binary(['+']), () => `string(${inner(random.pick(['int', 'uint', 'bool']))})`];
    case 'bytes':
      return [binary(['+']), () => `bytes(${inner('string')})`];
    case 'list':
      return [
        binary(['+']),
        () => `[${inner('int')}, ${inner('string')}]`,
        () => `${inner('list')}.map(x, [x, ${inner('int')}])`,
        () => `${inner('list')}.filter(x, x == ${inner('int')} || ${inner('bool')})`,
        () => `${inner('list')}.map(x, ${inner('bool')}, x)`,
      ];
    case 'map':
      return [() => `{"a": ${inner('int')}, "b": ${inner('list')}}`];
  }
}

function conditions(random: Random, inner: Inner, number: () => TreeType): Shape[] {
  const macro = (): string => random.pick(['all', 'exists', 'exists_one']);
  return [
    () => `(${inner('bool')} && ${inner('bool')})`,
    () => `(${inner('bool')} || ${inner('bool')})`,
    () => `(!${inner('bool')})`,
    () => `(dyn(${inner(number())}) ${random.pick(COMPARISONS)} ${inner(number())})`,
    () => `(${inner('string')} ${random.pick(COMPARISONS)} ${inner('string')})`,
    () => `(dyn(${inner(random.pick(TYPES))}) == ${inner(random.pick(TYPES))})`,
    () => `(any != ${inner(random.pick(TYPES))})`,
    () => `(${inner(random.pick(['int', 'string']))} in ${inner('list')})`,
    () => `(${inner('string')} in ${inner('map')})`,
    () => `has(${inner('map')}.${random.pick(['a', 'k'])})`,
    () => `${inner('list')}.${macro()}(x, x == ${inner('int')})`,
    () => `${inner('map')}.${macro()}(x, x == ${inner('string')})`,
    () => `${inner('string')}.startsWith(${inner('string')})`,
    () => `${inner('string')}.endsWith(${inner('string')})`,
    () => `${inner('string')}.contains(${inner('string')})`,
    () => `${inner('string')}.matches("${random.pick(PATTERNS)}")`,
    () => `(type(${inner(random.pick(TYPES))}) == type(${inner(random.pick(TYPES))}))`,
  ];
}
