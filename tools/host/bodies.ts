// A body as the guest sees it: one chunk, or all that was held back so far. It can be replaced from its start and
// appended to, never edited in the middle.

import { Status } from './abi.ts';

export class BodyBuffer {
  #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get size(): number {
    return this.#bytes.length;
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#bytes = this.size === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
  }

  /** All bytes; the buffer is empty afterwards. */
  drain(): Uint8Array {
    const bytes = this.#bytes;
    this.#bytes = new Uint8Array(0);
    return bytes;
  }

  /** `proxy_set_buffer_bytes`: from the start it replaces `length` bytes, from the end on it appends. */
  set(start: number, length: number, bytes: Uint8Array): number {
    if (start === 0) {
      this.#bytes = Buffer.concat([bytes, this.#bytes.subarray(Math.min(length, this.size))]);
      return Status.OK;
    }
    if (start < this.size) return Status.BAD_ARGUMENT;
    this.append(bytes);
    return Status.OK;
  }
}
