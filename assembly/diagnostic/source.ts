// The JSON text that a document came from: byte offsets to lines and columns, in steps that stay
// short in a document of one long line. Cold.

import { Slice, sizeOf, startOf } from "../memory/slice";

const STEP_SIZE_BYTES = 16_384;

/** Finds lines and columns (1-based, columns in code points) of one text. */
export class SourceText {
  /** Line of the last offset that was located. */
  line: i32 = 1;
  /** Column of the last offset that was located. */
  column: i32 = 1;
  private lines: i32[] = [];
  private columns: i32[] = [];

  constructor(
    /** Bytes of the text; whoever made the report owns them. */
    readonly bytes: Slice,
  ) {}

  /** Sets `line` and `column` of a byte offset; offsets beyond the end mean the end. */
  locate(offset: i32): void {
    const size = <i32>sizeOf(this.bytes);
    const wanted = offset < 0 ? 0 : offset > size ? size : offset;
    if (this.lines.length == 0) this.buildSteps();
    const step = wanted / STEP_SIZE_BYTES;
    this.line = this.lines[step];
    this.column = this.columns[step];
    this.walk(step * STEP_SIZE_BYTES, wanted);
  }

  private buildSteps(): void {
    const size = <i32>sizeOf(this.bytes);
    this.line = 1;
    this.column = 1;
    for (let at = 0; at <= size; at += STEP_SIZE_BYTES) {
      this.lines.push(this.line);
      this.columns.push(this.column);
      this.walk(at, min(at + STEP_SIZE_BYTES, size));
    }
  }

  private walk(from: i32, until: i32): void {
    const start = startOf(this.bytes);
    for (let at = from; at < until; at++) {
      const byte = load<u8>(start + at);
      if (byte == 10) {
        this.line++;
        this.column = 1;
      } else if ((byte & 0xc0) != 0x80) {
        this.column++;
      }
    }
  }
}
