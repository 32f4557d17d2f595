// The attributes of one document as raw tables: records, cells, names, header tables, captures.
// Both: filled by layout-build.ts when a document has been compiled, read per request.

import { Region } from "../memory/region";
import { ENTRY_SIZE_BYTES } from "./entry";
import { HeaderTable } from "./header-table";
import { VALUE_SIZE_BYTES } from "./value";

/** The document's attributes; lives as long as its root context. */
export class BagLayout {
  /** Records of ENTRY_SIZE_BYTES, value cells, and the epoch in which each cell was filled. */
  readonly entries: usize;
  readonly cells: usize;
  readonly epochs: usize;
  /** Names as packed slices, for messages. */
  readonly names: usize;
  /** Names of the rules by number, as packed slices. */
  ruleNames: usize = 0;
  /** Whether one request header alone is all that the check reads. */
  isSingle: bool = false;
  /** Attributes that later phases need, as u32 indexes. */
  captureIndexes: usize = 0;
  captureCount: i32 = 0;
  /** Where a record's captures begin, its text area, and its whole size, in bytes. */
  captureOffset: usize = 0;
  textOffset: usize = 0;
  /** Where a record's output values begin; cells, empty until an action gives one. */
  outputOffset: usize = 0;
  /** Where a record's cell with the upstream's peer is; 0 where there is none. */
  peerOffset: usize = 0;
  recordSize: usize = 0;

  constructor(
    readonly count: i32,
    readonly requestHeaders: HeaderTable,
    readonly responseHeaders: HeaderTable,
    region: Region,
  ) {
    this.entries = region.take(<usize>count * ENTRY_SIZE_BYTES);
    this.cells = region.take(<usize>count * VALUE_SIZE_BYTES);
    this.epochs = region.take((<usize>count) << 2);
    this.names = region.take((<usize>count) << 3);
  }
}
