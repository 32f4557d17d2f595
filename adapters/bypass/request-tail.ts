// What every request ends with: the adapter's configuration, or the id of the session that has it,
// and the id of the request. Hot.

import {
  Slice,
  Writer,
  emptySlice,
  sizeOf,
  writeBytesField,
  beginMessage,
  endMessage,
} from "../../assembly/sdk";

const ADAPTER_CONFIG: u32 = 2;
const DEDUP_ID: u32 = 3;
/** Heads of both fields, and 32 digits. */
const ID_SIZE_BYTES: usize = 56;

let sequence: u64 = 0;

/** Writes the ends of requests. One for each handler. */
export class RequestTail {
  /** Whether requests may be made: always, or while there is a session. */
  isReady: bool = true;
  private room: usize;

  constructor(
    /** The serialized Any; empty without one. */
    private config: Slice,
    /** Random for each VM, so that no two have the same ids. */
    private readonly seed: u64,
  ) {
    this.room = sizeOf(config);
  }

  /** There is a session: its Any, at most as long as `shut` said, lives as long as the handler. */
  open(any: Slice): void {
    this.config = any;
    this.isReady = true;
  }

  /** There is no session; the next one's Any takes at most this much. */
  shut(roomBytes: usize): void {
    this.config = emptySlice();
    this.room = roomBytes;
    this.isReady = false;
  }

  /** An id that no other request has. */
  next(): u64 {
    return ++sequence;
  }

  /** Bytes that `write` takes at most. */
  get size(): usize {
    return this.room + ID_SIZE_BYTES;
  }

  /** Configuration and id; `question` is the same for all attempts of a call, 0 takes a new one. */
  write(out: Writer, question: u64): void {
    if (sizeOf(this.config) > 0) writeBytesField(out, ADAPTER_CONFIG, this.config);
    const id = beginMessage(out, DEDUP_ID);
    writeHex(out, this.seed);
    writeHex(out, question == 0 ? this.next() : question);
    endMessage(out, id);
  }

  /** Configuration and an id that is given. */
  writeWith(out: Writer, id: Slice): void {
    if (sizeOf(this.config) > 0) writeBytesField(out, ADAPTER_CONFIG, this.config);
    writeBytesField(out, DEDUP_ID, id);
  }
}

function writeHex(out: Writer, value: u64): void {
  for (let shift: i32 = 56; shift >= 0; shift -= 8) out.hex(<u8>(value >>> (<u64>shift)));
}
