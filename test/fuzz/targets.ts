// What `npm run fuzz` runs: each parser of the filter, how its inputs are made, and when an answer is wrong. A trap is
// always wrong; where there is a second implementation, so is any difference from it.

import { readFileSync } from 'node:fs';
import { DocumentReader, READERS, type ReaderName } from '../config/reader.ts';
import { struct, type Value } from '../config/wire.ts';
import { Probe } from '../conformance/probe-module.ts';
import { Engine, Store } from '../quota/engine.ts';
import { addresses, checkResults, quotaResults } from './adapter-targets.ts';
import { jsonPull, peer, wire } from './answer-targets.ts';
import { celBroken, celDifferential, celJson } from './cel-target.ts';
import { base64, cookies, parameters } from './credential-targets.ts';
import { differential } from './expression-target.ts';
import { joined, mutated } from './mutate.ts';
import type { Random } from './random.ts';
import { TextProbe } from './text-probe.ts';

/** Runs one input; null when the answer is as it should be, else what is wrong. */
export type Run = (input: Buffer) => string | null;

/** One parser. */
export interface Target {
  readonly name: string;
  /** Its share of all executions. */
  readonly weight: number;
  /** A fresh instance. */
  start(): Promise<Run>;
  input(random: Random): Buffer;
}

const READER_NAMES = Object.keys(READERS) as ReaderName[];
const SAMPLE: Record<string, Value> = {
  params: {
    quotas: [{ name: 'a', maxAmount: '100', validDuration: '1s', overrides: [{ maxAmount: 1 }] }],
    metrics: { m: { kind: 'GAUGE', buckets: { linearBuckets: { width: 0.25 } } } },
    status: { code: 'PERMISSION_DENIED', message: 'é😀\n"\\' },
  },
  flag: true,
  none: null,
  list: [1, -2.5e-3, 'x', []],
};
const JSON_PIECES = [
  ...['{', '}', '[', ']', ',', ':', '"', '\\', '\\u', 'd800', '0', '-', '1e999', '.', 'true'],
  ...['nul', '//', '\0', '\ufeff', 'é', '{"a":', '[[[[[[[[', '"name"', '"validDuration":"1s"'],
];

function documents(name: string, weight: number, sample: Buffer): Target {
  return {
    name,
    weight,
    async start(): Promise<Run> {
      const reader = await DocumentReader.start();
      let turn = 0;
      return (input) => {
        const told = reader.diagnostics(input, READER_NAMES[turn++ % READER_NAMES.length]);
        const outside = told.find(({ offset, size }) => offset < -1 || size < 0);
        return outside === undefined ? null : `a place outside: ${JSON.stringify(outside)}`;
      };
    },
    input: (random) => mutated(random, sample, JSON_PIECES),
  };
}

const table = JSON.parse(
  readFileSync(new URL('../conformance/expressions.json', import.meta.url), 'utf8'),
) as { cases: { expr: string }[] };
const EXPRESSION_PIECES = [
  ...[
    '(',
    ')',
    '[',
    ']',
    '"',
    '`',
    '\\',
    '.',
    ',',
    '|',
    '||',
    '&&',
    '==',
    '!',
    '<=',
    '-',
    '+',
    '*',
  ],
  ...['\0', 'é', '0x', '1e999', '"1h"', 'true', 'ip(', '.matches(', 's', 'm["a"]', '((((((((((('],
];
const NAMES = { s: 'STRING', i: 'INT64', b: 'BOOL', m: 'STRING_MAP', a: 'IP_ADDRESS' };

const expressions: Target = {
  name: 'expressions',
  weight: 3,
  start: () =>
    Promise.resolve(
      expressionRun((probe, input) => {
        const compiled = probe.compile(input);
        if ('error' in compiled) return compiled.error === '' ? 'refused without a reason' : null;
        probe.begin();
        probe.evaluate(true);
        return null;
      }),
    ),
  input: (random) => mutated(random, Buffer.from(random.pick(table.cases).expr), EXPRESSION_PIECES),
};

const templates: Target = {
  name: 'templates',
  weight: 1,
  start: () =>
    Promise.resolve(
      expressionRun((probe, input) => {
        if (!probe.compileText(input.toString('latin1'))) return null;
        probe.begin();
        const text = probe.render(true);
        return /[\0-\x1f]/.test(text.replace(/\$\{[^}]*\}/g, '')) &&
          !/[\0-\x1f]/.test(input.toString('latin1'))
          ? 'an inserted text is not escaped'
          : null;
      }),
    ),
  input: (random) =>
    mutated(random, Buffer.from('a ${s | "x"} $${ ${m["k"]} ${i} z'), [
      '${',
      '}',
      '$',
      ...EXPRESSION_PIECES,
    ]),
};

function expressionRun(use: (probe: Probe, input: Buffer) => string | null): Run {
  const probe = Probe.load();
  let turn = 0;
  return (input) => {
    if (turn++ % 50 === 0) {
      probe.reset();
      for (const [name, type] of Object.entries(NAMES)) probe.declare(name, type);
    }
    return use(probe, input);
  };
}

const PATTERN_PIECES = [
  ...['a', 'b', 'c', '.', '[ab]', '[^a]', '\\d', '\\w', '\\b', '(a', '(b|', ')', '|', '^', '$'],
  ...['*', '+', '?', '{2}', '{1,3}', '(a+)+', 'é'],
];
const SUBJECT_PIECES = ['a', 'b', 'c', 'aa', '1', ' ', 'é', '😀', '\n'];

const regexps: Target = {
  name: 'regexp',
  weight: 3,
  async start(): Promise<Run> {
    const probe = await TextProbe.load();
    return (input) => {
      const [pattern = '', subject = ''] = input.toString('utf8').split('\0');
      const script = scriptOf(pattern);
      const error = probe.text('compile', [pattern]) ?? '';
      if (script === null) return null;
      if (error !== '') return `refused (${error}), JavaScript takes it`;
      const expected = script.test(subject);
      return (probe.call('matches', [subject]) === 1) === expected
        ? null
        : `JavaScript says ${expected}`;
    };
  },
  input: (random) =>
    Buffer.from(`${joined(random, PATTERN_PIECES, 6)}\0${joined(random, SUBJECT_PIECES, 8)}`),
};

// JavaScript backtracks: nested repetitions are only compared where it ends soon, on short subjects.
function scriptOf(pattern: string): RegExp | null {
  const isShared = !/\(\?|\\[^dwb.]|\{\d*,?\d*$|[{}](?![\d,]*\})|[*+?}][*+?{]|[\^$b][*+?{]/.test(
    pattern,
  );
  if (!isShared) return null;
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return null;
  }
}

const VALUE_PIECES = [
  ...['1', '0', '9', '.', ':', '-', '+', 'e', 'E', 'T', 'Z', 'h', 'ms', 's', 'µs', '/', '::', 'ff'],
  ...[
    '2006-01-02',
    '15:04:05',
    '[',
    ']',
    'x',
    '_',
    '255',
    '%',
    '%41',
    '?',
    '&',
    '=',
    '#',
    '//',
    '@',
    '\0',
    'é',
  ],
];
const PARSERS = ['int', 'goInt', 'double', 'duration', 'timestamp', 'ip', 'hostPort'];
const TEXTS = ['path', 'query', 'parameters', 'lower', 'json'];
const DECIMAL = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const INT64_MAX = 2n ** 63n - 1n;

const values: Target = {
  name: 'values',
  weight: 4,
  async start(): Promise<Run> {
    const probe = await TextProbe.load();
    return (input) => {
      for (const name of PARSERS) probe.call(name, [input]);
      for (const name of TEXTS) probe.text(name, [input]);
      probe.call('inNetwork', [input, '1.2.3.4']);
      return numberDifference(probe, input.toString('latin1'));
    };
  },
  input: (random) => Buffer.from(joined(random, VALUE_PIECES, 8)),
};

function numberDifference(probe: TextProbe, text: string): string | null {
  if (!DECIMAL.test(text)) return null;
  const expected = Number(text);
  const isRead = probe.call('double', [text]) !== 0;
  const actual = probe.cell.getFloat64(0, true);
  if (isRead && !Object.is(actual, expected))
    return `double ${actual}, JavaScript says ${expected}`;
  if (!/^-?\d+$/.test(text)) return null;
  const whole = BigInt(text);
  const fits = whole <= INT64_MAX && whole >= -INT64_MAX - 1n;
  if ((probe.call('int', [text]) !== 0) !== fits) return `int64 ${fits ? 'refused' : 'taken'}`;
  return !fits || probe.cell.getBigInt64(0, true) === whole ? null : 'another int64';
}

const stored: Target = {
  name: 'stored',
  weight: 1,
  async start(): Promise<Run> {
    const store = new Store();
    const engine = await Engine.start(store);
    const quotas = [{ name: 'q', maxAmount: 5, validDuration: '1s' }];
    const problems = engine.configure({ params: { quotas }, instances: [{ name: 'q' }] });
    if (problems !== '') throw new Error(problems);
    engine.charge({ amount: 1 });
    return (input) => {
      for (const key of store.values.keys()) store.replace(key, input);
      const { amount } = engine.charge({ amount: 3 });
      return amount === 0 || amount === 3 ? null : `granted ${amount} of 3`;
    };
  },
  input(random) {
    const sample = Buffer.alloc(random.below(200));
    for (let at = 0; at < sample.length; at++)
      sample[at] = random.below(4) === 0 ? random.below(256) : 0;
    sample[0] = 1 + random.below(3);
    return sample;
  },
};

/** Every target, in the order in which they run. */
export const TARGETS: readonly Target[] = [
  documents('json', 4, Buffer.from(JSON.stringify(SAMPLE))),
  documents('struct', 3, Buffer.from(struct(SAMPLE))),
  expressions,
  differential,
  templates,
  regexps,
  values,
  stored,
  wire,
  peer,
  jsonPull,
  base64,
  cookies,
  parameters,
  checkResults,
  quotaResults,
  addresses,
  celDifferential,
  celBroken,
  celJson,
];
