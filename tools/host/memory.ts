// The guest's linear memory: views that survive its growth, and reads and writes that check their bounds. An address
// outside throws OutOfMemoryBounds, which the caller of a host call turns into status 6.

import { OutOfMemoryBounds } from './errors.ts';

export class GuestMemory {
  readonly #memory: WebAssembly.Memory;
  #view: Buffer;
  /** The same bytes, for numbers: several times faster than Buffer's own methods. */
  #numbers: DataView;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.#view = Buffer.from(memory.buffer);
    this.#numbers = new DataView(memory.buffer);
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
    this.#checked(at, 4);
    return this.#numbers.getUint32(at >>> 0, true);
  }

  writeU32(at: number, value: number): void {
    this.#checked(at, 4);
    this.#numbers.setUint32(at >>> 0, value, true);
  }

  writeU64(at: number, value: bigint): void {
    this.#checked(at, 8);
    this.#numbers.setBigUint64(at >>> 0, value, true);
  }

  write(at: number, bytes: Uint8Array): void {
    this.#checked(at, bytes.length).set(bytes, at >>> 0);
  }

  writeBinary(at: number, binary: string): void {
    this.#checked(at, binary.length).write(binary, at >>> 0, 'latin1');
  }

  #checked(at: number, size: number): Buffer {
    const buffer = this.#memory.buffer;
    if (this.#view.buffer !== buffer) {
      this.#view = Buffer.from(buffer);
      this.#numbers = new DataView(buffer);
    }
    if ((at >>> 0) + (size >>> 0) > this.#view.length)
      throw new OutOfMemoryBounds(`${at >>> 0}+${size >>> 0}`);
    return this.#view;
  }
}
