// The guest's linear memory: views that survive its growth, and reads and writes that check their bounds. An address
// outside throws OutOfMemoryBounds, which the caller of a host call turns into status 6.

import { OutOfMemoryBounds } from './errors.ts';

export class GuestMemory {
  readonly #memory: WebAssembly.Memory;
  #view: Buffer;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.#view = Buffer.from(memory.buffer);
  }

  get sizeBytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /** A copy of the bytes. */
  read(at: number, size: number): Uint8Array {
    const view = this.#checked(at, size);
    return Uint8Array.prototype.slice.call(view, at >>> 0, (at >>> 0) + (size >>> 0));
  }

  /** The bytes as a binary string. */
  readBinary(at: number, size: number): string {
    const view = this.#checked(at, size);
    return view.toString('latin1', at >>> 0, (at >>> 0) + (size >>> 0));
  }

  readU32(at: number): number {
    return this.#checked(at, 4).readUInt32LE(at >>> 0);
  }

  writeU32(at: number, value: number): void {
    this.#checked(at, 4).writeUInt32LE(value >>> 0, at >>> 0);
  }

  writeU64(at: number, value: bigint): void {
    this.#checked(at, 8).writeBigUInt64LE(BigInt.asUintN(64, value), at >>> 0);
  }

  write(at: number, bytes: Uint8Array): void {
    this.#checked(at, bytes.length).set(bytes, at >>> 0);
  }

  writeBinary(at: number, binary: string): void {
    this.#checked(at, binary.length).write(binary, at >>> 0, 'latin1');
  }

  #checked(at: number, size: number): Buffer {
    const buffer = this.#memory.buffer;
    if (this.#view.buffer !== buffer) this.#view = Buffer.from(buffer);
    if ((at >>> 0) + (size >>> 0) > this.#view.length)
      throw new OutOfMemoryBounds(`${at >>> 0}+${size >>> 0}`);
    return this.#view;
  }
}
