// Whose a key is, and what it is good for. Hot: read per request.

import { Slice, equal } from "../../assembly/sdk";

/** No list: everything is good. */
export const ANY: StaticArray<Slice> = new StaticArray<Slice>(0);
/** A key without an end. */
export const NEVER: i64 = i64.MAX_VALUE;

/** One key. */
export class KeyGrant {
  constructor(
    readonly consumer: Slice,
    readonly apis: StaticArray<Slice>,
    readonly versions: StaticArray<Slice>,
    readonly operations: StaticArray<Slice>,
    /** Last good second since 1970; NEVER. */
    readonly notAfter: i64,
  ) {}

  /** Whether the key is good for this use. */
  allows(api: Slice, version: Slice, operation: Slice): bool {
    return has(this.apis, api) && has(this.versions, version) && has(this.operations, operation);
  }
}

function has(list: StaticArray<Slice>, value: Slice): bool {
  for (let at = 0; at < list.length; at++) if (equal(unchecked(list[at]), value)) return true;
  return list.length == 0;
}
