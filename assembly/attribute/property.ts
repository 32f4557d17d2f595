// What is known of a property's path: how Envoy encodes it and when it can be read. A path of one
// part that is none of Envoy's is filter state of a wasm filter. Cold.

import { PROPERTY_ROWS } from "../shared/properties";
import { Phase, PHASES_ALL } from "../shared/phases";
import { ValueType } from "../shared/types";
import { replaced } from "../text/strings";

/** How Envoy hands a property over. */
export const enum Encoding {
  Text = 0,
  Int = 1,
  Bool = 2,
  Time = 3,
  Duration = 4,
  Map = 5,
  Value = 6,
  State = 7,
}

const ENCODING_WORDS: string[] = [
  "text",
  "int",
  "bool",
  "time",
  "duration",
  "map",
  "value",
  "state",
];
const TYPES_OF_TEXT =
  "STRING, INT64, DOUBLE, BOOL, TIMESTAMP, IP_ADDRESS, EMAIL_ADDRESS, URI, DNS_NAME or DURATION";

/** A row of PROPERTY_ROWS that fits a path. */
export class PropertyShape {
  constructor(
    readonly encoding: Encoding,
    /** Bits of Phase. */
    readonly phases: u32,
    /** Whether it is of request headers, which are kept from the check. */
    readonly isRequestOnly: bool,
    /** Whether later phases must not see the value of an earlier one. */
    readonly isOfMoment: bool,
  ) {}

  /** Whether an attribute of this type can be made of it. */
  fits(type: ValueType): bool {
    switch (this.encoding) {
      case Encoding.Text:
        return type != ValueType.StringMap;
      case Encoding.Int:
        return type == ValueType.Int64 || type == ValueType.Double;
      case Encoding.Bool:
        return type == ValueType.Bool;
      case Encoding.Time:
        return type == ValueType.Timestamp;
      case Encoding.Duration:
        return type == ValueType.Duration;
      case Encoding.Map:
        return type == ValueType.StringMap;
      default:
        return true;
    }
  }

  /** The types that fit, for messages. */
  get types(): string {
    switch (this.encoding) {
      case Encoding.Text:
        return TYPES_OF_TEXT;
      case Encoding.Int:
        return "INT64 or DOUBLE";
      case Encoding.Bool:
        return "BOOL";
      case Encoding.Time:
        return "TIMESTAMP";
      case Encoding.Duration:
        return "DURATION";
      default:
        return "STRING_MAP";
    }
  }
}

/** What is known of a path; null: Envoy has no such property. */
export function propertyShape(path: string[]): PropertyShape | null {
  for (let at = 0; at < PROPERTY_ROWS.length; at++) {
    // Rows are only taken apart where they begin alike: what is taken apart is garbage.
    if (!PROPERTY_ROWS[at].startsWith(path[0])) continue;
    const row = PROPERTY_ROWS[at].split("|");
    if (!fitsPath(row[0].split("/"), path)) continue;
    const encoding = <Encoding>ENCODING_WORDS.indexOf(row[1]);
    return new PropertyShape(encoding, phasesOf(row[2]), row[2] == "q", row[2] == "m");
  }
  if (path.length == 1 && !isRoot(path[0]))
    return new PropertyShape(Encoding.State, PHASES_ALL, false, false);
  return null;
}

/** Every path that has one spelling, dotted: for suggestions. */
export function propertyNames(): string[] {
  const names: string[] = [];
  for (let at = 0; at < PROPERTY_ROWS.length; at++) {
    const path = PROPERTY_ROWS[at].split("|")[0];
    if (!path.includes("*")) names.push(replaced(path, "/", "."));
  }
  return names;
}

function fitsPath(pattern: string[], path: string[]): bool {
  const last = pattern[pattern.length - 1];
  const isOpen = last == "**";
  if (isOpen ? path.length < pattern.length : path.length != pattern.length) return false;
  const fixed = last.startsWith("*") ? pattern.length - 1 : pattern.length;
  for (let at = 0; at < fixed; at++) if (pattern[at] != path[at]) return false;
  return true;
}

// Whole objects cannot be read.
function isRoot(name: string): bool {
  for (let at = 0; at < PROPERTY_ROWS.length; at++) {
    if (PROPERTY_ROWS[at].startsWith(name + "/")) return true;
  }
  return false;
}

function phasesOf(letter: string): u32 {
  if (letter == "r") return Phase.Response | Phase.Log;
  if (letter == "l") return Phase.Log;
  return PHASES_ALL;
}
