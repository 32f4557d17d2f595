// Packed modules behave as the compiler's own: the block decodes to the same bytes, memory behind it is zero, and the
// module's own start runs after it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compressBlock } from '../../tools/build/pack/compress.ts';
import { packData } from '../../tools/build/pack/pack.ts';
import { NUMBER_FUNCTION_COUNT, unpackCode } from '../../tools/build/pack/unpack-code.ts';
import {
  concatenate,
  encodeNumber,
  encodeSection,
  encodeText,
} from '../../tools/build/wasm-encode.ts';
import { SECTION } from '../../tools/build/wasm.ts';
import { Random, rounds, runSeed } from '../fuzz/random.ts';

const HEADER = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const DATA_AT = 64;
const START_RAN_AT = 16;

// A module whose start stores 7 at START_RAN_AT and whose data are `segments`.
function moduleWith(
  segments: readonly [at: number, bytes: Uint8Array][],
  code?: Uint8Array,
): Uint8Array {
  const start = Uint8Array.of(0, 0x41, START_RAN_AT, 0x41, 7, 0x36, 2, 0, 0x0b);
  const types = code ? [0, ...Array<number>(NUMBER_FUNCTION_COUNT).fill(1), 0] : [0];
  const bodies = [concatenate([encodeNumber(start.length), start]), ...(code ? [code] : [])];
  const data = segments.map(([at, bytes]) =>
    concatenate([
      Uint8Array.of(0, 0x41, at),
      Uint8Array.of(0x0b),
      encodeNumber(bytes.length),
      bytes,
    ]),
  );
  return concatenate([
    HEADER,
    encodeSection(SECTION.type, Uint8Array.of(2, 0x60, 0, 0, 0x60, 1, 0x7f, 1, 0x7f)),
    encodeSection(SECTION.function, Uint8Array.from([types.length, ...types])),
    encodeSection(SECTION.memory, Uint8Array.of(1, 0, 1)),
    encodeSection(
      SECTION.export,
      concatenate([
        Uint8Array.of(2),
        encodeText('_initialize'),
        Uint8Array.of(0, types.length - 1),
        encodeText('memory'),
        Uint8Array.of(2, 0),
      ]),
    ),
    encodeSection(SECTION.code, concatenate([Uint8Array.of(types.length), ...bodies])),
    encodeSection(SECTION.data, concatenate([Uint8Array.of(data.length), ...data])),
  ]);
}

async function memoryAfterStart(module: Uint8Array): Promise<Uint8Array> {
  const { instance } = await WebAssembly.instantiate(Uint8Array.from(module));
  (instance.exports['_initialize'] as () => void)();
  return new Uint8Array((instance.exports['memory'] as WebAssembly.Memory).buffer);
}

/** What the decoder of a module makes of a block. */
async function decode(block: Uint8Array, sizeBytes: number): Promise<Uint8Array> {
  const packedAt = 32_768;
  const code = unpackCode({
    packedAt,
    packedSizeBytes: block.length,
    dataAt: DATA_AT,
    dataSizeBytes: sizeBytes,
    startFunction: 0,
    firstFunction: 1,
  });
  const module = moduleWith([], code);
  const { instance } = await WebAssembly.instantiate(Uint8Array.from(module));
  const memory = new Uint8Array((instance.exports['memory'] as WebAssembly.Memory).buffer);
  memory.set(block, packedAt);
  (instance.exports['_initialize'] as () => void)();
  return memory.slice(DATA_AT, DATA_AT + sizeBytes);
}

const TEXTS: readonly [what: string, bytes: Uint8Array][] = [
  ['nothing', new Uint8Array(0)],
  ['one byte', Uint8Array.of(7)],
  ['fewer bytes than a repetition has', Uint8Array.of(1, 2, 3)],
  ['14 literals', Uint8Array.from({ length: 14 }, (_, at) => at)],
  ['15 literals, the first size with another byte', Uint8Array.from({ length: 15 }, (_, at) => at)],
  ['270 literals, the first size with two', Uint8Array.from({ length: 270 }, (_, at) => at * 7)],
  ['a run of 18 bytes, the last repetition of one nibble', new Uint8Array(19).fill(9)],
  ['a run of 19 bytes', new Uint8Array(20).fill(9)],
  ['a run of 20,000 zeros', new Uint8Array(20_000)],
  ['text in UTF-16', Uint8Array.from(Buffer.from('deny, deny and allow'.repeat(9), 'utf16le'))],
];

describe('a block', () => {
  for (const [what, bytes] of TEXTS) {
    it(`decodes to what it was made of: ${what}`, async () => {
      assert.deepEqual(await decode(compressBlock(bytes), bytes.length), bytes);
    });
  }

  it('decodes to what it was made of, for random bytes', async (test) => {
    const random = new Random(runSeed());
    test.diagnostic(`MIXER_FUZZ_SEED=${random.seed}`);
    for (let round = 0; round < rounds(60); round++) {
      const alphabet = 1 + random.below(6);
      const length = random.below(3000);
      const bytes = Uint8Array.from({ length }, () => random.below(alphabet));
      assert.deepEqual(
        await decode(compressBlock(bytes), bytes.length),
        bytes,
        `seed ${random.seed}`,
      );
    }
  });
});

describe('a packed module', () => {
  const [first, second] = [new Uint8Array(900).fill(3), Uint8Array.from([4, 5, 6, 7])];

  it('has the same memory after its start, and its own start has run', async () => {
    const plain = moduleWith([
      [32, second],
      [60, first],
    ]);
    const packed = packData(plain);
    assert.ok(packed.length < plain.length, `${packed.length} is not less than ${plain.length}`);
    const memory = await memoryAfterStart(packed);
    assert.equal(memory[START_RAN_AT], 7);
    assert.deepEqual(memory, await memoryAfterStart(plain));
  });

  it('is left alone where packing gains nothing', () => {
    const plain = moduleWith([[32, second]]);
    assert.equal(packData(plain), plain);
  });
});
