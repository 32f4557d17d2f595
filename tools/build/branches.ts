// Finds the conditional branches of a function by reading over its instructions, in the order of the bytes. Knows what
// the compiler writes (no vectors, no threads, no exceptions) and refuses any other instruction by its number.

import { ModuleReader } from '../host/module-reader.ts';

/** What a function's body says of its locals and branches. Places count from the beginning of the body. */
export interface Body {
  /** Without the parameters. */
  readonly localCount: number;
  /** Where the locals end and the instructions begin. */
  readonly codeAt: number;
  readonly branches: readonly Branch[];
}

/** An `if` or `br_if`. */
export interface Branch {
  /** Where it begins. */
  readonly at: number;
  /** Whether it is an `if` without `else` whose code runs on into what follows: not taken, it only leaves this out. */
  readonly isOptional: boolean;
}

type OpenBranch = { -readonly [Key in keyof Branch]: Branch[Key] };

const BLOCK = 0x02;
const LOOP = 0x03;
const IF = 0x04;
const ELSE = 0x05;
const END = 0x0b;
/** Traps, branches and returns: what follows is not run. */
const LEAVING: readonly number[] = [0x00, 0x0c, 0x0e, 0x0f];
const BRANCH_IF = 0x0d;
const BRANCH_TABLE = 0x0e;
const SELECT_TYPED = 0x1c;
const F32_CONSTANT = 0x43;
const F64_CONSTANT = 0x44;
const PREFIXED = 0xfc;

/** How many LEB128 numbers follow on an instruction: from the first to the last of each row. */
const OPERAND_COUNTS: readonly (readonly [first: number, last: number, count: number])[] = [
  [0x00, 0x01, 0],
  [0x02, 0x04, 1],
  [0x05, 0x05, 0],
  [0x0b, 0x0b, 0],
  [0x0c, 0x0d, 1],
  [0x0f, 0x0f, 0],
  [0x10, 0x10, 1],
  [0x11, 0x11, 2],
  [0x1a, 0x1b, 0],
  [0x20, 0x26, 1],
  [0x28, 0x3e, 2],
  [0x3f, 0x42, 1],
  [0x45, 0xc4, 0],
  [0xd0, 0xd0, 1],
  [0xd1, 0xd1, 0],
  [0xd2, 0xd2, 1],
];
/** The same for those behind the prefix: saturating conversions, memory and tables. */
const PREFIXED_OPERAND_COUNTS: typeof OPERAND_COUNTS = [
  [0, 7, 0],
  [8, 8, 2],
  [9, 9, 1],
  [10, 10, 2],
  [11, 11, 1],
  [12, 12, 2],
  [13, 13, 1],
  [14, 14, 2],
  [15, 17, 1],
];

/** Reads a body, which begins with its locals. */
export function readBody(body: Uint8Array): Body {
  const reader = new ModuleReader(body);
  const localCount = readLocals(reader);
  const codeAt = reader.at;
  return { localCount, codeAt, branches: readBranches(reader) };
}

function readBranches(reader: ModuleReader): Branch[] {
  const branches: OpenBranch[] = [];
  /** Blocks around the present instruction: null for one that is no `if`. */
  const open: (OpenBranch | null)[] = [];
  for (let before = BLOCK; !reader.isAtEnd;) {
    const { at } = reader;
    const instruction = reader.byte();
    const branch = { at, isOptional: instruction === IF };
    if (instruction === IF || instruction === BRANCH_IF) branches.push(branch);
    if (instruction === BLOCK || instruction === LOOP) open.push(null);
    if (instruction === IF) open.push(branch);
    const innermost = instruction === END ? open.pop() : open.at(-1);
    const isLeft = instruction === END && LEAVING.includes(before);
    if (innermost && (instruction === ELSE || isLeft)) innermost.isOptional = false;
    skipOperands(reader, instruction);
    before = instruction;
  }
  return branches;
}

function readLocals(reader: ModuleReader): number {
  let count = 0;
  for (let groups = reader.number(); groups > 0; groups--) {
    count += reader.number();
    reader.byte();
  }
  return count;
}

function skipOperands(reader: ModuleReader, instruction: number): void {
  if (instruction === BRANCH_TABLE) skipNumbers(reader, reader.number() + 1);
  else if (instruction === SELECT_TYPED) skipNumbers(reader, reader.number());
  else if (instruction === F32_CONSTANT) reader.take(4);
  else if (instruction === F64_CONSTANT) reader.take(8);
  else if (instruction === PREFIXED)
    skipNumbers(reader, operandCount(PREFIXED_OPERAND_COUNTS, reader.number()));
  else skipNumbers(reader, operandCount(OPERAND_COUNTS, instruction));
}

function skipNumbers(reader: ModuleReader, count: number): void {
  for (let left = count; left > 0; left--) reader.skipNumber();
}

function operandCount(table: typeof OPERAND_COUNTS, instruction: number): number {
  const row = table.find(([first, last]) => first <= instruction && instruction <= last);
  if (!row) throw new Error(`instruction 0x${instruction.toString(16)} is not known here`);
  return row[2];
}
