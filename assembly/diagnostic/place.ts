// Where in a document something stands: by JSON pointer, and by bytes of the JSON text where there
// is one. Made by the nodes of a document (config/node.ts), read by the renderer. Cold.

import { ABSENT, Slice } from "../memory/slice";

/** A key, a value, or a part of a text value. */
export class Place {
  /** The decoded text of a text value, to quote from where there is no JSON text; or ABSENT. */
  text: Slice = ABSENT;

  constructor(
    /** JSON pointer (RFC 6901) of the value; "" is the whole document. */
    public pointer: string,
    /** Whether the key of that value is meant. */
    public isKey: bool,
    /** Bytes in the decoded text; -1 = the whole value. */
    public offset: i32,
    /** How many bytes of the decoded text; 0 with offset -1. */
    public size: i32,
    /** Byte offset in the JSON text of what is meant; -1 where there is no JSON text. */
    public sourceOffset: i32,
    /** How many bytes of the JSON text. */
    public sourceSize: i32,
  ) {}

  /** The whole document, for errors that have no better place. */
  static document(): Place {
    return new Place("", false, -1, 0, -1, 0);
  }
}
