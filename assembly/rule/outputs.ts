// Output values of actions: what their verdicts gave goes to the places that expressions read,
// `<action>.output.<name>`, once each: before a later stage is matched and at the end. Hot.

import { ValueType } from "../shared/types";
import { Slice, isPresent } from "../memory/slice";
import { keepWhole } from "../attribute/record";
import { VALUE_SIZE_BYTES, setText } from "../attribute/value";
import { Outcome } from "../template/verdict";
import { RuleTable } from "./table";
import { extraOutput } from "./verdict-extra";
import { markBound, waitAction, waitAt, waitCount, waitExtra, waitOutcome, waitRule } from "./wait";

/** Makes the output values of this stream readable, also in its later phases. */
export function bindOutputs(table: RuleTable, record: usize): void {
  const count = waitCount(record);
  for (let at: u32 = 0; at < count; at++) {
    const wait = waitAt(record, at);
    const extra = waitExtra(wait);
    if (waitOutcome(wait) != Outcome.Allowed || extra == 0 || !markBound(wait)) continue;
    const rule = unchecked(table.rules[waitRule(wait)]);
    const places = unchecked(rule.checks[waitAction(wait)]).outputs;
    for (let number = 0; number < places.length; number++) {
      const value = extraOutput(extra, number);
      if (isPresent(value)) bind(table, record, unchecked(places[number]), value);
    }
  }
}

// A value that lost its end would be another value: without memory it counts as not given.
function bind(table: RuleTable, record: usize, place: i32, value: Slice): void {
  const kept = keepWhole(record, value);
  if (!isPresent(kept)) return;
  const cell = record + table.bag.layout.outputOffset + <usize>place * VALUE_SIZE_BYTES;
  setText(cell, ValueType.String, kept);
}
