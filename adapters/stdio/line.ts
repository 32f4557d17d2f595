// One line: a JSON object, or text with the variables as JSON behind it. Written whole; when that
// is too long, written again with the same room for each value. Hot: the line stands in the arena.
//
// JSON: {"level":"info","time":"…","instance":"accesslog","value":1,"variable":"…"}
// text: time, level, instance and, if there are any, {"value":1,"variable":"…"}, tabs between them

import {
  DimensionSet,
  LOG_LINE_SIZE_MAX_BYTES,
  Slice,
  Writer,
  literal,
  sizeOf,
  startOf,
  subSlice,
} from "../../assembly/sdk";
import { writeCutJsonValue, writeJsonValue, writeMicroseconds } from "./json-value";

const LEVEL = literal('{"level":"');
const TIME = literal('","time":"');
const INSTANCE = literal('","instance":');
const VALUE_KEY = literal(',"value":');
const SIZE_MAX_BYTES: usize = LOG_LINE_SIZE_MAX_BYTES;
const CLOSE: u8 = 125;
const OPEN: u8 = 123;
const TAB: u8 = 9;
/** Room for the level, the time, and what stands around them. */
const HEAD_SIZE_BYTES: usize = 256;

/** The parts of an instance's lines that do not change. */
export class LineShape {
  constructor(
    /** The instance's name, and the same as a JSON string. */
    readonly name: Slice,
    readonly nameJson: Slice,
    readonly variables: DimensionSet | null,
    /** `,"name":` for each variable. */
    readonly keys: StaticArray<Slice>,
    /** Bytes of all keys. */
    readonly keysSize: usize,
  ) {}
}

/** What a line tells beside its variables. Filled again for each line. */
export class LineHead {
  level: Slice = 0;
  seconds: i64 = 0;
  nanos: u32 = 0;
  /** A metric's value, 0 for none. */
  value: usize = 0;
}

/** Writes lines in one of the two forms. */
export class LineWriter {
  private sizeMax: usize = 0;

  constructor(
    private readonly isJson: bool,
    /** Random, for tables of keys that clients choose. */
    private readonly seed: u64,
  ) {}

  /** Writes a line; false when values had to be cut. `out` holds LOG_LINE_SIZE_MAX_BYTES. */
  write(out: Writer, shape: LineShape, head: LineHead): bool {
    this.sizeMax = 0;
    this.writeForm(out, shape, head);
    if (!out.isTruncated) return true;
    const count = <usize>shape.keys.length + 1;
    const fixed = HEAD_SIZE_BYTES + sizeOf(shape.nameJson) + shape.keysSize;
    this.sizeMax = (SIZE_MAX_BYTES - fixed) / count;
    out.open(startOf(out.written), LOG_LINE_SIZE_MAX_BYTES);
    this.writeForm(out, shape, head);
    return false;
  }

  private writeForm(out: Writer, shape: LineShape, head: LineHead): void {
    if (this.isJson) this.writeJson(out, shape, head);
    else this.writeText(out, shape, head);
  }

  private writeJson(out: Writer, shape: LineShape, head: LineHead): void {
    out.bytes(LEVEL);
    out.bytes(head.level);
    out.bytes(TIME);
    writeMicroseconds(out, head.seconds, head.nanos);
    out.bytes(INSTANCE);
    out.bytes(shape.nameJson);
    this.writeFields(out, shape, head, false);
    out.byte(CLOSE);
  }

  private writeText(out: Writer, shape: LineShape, head: LineHead): void {
    writeMicroseconds(out, head.seconds, head.nanos);
    out.byte(TAB);
    out.bytes(head.level);
    out.byte(TAB);
    out.bytes(shape.name);
    if (head.value == 0 && shape.keys.length == 0) return;
    out.byte(TAB);
    out.byte(OPEN);
    this.writeFields(out, shape, head, true);
    out.byte(CLOSE);
  }

  // Each field begins with a comma, which the first one of an object leaves out.
  private writeFields(out: Writer, shape: LineShape, head: LineHead, isFirst: bool): void {
    if (head.value != 0) {
      this.writeField(out, isFirst ? withoutComma(VALUE_KEY) : VALUE_KEY, head.value);
      isFirst = false;
    }
    const variables = shape.variables;
    if (variables === null) return;
    for (let position = 0; position < shape.keys.length; position++) {
      const key = unchecked(shape.keys[position]);
      this.writeField(out, isFirst ? withoutComma(key) : key, variables.cell(position));
      isFirst = false;
    }
  }

  private writeField(out: Writer, key: Slice, cell: usize): void {
    out.bytes(key);
    if (this.sizeMax == 0) writeJsonValue(out, cell, this.seed);
    else writeCutJsonValue(out, cell, this.sizeMax, this.seed);
  }
}

// @ts-ignore: decorator
@inline
function withoutComma(key: Slice): Slice {
  return subSlice(key, 1, sizeOf(key));
}
