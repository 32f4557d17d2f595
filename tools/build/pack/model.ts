// What a packed block says, step by step, and which adaptive probability each of its bits has. Written once for the
// compressor's two passes; unpack-code.ts reads the same in WebAssembly's instructions.
//
//   flag            0: a literal, 8 bits from the highest; 1: a repetition
//   repetition      behind a literal one bit: 1 = as far back as the last one; then its size, then how far back
//   number          for each binary digit below the highest a 1 and the digit, from the lowest; then a 0

/** One step: a literal (`offset` 0), or `size` bytes that stood `offset` bytes before. */
export interface Step {
  readonly at: number;
  readonly size: number;
  readonly offset: number;
}

/** Takes the bits of a block, each with the number of its probability. */
export interface BitSink {
  bit(context: number, value: number): void;
}

/** Probabilities of one number: two for each of its digits. */
const NUMBER_CONTEXTS = 48;
/** Probabilities of one literal: a tree of 8 bits. */
export const LITERAL_CONTEXTS = 256;

/** Where the probabilities of each part begin. */
export const CONTEXT = {
  flag: 0,
  isSame: 4,
  sameSize: 8,
  size: 8 + NUMBER_CONTEXTS,
  offset: 8 + 2 * NUMBER_CONTEXTS,
  literal: 8 + 5 * NUMBER_CONTEXTS,
} as const;
/** Texts have their letters at even places: what follows 2 bytes behind a letter is likely another of its kind. */
export const ODD_LITERALS = 8;
export const CONTEXT_COUNT = CONTEXT.literal + (ODD_LITERALS + 2) * LITERAL_CONTEXTS;

/** Below these sizes a repetition has offsets of its own kind. */
export const SIZE_BOUNDS = [4, 8] as const;
export const OFFSET_CONTEXTS = NUMBER_CONTEXTS;
/** A repetition that is not as far back as the last one has at least so many bytes. */
export const NEW_SIZE_MIN = 2;

export function flagContext(at: number, isBehindRepetition: boolean): number {
  return CONTEXT.flag + (isBehindRepetition ? 2 : 0) + (at & 1);
}

export function literalContext(bytes: Uint8Array, at: number): number {
  const kind = at & 1 ? ODD_LITERALS + (bytes[at - 1] === 0 ? 1 : 0) : (bytes[at - 2] ?? 0) >> 5;
  return CONTEXT.literal + kind * LITERAL_CONTEXTS;
}

export function offsetContext(size: number): number {
  const kind = size < SIZE_BOUNDS[0] ? 0 : size < SIZE_BOUNDS[1] ? 1 : 2;
  return CONTEXT.offset + kind * OFFSET_CONTEXTS;
}

/** Hands the bits of a whole block to a sink. */
export function writeSteps(bytes: Uint8Array, steps: readonly Step[], sink: BitSink): void {
  let isBehindRepetition = false;
  let last = 0;
  for (const { at, size, offset } of steps) {
    sink.bit(flagContext(at, isBehindRepetition), offset === 0 ? 0 : 1);
    if (offset === 0) {
      writeLiteral(sink, literalContext(bytes, at), bytes[at]!);
    } else {
      const isSame = !isBehindRepetition && offset === last;
      if (!isBehindRepetition) sink.bit(CONTEXT.isSame, isSame ? 1 : 0);
      if (isSame) {
        writeNumber(sink, CONTEXT.sameSize, size);
      } else {
        writeNumber(sink, CONTEXT.size, size - NEW_SIZE_MIN + 1);
        writeNumber(sink, offsetContext(size), offset);
      }
      last = offset;
    }
    isBehindRepetition = offset !== 0;
  }
}

export function writeLiteral(sink: BitSink, context: number, byte: number): void {
  let node = 1;
  for (let shift = 7; shift >= 0; shift--) {
    const value = (byte >> shift) & 1;
    sink.bit(context + node, value);
    node = node * 2 + value;
  }
}

/** A number from 1 on. */
export function writeNumber(sink: BitSink, context: number, number: number): void {
  let at = context;
  for (let left = number; left > 1; left >>= 1) {
    sink.bit(at, 1);
    sink.bit(at + 1, left & 1);
    at += 2;
  }
  sink.bit(at, 0);
}
