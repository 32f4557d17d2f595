// The wire format of google.protobuf.Struct, for those that read one without unpacking it: its
// fields, and one entry at a time. What is read may be hostile. Hot: allocates nothing.

import { ABSENT, Slice } from "../memory/slice";
import { WireReader } from "../text/wire";

/** The field of a Struct that its entries stand in, and of a ListValue that its elements do. */
export const ENTRIES: u32 = 1;

/** Fields of a Value. */
export const enum ValueField {
  Number = 2,
  Text = 3,
  Bool = 4,
  Struct = 5,
  List = 6,
}

const KEY: u32 = 1;
const VALUE: u32 = 2;

/** One entry, borrowed from the message. Of a field that stands there twice the last one counts. */
export class StructEntry {
  /** ABSENT where the entry has none, which stands for the empty text. */
  key: Slice = ABSENT;
  /** A serialized Value; ABSENT where the entry has none. */
  value: Slice = ABSENT;
  /** Whether there are fields that no entry has. */
  hasOthers: bool = false;
  private readonly reader: WireReader = new WireReader();

  /** Reads an entry; false when it is malformed. */
  read(entry: Slice): bool {
    const reader = this.reader;
    this.key = ABSENT;
    this.value = ABSENT;
    this.hasOthers = false;
    reader.open(entry);
    while (reader.next()) {
      if (reader.isBytes(KEY)) this.key = reader.bytes;
      else if (reader.isBytes(VALUE)) this.value = reader.bytes;
      else this.hasOthers = true;
    }
    return !reader.isBroken;
  }
}
