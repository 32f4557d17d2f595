// The vocabulary's rows, taken apart. Cold: read once for each VM.

import { ATTRIBUTE_ROWS } from "../shared/attributes";
import { Phase, PHASES_ALL } from "../shared/phases";
import { VALUE_TYPE_NAMES, ValueType } from "../shared/types";

/** One row of the vocabulary. */
export class VocabularyRow {
  constructor(
    readonly name: string,
    readonly type: ValueType,
    readonly phases: u32,
    readonly isRequestOnly: bool,
    /** Whether each phase reads it anew. */
    readonly isOfMoment: bool,
    readonly sourceKind: string,
    readonly sourceArgument: string,
    readonly fallback: string,
    /** Whether every HTTP request has it, in the phases in which it can be read. */
    readonly isAlwaysPresent: bool,
  ) {}
}

let rows: Map<string, VocabularyRow> | null = null;

/** The row of a name, or null: not a name of the vocabulary. */
export function vocabularyRow(name: string): VocabularyRow | null {
  const all = vocabulary();
  return all.has(name) ? all.get(name) : null;
}

/** Every name, in the order of the table. */
export function vocabularyNames(): string[] {
  return vocabulary().keys();
}

/** The type with this printed name; Unspecified when there is none. */
export function typeByName(name: string): ValueType {
  const number = VALUE_TYPE_NAMES.indexOf(name);
  return number < 0 ? ValueType.Unspecified : <ValueType>number;
}

function vocabulary(): Map<string, VocabularyRow> {
  let all = rows;
  if (all == null) {
    all = new Map<string, VocabularyRow>();
    for (let index = 0; index < ATTRIBUTE_ROWS.length; index++) {
      const row = parseRow(ATTRIBUTE_ROWS[index]);
      all.set(row.name, row);
    }
    rows = all;
  }
  return all;
}

function parseRow(text: string): VocabularyRow {
  const parts = text.split("|");
  const letter = parts[2];
  const colon = parts[3].indexOf(":");
  return new VocabularyRow(
    parts[0],
    typeByName(parts[1]),
    phasesOf(letter),
    letter == "q",
    letter == "m",
    colon < 0 ? parts[3] : parts[3].substring(0, colon),
    colon < 0 ? "" : parts[3].substring(colon + 1),
    parts[4],
    parts.length > 5,
  );
}

function phasesOf(letter: string): u32 {
  if (letter == "r") return Phase.Response | Phase.Log;
  if (letter == "l") return Phase.Log;
  if (letter == "c") return Phase.Denial | Phase.Log;
  if (letter == "v") return Phase.Denial | Phase.Response | Phase.Log;
  return PHASES_ALL;
}
