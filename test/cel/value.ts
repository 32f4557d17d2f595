// Values of CEL outside of the module, and their cells inside it. The layout of a cell is told in
// assembly/attribute/value.ts.

import { ValueType } from '../../assembly/shared/types.ts';

/** A value with its type; a map's entries are in any order. */
export type CelValue =
  | { readonly type: 'int' | 'uint' | 'duration'; readonly value: bigint }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string' | 'type'; readonly value: string }
  | { readonly type: 'bytes'; readonly value: Uint8Array }
  | { readonly type: 'null' }
  | { readonly type: 'timestamp'; readonly seconds: bigint; readonly nanos: number }
  | { readonly type: 'list'; readonly items: readonly CelValue[] }
  | { readonly type: 'map'; readonly entries: readonly (readonly [CelValue, CelValue])[] };

const CELL_SIZE_BYTES = 16;
const CELLS_FLAG = 4;

/** Names of types by the numbers of cells. */
const TYPE_NAMES: Readonly<Record<number, string>> = {
  [ValueType.String]: 'string',
  [ValueType.Int64]: 'int',
  [ValueType.Double]: 'double',
  [ValueType.Bool]: 'bool',
  [ValueType.Timestamp]: 'google.protobuf.Timestamp',
  [ValueType.Duration]: 'google.protobuf.Duration',
  [ValueType.Bytes]: 'bytes',
  [ValueType.Uint64]: 'uint',
  [ValueType.List]: 'list',
  [ValueType.Map]: 'map',
  [ValueType.Null]: 'null_type',
  [ValueType.Type]: 'type',
};

/** Reads the cell at an address. */
export function readCell(memory: WebAssembly.Memory, at: number): CelValue {
  const view = new DataView(memory.buffer);
  const whole = view.getBigInt64(at + 8, true);
  const slice = { at: view.getUint32(at + 8, true), size: view.getUint32(at + 12, true) };
  const type = TYPE_NAMES[view.getUint8(at)];
  switch (type) {
    case 'int':
      return { type, value: whole };
    case 'uint':
      return { type, value: BigInt.asUintN(64, whole) };
    case 'double':
      return { type, value: view.getFloat64(at + 8, true) };
    case 'bool':
      return { type, value: whole !== 0n };
    case 'null_type':
      return { type: 'null' };
    case 'google.protobuf.Duration':
      return { type: 'duration', value: whole };
    case 'google.protobuf.Timestamp':
      return { type: 'timestamp', seconds: whole, nanos: view.getUint32(at + 4, true) };
    case 'type':
      return { type, value: TYPE_NAMES[Number(whole)] ?? String(whole) };
    case 'string':
      return { type, value: Buffer.from(memory.buffer, slice.at, slice.size).toString() };
    case 'bytes':
      return { type, value: new Uint8Array(memory.buffer.slice(slice.at, slice.at + slice.size)) };
    default:
      return readElements(memory, type, slice);
  }
}

function readElements(
  memory: WebAssembly.Memory,
  type: string | undefined,
  { at, size }: { readonly at: number; readonly size: number },
): CelValue {
  if (type !== 'list' && type !== 'map') throw new Error(`a cell of type ${type}`);
  const items = Array.from({ length: size / CELL_SIZE_BYTES }, (_, index) =>
    readCell(memory, at + index * CELL_SIZE_BYTES),
  );
  if (type === 'list') return { type, items };
  const entries = items.flatMap((key, index) =>
    index % 2 === 0 ? [[key, items[index + 1]!] as const] : [],
  );
  return { type, entries };
}

/** Where a value's bytes and cells go. */
export interface Target {
  readonly memory: WebAssembly.Memory;
  readonly take: (size: number) => number;
}

/** Writes a value to the cell at an address. */
export function writeCell(target: Target, at: number, value: CelValue): void {
  const write = (type: number, payload: bigint, head = 0n): void => {
    const view = new DataView(target.memory.buffer);
    view.setBigUint64(at, BigInt(type) | head, true);
    view.setBigUint64(at + 8, BigInt.asUintN(64, payload), true);
  };
  switch (value.type) {
    case 'int':
      write(ValueType.Int64, value.value);
      return;
    case 'uint':
      write(ValueType.Uint64, value.value);
      return;
    case 'duration':
      write(ValueType.Duration, value.value);
      return;
    case 'bool':
      write(ValueType.Bool, value.value ? 1n : 0n);
      return;
    case 'null':
      write(ValueType.Null, 0n);
      return;
    case 'timestamp':
      write(ValueType.Timestamp, value.seconds, BigInt(value.nanos) << 32n);
      return;
    case 'double':
      write(ValueType.Double, new BigUint64Array(new Float64Array([value.value]).buffer)[0]!);
      return;
    case 'string':
      write(ValueType.String, writeBytes(target, Buffer.from(value.value)));
      return;
    case 'bytes':
      write(ValueType.Bytes, writeBytes(target, value.value));
      return;
    case 'list':
      write(ValueType.List, writeCells(target, value.items), BigInt(CELLS_FLAG) << 8n);
      return;
    case 'map':
      write(ValueType.Map, writeCells(target, value.entries.flat()), BigInt(CELLS_FLAG) << 8n);
      return;
    case 'type':
      throw new Error('types are no bindings');
  }
}

function writeBytes({ memory, take }: Target, bytes: Uint8Array): bigint {
  const at = take(Math.max(bytes.length, 8));
  new Uint8Array(memory.buffer).set(bytes, at);
  return (BigInt(bytes.length) << 32n) | BigInt(at);
}

function writeCells(target: Target, items: readonly CelValue[]): bigint {
  const size = items.length * CELL_SIZE_BYTES;
  const at = target.take(Math.max(size, 8));
  items.forEach((item, index) => writeCell(target, at + index * CELL_SIZE_BYTES, item));
  return (BigInt(size) << 32n) | BigInt(at);
}

/** The value as one line, the same for equal values. Types are told, zeros have no sign. */
export function showValue(value: CelValue): string {
  switch (value.type) {
    case 'null':
      return 'null';
    case 'timestamp':
      return `timestamp ${value.seconds}.${value.nanos}`;
    case 'bytes':
      return `bytes ${Buffer.from(value.value).toString('hex')}`;
    case 'string':
      return JSON.stringify(value.value);
    case 'double':
      return `double ${value.value === 0 ? 0 : value.value}`;
    case 'list':
      return `[${value.items.map(showValue).join(', ')}]`;
    case 'map':
      return `{${value.entries
        .map((entry) => entry.map(showValue).join(': '))
        .sort()
        .join(', ')}}`;
    default:
      return `${value.type} ${value.value}`;
  }
}
