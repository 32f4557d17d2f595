// Whether the programs of a document read an attribute. Cold.

import { Schema } from "./schema";

/** Whether a program of one of these phases reads it. */
export function isUsed(schema: Schema, name: string, phases: u32): bool {
  return schema.has(name) && (schema.entries[schema.find(name)].uses & phases) != 0;
}
