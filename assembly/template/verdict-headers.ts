// Headers that a verdict carries: for the answer to a denied client, and changes to the headers of
// an allowed request. Built in the arena; what does not fit or could split a message makes the
// whole verdict bad. Hot: opened on first use, so that a verdict without headers costs nothing.

import {
  VERDICT_EXTRA_SIZE_MAX_BYTES,
  VERDICT_HEADER_COUNT_MAX,
  VERDICT_HEADER_NAME_SIZE_MAX_BYTES,
} from "../shared/limits";
import { takeArena } from "../memory/arena";
import { equal } from "../memory/bytes";
import { literal } from "../memory/literal";
import { Slice, emptySlice, endOf, sizeOf, startOf } from "../memory/slice";
import { isHeaderValue } from "../abi/headers";
import { PairsWriter } from "../abi/pairs";

/** Lists of a verdict's headers. */
export const enum HeaderList {
  /** Added to the answer to a denied client. */
  Reply = 0,
  /** Set on the request: one line remains. */
  RequestSet = 1,
  /** Added to the request beside what is there. */
  RequestAdd = 2,
  /** Removed from the request; values are empty. */
  RequestRemove = 3,
  /** Added to the response of an allowed request. */
  Response = 4,
}

/** How many lists there are. */
export const HEADER_LIST_COUNT: i32 = 5;

const NAME_SIZE_MAX_BYTES: usize = VERDICT_HEADER_NAME_SIZE_MAX_BYTES;

/** Headers by list. */
export class VerdictHeaders {
  /** Whether something was refused: the verdict then counts as failed. */
  isBad: bool = false;
  private opened: u32 = 0;
  private readonly writers: StaticArray<PairsWriter> = makeWriters();

  /** Forgets everything. */
  reset(): void {
    this.opened = 0;
    this.isBad = false;
  }

  /** Whether no list has been used. */
  get isEmpty(): bool {
    return this.opened == 0;
  }

  /** Adds a header; names in lower case, without `:`. */
  add(list: HeaderList, name: Slice, value: Slice): void {
    const writer = unchecked(this.writers[list]);
    if (((this.opened >> list) & 1) == 0 && !this.open(list, writer)) return;
    if (!isOwnName(name) || !isHeaderValue(value) || !writer.add(name, value)) this.isBad = true;
  }

  /** A list as a packed pairs block in the arena, empty without headers. Ends the list. */
  block(list: HeaderList): Slice {
    if (((this.opened >> list) & 1) == 0) return emptySlice();
    return unchecked(this.writers[list]).finish();
  }

  private open(list: HeaderList, writer: PairsWriter): bool {
    const at = takeArena(VERDICT_EXTRA_SIZE_MAX_BYTES);
    if (at == 0) this.isBad = true;
    else writer.open(at, VERDICT_EXTRA_SIZE_MAX_BYTES, VERDICT_HEADER_COUNT_MAX);
    if (at != 0) this.opened |= (<u32>1) << list;
    return at != 0;
  }
}

// Headers that belong to the connection or the routing, as in a document's header operations.
const PROTECTED: StaticArray<Slice> = [
  literal("host"),
  literal("connection"),
  literal("content-length"),
  literal("transfer-encoding"),
  literal("upgrade"),
  literal("te"),
];

// Any token but a pseudo header: those belong to Envoy.
function isOwnName(name: Slice): bool {
  if (sizeOf(name) == 0 || sizeOf(name) > NAME_SIZE_MAX_BYTES) return false;
  for (let at = 0; at < PROTECTED.length; at++) {
    if (equal(unchecked(PROTECTED[at]), name)) return false;
  }
  const end = endOf(name);
  for (let at = startOf(name); at < end; at++) {
    const byte = load<u8>(at);
    if (byte <= 32 || byte >= 127 || byte == 58) return false;
  }
  return true;
}

function makeWriters(): StaticArray<PairsWriter> {
  const writers = new StaticArray<PairsWriter>(HEADER_LIST_COUNT);
  for (let at = 0; at < HEADER_LIST_COUNT; at++) writers[at] = new PairsWriter();
  return writers;
}
