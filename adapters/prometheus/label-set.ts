// The labels of some metrics over one set of dimensions, and the series that this VM has seen: one
// look-up serves every metric that shares the labels. Hot: the table is raw memory with a bound,
// and a known series costs a hash and a comparison.
//
// A row: | key size u32 | pad | metric id u32 for each column | key |, a key: for each dimension |
// type u8 | size u32 << 8 | text, or | first half of the value's cell | payload |; of a long text
// the first bytes and a hash of all.

import {
  DimensionSet,
  LABEL_VALUE_SIZE_MAX_BYTES,
  SERIES_COUNT_MAX,
  Slice,
  ValueType,
  Writer,
  emptySlice,
  giveBlock,
  hash,
  sameBytes,
  sizeOf,
  slice,
  startOf,
  takeArena,
  takeBlock,
  textAt,
  typeAt,
  writeValue,
} from "../../assembly/sdk";
import { writeLabelValue } from "./stat-name";

/** Slots of the table, a power of two with room for every row to be found quickly. */
export const SLOT_COUNT: u32 = 2048;
/** A slot: | upper half of the hash | row, 0 = empty |. */
export const SLOT_SIZE_BYTES: usize = 8;

const HEAD_SIZE_BYTES: usize = 8;
const HASH_SIZE_BYTES: usize = 8;
const SCRATCH_SIZE_BYTES: usize = 64;
const VALUE_SIZE_MAX_BYTES: usize = LABEL_VALUE_SIZE_MAX_BYTES;
const SEMICOLON: u8 = 59;
const text = new Writer();

/** What the labels of a stat name are made of. Configure only. */
export class LabelNames {
  constructor(
    /** `label=` for each label, in order. */
    readonly prefixes: StaticArray<Slice>,
    /** Position of each label's dimension; -1 = the label has a fixed value. */
    readonly positions: StaticArray<i32>,
    /** The value of labels without a dimension. */
    readonly fixedValue: Slice,
    /** Positions of the dimensions that are labels, each once. */
    readonly keyPositions: StaticArray<i32>,
  ) {}
}

/** Series by their label values. */
export class LabelSet {
  private rowCount: i32 = 0;
  private evaluation: u64 = 0;
  private code: u64 = 0;
  private row: usize = 0;
  private readonly isSingle: bool;
  /** Those of `names`, on the way of every sample. */
  private readonly keyPositions: StaticArray<i32>;

  /** `slots` are SLOT_COUNT zeroed slots; `seed` is random, so that clients cannot fill a chain. */
  constructor(
    readonly dimensions: DimensionSet,
    readonly names: LabelNames,
    private readonly slots: usize,
    private readonly columnCount: i32,
    private readonly seed: u64,
  ) {
    this.keyPositions = names.keyPositions;
    this.isSingle = this.keyPositions.length == 0;
  }

  /** Whether no further row is taken in. */
  get isFull(): bool {
    return this.rowCount >= SERIES_COUNT_MAX;
  }

  /** The row of the current values; 0 when the series is unknown here. */
  find(): usize {
    // Without dimensions there is one row.
    if (this.isSingle && this.row != 0) return this.row;
    const evaluation = this.dimensions.evaluation;
    if (evaluation != this.evaluation) {
      this.evaluation = evaluation;
      // Requests often come in runs of one series: a comparison costs less than a hash.
      if (this.row != 0 && this.isKey(this.row)) return this.row;
      this.code = this.hashValues();
      this.row = 0;
    }
    if (this.row == 0) this.row = load<u32>(this.slotOf(this.code), 4);
    return this.row;
  }

  /** The address of a metric's id in a row; 0 stands there until the metric is defined. */
  // @ts-ignore: decorator
  @inline
  idAt(row: usize, column: i32): usize {
    return row + HEAD_SIZE_BYTES + ((<usize>column) << 2);
  }

  /** A row for the current values, to be added or dropped; 0 when there is no memory for it. */
  makeRow(): usize {
    const keySize = this.keySize();
    const row = takeBlock(this.rowSize(keySize));
    if (row == 0) return 0;
    store<u32>(row, <u32>keySize);
    memory.fill(row + HEAD_SIZE_BYTES, 0, (<usize>this.columnCount) << 2);
    this.writeKey(this.keyAt(row));
    return row;
  }

  /** Gives back a row that was not added. */
  dropRow(row: usize): void {
    giveBlock(row, this.rowSize(load<u32>(row)));
  }

  /** Adds the row that `makeRow` made for the values that `find` has just looked for. */
  addRow(row: usize): void {
    const slot = this.slotOf(this.code);
    store<u32>(slot, <u32>(this.code >>> 32));
    store<u32>(slot, <u32>row, 4);
    this.rowCount++;
    this.row = row;
  }

  /** Gives all rows back. */
  close(): void {
    for (let index: u32 = 0; index < SLOT_COUNT; index++) {
      const slot = this.slots + <usize>index * SLOT_SIZE_BYTES;
      const row = <usize>load<u32>(slot, 4);
      if (row != 0) this.dropRow(row);
      store<u64>(slot, 0);
    }
    this.rowCount = 0;
    this.row = 0;
  }

  /** Writes `label=value;` for each label; with `other`, that is the value of them all. */
  writeLabels(out: Writer, other: Slice): void {
    const names = this.names;
    for (let index = 0; index < names.prefixes.length; index++) {
      out.bytes(unchecked(names.prefixes[index]));
      const position = unchecked(names.positions[index]);
      if (sizeOf(other) > 0) out.bytes(other);
      else if (position < 0) writeLabelValue(out, names.fixedValue);
      else writeLabelValue(out, textOfCell(this.dimensions.cell(position)));
      out.byte(SEMICOLON);
    }
  }

  // The slot of the current values, or the empty one where they belong.
  private slotOf(code: u64): usize {
    const mark = <u32>(code >>> 32);
    let index = (<u32>code) & (SLOT_COUNT - 1);
    while (true) {
      const slot = this.slots + <usize>index * SLOT_SIZE_BYTES;
      const row = <usize>load<u32>(slot, 4);
      if (row == 0 || (load<u32>(slot) == mark && this.isKey(row))) return slot;
      index = (index + 1) & (SLOT_COUNT - 1);
    }
  }

  private hashValues(): u64 {
    const positions = this.keyPositions;
    let code = this.seed;
    for (let index = 0; index < positions.length; index++) {
      const cell = this.dimensions.cell(unchecked(positions[index]));
      const value = isText(cell) ? textAt(cell) : slice(cell, 16);
      code = hash(value, code);
    }
    return code;
  }

  private isKey(row: usize): bool {
    const positions = this.keyPositions;
    let at = this.keyAt(row);
    for (let index = 0; index < positions.length; index++) {
      const cell = this.dimensions.cell(unchecked(positions[index]));
      if (!isText(cell)) {
        if (!sameBytes(at, cell, 16)) return false;
        at += 16;
        continue;
      }
      const value = textAt(cell);
      if (load<u64>(at) != headOf(cell) || !isSameText(at + 8, value)) return false;
      at += 8 + keptSize(value);
    }
    return true;
  }

  // @ts-ignore: decorator
  @inline
  private keyAt(row: usize): usize {
    return row + HEAD_SIZE_BYTES + ((<usize>this.columnCount) << 2);
  }

  private rowSize(keySize: usize): usize {
    return HEAD_SIZE_BYTES + ((<usize>this.columnCount) << 2) + keySize;
  }

  private keySize(): usize {
    const positions = this.keyPositions;
    let size: usize = 0;
    for (let index = 0; index < positions.length; index++) {
      const cell = this.dimensions.cell(unchecked(positions[index]));
      size += isText(cell) ? 8 + keptSize(textAt(cell)) : 16;
    }
    return size;
  }

  private writeKey(at: usize): void {
    const positions = this.keyPositions;
    for (let index = 0; index < positions.length; index++) {
      const cell = this.dimensions.cell(unchecked(positions[index]));
      if (!isText(cell)) {
        memory.copy(at, cell, 16);
        at += 16;
        continue;
      }
      store<u64>(at, headOf(cell));
      keepText(at + 8, textAt(cell));
      at += 8 + keptSize(textAt(cell));
    }
  }
}

// Types whose payload is a slice.
// @ts-ignore: decorator
@inline
function isText(cell: usize): bool {
  const TEXTS: u32 =
    (1 << ValueType.String) |
    (1 << ValueType.IpAddress) |
    (1 << ValueType.EmailAddress) |
    (1 << ValueType.Uri) |
    (1 << ValueType.DnsName) |
    (1 << ValueType.Bytes);
  return ((TEXTS >>> typeAt(cell)) & 1) != 0;
}

// @ts-ignore: decorator
@inline
function headOf(cell: usize): u64 {
  return ((<u64>sizeOf(textAt(cell))) << 8) | (<u64>typeAt(cell));
}

// @ts-ignore: decorator
@inline
function keptSize(value: Slice): usize {
  const size = sizeOf(value);
  return size <= VALUE_SIZE_MAX_BYTES ? size : VALUE_SIZE_MAX_BYTES + HASH_SIZE_BYTES;
}

// @ts-ignore: decorator
@inline
function isSameText(kept: usize, value: Slice): bool {
  const size = sizeOf(value);
  if (size <= VALUE_SIZE_MAX_BYTES) return sameBytes(kept, startOf(value), size);
  if (!sameBytes(kept, startOf(value), VALUE_SIZE_MAX_BYTES)) return false;
  return load<u64>(kept + VALUE_SIZE_MAX_BYTES) == hash(value, 0);
}

function keepText(at: usize, value: Slice): void {
  const size = sizeOf(value);
  if (size <= VALUE_SIZE_MAX_BYTES) {
    memory.copy(at, startOf(value), size);
    return;
  }
  memory.copy(at, startOf(value), VALUE_SIZE_MAX_BYTES);
  store<u64>(at + VALUE_SIZE_MAX_BYTES, hash(value, 0));
}

// The text form of a value: texts as they are, others in the arena.
function textOfCell(cell: usize): Slice {
  const type = typeAt(cell);
  if (isText(cell) && type != ValueType.IpAddress) return textAt(cell);
  const at = takeArena(SCRATCH_SIZE_BYTES);
  if (at == 0) return emptySlice();
  text.open(at, SCRATCH_SIZE_BYTES);
  writeValue(text, cell);
  return text.written;
}
