// Regular expressions: a value is on the list when one of them matches some part of it. Hot:
// matching takes linear time and allocates nothing managed.

import { Pattern, matchesPattern } from "../../assembly/sdk";
import { Entries, Found } from "./entries";
import { textFormOf } from "./value-text";

/** Patterns, tried in the order of the document. */
export class PatternEntries extends Entries {
  constructor(private readonly patterns: StaticArray<Pattern>) {
    super();
  }

  find(cell: usize): Found {
    const text = textFormOf(cell);
    for (let index = 0; index < this.patterns.length; index++) {
      if (matchesPattern(unchecked(this.patterns[index]), text)) return Found.Yes;
    }
    return Found.No;
  }
}
