// The packed form of header maps: u32 count, count × (u32 name size, u32 value size), then each name NUL value NUL.

import { PAIRS_COUNT_MAX, PAIRS_SIZE_MAX_BYTES } from './abi.ts';
import type { Entry } from './headers.ts';

export function packPairs(entries: readonly Entry[]): Uint8Array {
  let size = 4;
  for (const [name, value] of entries) size += 10 + name.length + value.length;
  const packed = Buffer.alloc(size);
  let at = packed.writeUInt32LE(entries.length, 0);
  for (const [name, value] of entries) {
    at = packed.writeUInt32LE(name.length, at);
    at = packed.writeUInt32LE(value.length, at);
  }
  for (const [name, value] of entries) {
    at += packed.write(name, at, 'latin1') + 1;
    at += packed.write(value, at, 'latin1') + 1;
  }
  return packed;
}

/** What Envoy makes of a guest's map: anything malformed or too large is the empty list, and no error. */
export function unpackPairs(bytes: Uint8Array): Entry[] {
  if (bytes.length < 4 || bytes.length > PAIRS_SIZE_MAX_BYTES) return [];
  const packed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = packed.readUInt32LE(0);
  let at = 4 + 8 * count;
  if (count > PAIRS_COUNT_MAX || at > packed.length) return [];
  const entries: Entry[] = [];
  for (let index = 0; index < count; index++) {
    const name = terminated(packed, at, packed.readUInt32LE(4 + 8 * index));
    if (name === undefined) return [];
    at += name.length + 1;
    const value = terminated(packed, at, packed.readUInt32LE(8 + 8 * index));
    if (value === undefined) return [];
    at += value.length + 1;
    entries.push([name, value]);
  }
  return at === packed.length ? entries : [];
}

function terminated(packed: Buffer, at: number, size: number): string | undefined {
  if (at + size >= packed.length || packed[at + size] !== 0) return undefined;
  return packed.toString('latin1', at, at + size);
}

/** A map property: an empty one is four zero bytes, where the header map call would answer nothing at all. */
export function packValues(entries: readonly (readonly [Uint8Array, Uint8Array])[]): Uint8Array {
  return packPairs(entries.map(([name, value]): Entry => [asBinary(name), asBinary(value)]));
}

function asBinary(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
