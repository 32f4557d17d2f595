// Documents that somebody wrote to break the filter: nested, huge, cut anywhere, or with patterns and conditions that
// would take for ever. Each limit is met at its value and one past it; none of them traps, and time grows with size.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import {
  DOCUMENT_DEPTH_MAX,
  DOCUMENT_SIZE_MAX_BYTES,
  EXPRESSION_DEPTH_MAX,
  PATTERN_INSTRUCTION_COUNT_MAX,
} from '../../assembly/shared/limits.ts';
import { ROOT } from '../../tools/build/root.ts';
import { describe as ask } from '../../tools/host/describe.ts';
import { Host } from '../../tools/host/host.ts';
import { struct, type Value } from './wire.ts';

const WASM = join(ROOT, 'dist/mixer.wasm');
const NESTED = 10_000;
/** A document with a little of everything, texts beyond ASCII included. */
const SAMPLE = {
  apiVersion: 'mixer/v1',
  attributes: { plan: { type: 'STRING', value: 'request.headers["x-plan"] | "frei für alle"' } },
  handlers: [{ name: 'closed', adapter: 'denier', params: { validDuration: '1.5s' } }],
  rules: [
    {
      name: 'all',
      match: 'plan == "gold" && request.path.startsWith("/a\\u00e9")',
      actions: [{ handler: 'closed' }],
      response: { status: 403, body: 'no: ${request.path}' },
    },
  ],
};
/** Four times the input may take this many times as long: linear, with room for a busy machine. */
const GROWTH_MAX = 12;
/** A busy machine makes either time longer: both are taken again, so often at most, and the least of each counts. */
const TRY_COUNT = 3;
/** Of two thousand rules; it was more than a gigabyte while texts were joined piece by piece. */
const MEMORY_MAX_BYTES = 128 * 1024 * 1024;

async function codes(document: string | Uint8Array): Promise<readonly string[]> {
  const { diagnostics } = await ask(WASM, document, { pluginName: 'mixer' });
  return diagnostics.map(({ code }) => code);
}

function ruleWith(match: string): string {
  const actions = [{ handler: { adapter: 'denier' } }];
  return JSON.stringify({ rules: [{ name: 'all', match, actions }] });
}

function nestedJson(depth: number): string {
  return `${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`;
}

function nestedStruct(depth: number): Uint8Array {
  let value: Record<string, Value> = {};
  for (let level = 1; level < depth; level++) value = { a: value };
  return struct(value);
}

function parentheses(depth: number): string {
  return ruleWith(`${'('.repeat(depth)}true${')'.repeat(depth)}`);
}

function literalPattern(instructions: number): string {
  return ruleWith(`"${'a'.repeat(instructions)}".matches(request.path)`);
}

describe('a document that is nested', () => {
  it('is refused for its depth as JSON, at any depth past the limit', async () => {
    assert.ok(!(await codes(nestedJson(DOCUMENT_DEPTH_MAX))).includes('E0111'));
    for (const depth of [DOCUMENT_DEPTH_MAX + 1, NESTED])
      assert.ok((await codes(nestedJson(depth))).includes('E0111'), `${depth}`);
  });

  it('is refused for its depth as a Struct', async () => {
    assert.ok(!(await codes(nestedStruct(DOCUMENT_DEPTH_MAX))).includes('E0111'));
    for (const depth of [DOCUMENT_DEPTH_MAX + 1, 1_000])
      assert.ok((await codes(nestedStruct(depth))).includes('E0111'), `${depth}`);
  });

  it('is refused for the parentheses of an expression', async () => {
    assert.deepEqual(await codes(parentheses(EXPRESSION_DEPTH_MAX - 1)), []);
    for (const depth of [EXPRESSION_DEPTH_MAX + 1, NESTED])
      assert.deepEqual(await codes(parentheses(depth)), ['E0311'], `${depth}`);
  });
});

describe('a document that is large', () => {
  it('is read up to its limit, and refused one byte past it', async () => {
    const text = ruleWith('request.method == "GET"');
    assert.deepEqual(await codes(text.padEnd(1_048_576)), []);
    assert.deepEqual(await codes(text.padEnd(DOCUMENT_SIZE_MAX_BYTES)), []);
    assert.deepEqual(await codes(text.padEnd(DOCUMENT_SIZE_MAX_BYTES + 1)), ['E0112']);
  });

  it('takes time in proportion to its rules', async () => {
    const rules = (count: number): string => {
      const actions = [{ handler: 'closed' }];
      const list = Array.from({ length: count }, (_, index) => ({
        name: `r${index}`,
        match: `request.path == "/${index}"`,
        actions,
      }));
      return JSON.stringify({ handlers: [{ name: 'closed', adapter: 'denier' }], rules: list });
    };
    await growsInProportion(rules(1_000), rules(4_000), (found) => assert.deepEqual(found, []));
  });
});

/** Fails unless the large document is read in a time that the small one explains. */
async function growsInProportion(
  small: string,
  large: string,
  judge: (found: readonly string[]) => void,
): Promise<void> {
  const least: [number, number] = [Infinity, Infinity];
  for (let tried = 0; tried < TRY_COUNT && !(least[1] / least[0] < GROWTH_MAX); tried++) {
    for (const [side, document] of [small, large].entries()) {
      const start = performance.now();
      judge(await codes(document));
      least[side] = Math.min(least[side] ?? Infinity, performance.now() - start);
    }
  }
  assert.ok(least[1] / least[0] < GROWTH_MAX, `${least[0]} ms, then ${least[1]} ms`);
}

describe('a text full of mistakes', () => {
  it('is told a hundred of them, and the others take no time', async () => {
    const mistakes = (count: number): string => {
      const response = { body: '${zz}'.repeat(count) };
      const actions = [{ handler: { adapter: 'denier' } }];
      return JSON.stringify({ rules: [{ name: 'r', actions, response }] });
    };
    await codes(mistakes(200));
    await growsInProportion(mistakes(5_000), mistakes(20_000), ({ length }) =>
      assert.equal(length, 101),
    );
  });
});

describe('memory', () => {
  it('grows with the document, where rules have handlers of their own', async () => {
    const used = async (count: number): Promise<number> => {
      const rules = Array.from({ length: count }, (_, index) => ({
        name: `r${index}`,
        actions: [{ handler: { adapter: 'denier' } }],
      }));
      const host = await Host.load({ wasm: WASM, configuration: JSON.stringify({ rules }) });
      assert.ok(host.start());
      return host.memorySizeBytes();
    };
    const [small, large] = [await used(500), await used(2_000)];
    assert.ok(large < GROWTH_MAX * small, `${small} bytes, then ${large} bytes`);
    assert.ok(large < MEMORY_MAX_BYTES, `${large} bytes`);
  });
});

describe('a document that is cut', () => {
  it('is refused at every byte, and never traps', async () => {
    const sample = JSON.stringify(SAMPLE);
    assert.deepEqual(await codes(sample), []);
    const bytes = new TextEncoder().encode(sample);
    for (let size = 1; size < bytes.length; size++)
      assert.notDeepEqual(await codes(bytes.subarray(0, size)), [], `${size}`);
  });
});

describe('a pattern', () => {
  it('has at most so many instructions', async () => {
    // One instruction more says that the text matched.
    assert.deepEqual(await codes(literalPattern(PATTERN_INSTRUCTION_COUNT_MAX - 1)), []);
    assert.deepEqual(await codes(literalPattern(PATTERN_INSTRUCTION_COUNT_MAX)), ['E0315']);
  });

  it('that makes other engines back-track takes time in proportion to the text', async () => {
    const configuration = ruleWith('"(a+)+$".matches(request.headers["x-text"])');
    const host = await Host.load({ wasm: WASM, configuration });
    assert.ok(host.start());
    const ms = (size: number): number => {
      const headers: [string, string][] = [['x-text', `${'a'.repeat(size)}!`]];
      const times = Array.from({ length: 5 }, () => {
        const start = performance.now();
        assert.equal(host.request({ headers }).status, 200);
        return performance.now() - start;
      });
      return Math.min(...times);
    };
    ms(100);
    const [small, large] = [ms(4_000), ms(16_000)];
    assert.ok(large / small < GROWTH_MAX, `${small} ms, then ${large} ms`);
  });
});
