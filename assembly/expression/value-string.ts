// Values and reads as text for people: what the tools show of an evaluation. Cold.

import { Schema } from "../attribute/schema";
import { jsonText } from "../diagnostic/render-json";
import { textOf } from "../memory/literal";
import { ABSENT } from "../memory/slice";
import { Writer } from "../memory/writer";
import {
  ReadState,
  referenceAttribute,
  referenceCount,
  referenceKey,
  referenceState,
} from "./references";
import { writeValue } from "./write-value";

const TEXT_SIZE_MAX_BYTES: usize = 8192;
const buffer: usize = heap.alloc(TEXT_SIZE_MAX_BYTES);
const out = new Writer();

/** The text form of a value; what is longer than anybody reads is cut. */
export function valueString(cell: usize): string {
  out.open(buffer, TEXT_SIZE_MAX_BYTES);
  writeValue(out, cell);
  return textOf(out.written);
}

/** What the last recorded evaluation read, as a JSON array of name, key and presence. */
export function referencesJson(schema: Schema): string {
  const records: string[] = [];
  for (let index = 0; index < referenceCount(); index++) {
    const key = referenceKey(index);
    const isPresent = referenceState(index) == ReadState.Present;
    records.push(
      '{"name":' +
        jsonText(schema.nameOf(referenceAttribute(index))) +
        (key == ABSENT ? "" : ',"key":' + jsonText(textOf(key))) +
        (isPresent ? ',"present":true}' : ',"present":false}'),
    );
  }
  return "[" + records.join(",") + "]";
}
