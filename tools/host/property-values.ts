// Values of properties in the bytes that Envoy hands to a guest. Strings here are binary strings.

import { EMPTY, toBinary } from './bytes.ts';
import { packValues } from './pairs.ts';
import { Status } from './abi.ts';

/** How a plain number is meant: properties of the request are integers, metadata holds doubles. */
export type NumberKind = 'int' | 'double';

/** The bytes, or the status that Envoy answers for what cannot be encoded. */
export function encodeProperty(value: unknown, numbers: NumberKind): Uint8Array | number {
  if (typeof value === 'string') return Buffer.from(toBinary(value), 'latin1');
  if (typeof value === 'bigint') return int64(value);
  if (typeof value === 'number') return encodeNumber(value, numbers);
  if (typeof value === 'boolean') return Uint8Array.of(value ? 1 : 0);
  if (value instanceof Uint8Array) return value;
  if (value instanceof Date) return int64(BigInt(value.getTime()) * 1_000_000n);
  if (Array.isArray(value))
    return packValues(value.map((item: unknown) => [encoded(item, numbers), EMPTY]));
  if (typeof value === 'object' && value !== null) {
    return packValues(
      Object.entries(value).map(([key, item]) => [Buffer.from(key), encoded(item, numbers)]),
    );
  }
  return value === undefined ? Status.NOT_FOUND : Status.SERIALIZATION_FAILURE;
}

/** A null within a map or list counts as empty. */
function encoded(value: unknown, numbers: NumberKind): Uint8Array {
  const bytes = encodeProperty(value, numbers);
  return typeof bytes === 'number' ? EMPTY : bytes;
}

function encodeNumber(value: number, numbers: NumberKind): Uint8Array {
  if (numbers === 'int' && Number.isSafeInteger(value)) return int64(BigInt(value));
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value, 0);
  return bytes;
}

export function int64(value: bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value), 0);
  return bytes;
}
