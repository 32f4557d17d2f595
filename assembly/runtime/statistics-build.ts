// Collects what the statistics need from the handlers: adapter names and drop reasons as bytes.
// Cold.

import { Region } from "../memory/region";
import { Slice } from "../memory/slice";
import { RuleTable } from "../rule/table";
import { Statistics } from "./statistics";

/** The statistics of a table; `adapterNames` in the order of its handlers. */
export function makeStatistics(
  table: RuleTable,
  adapterNames: string[],
  region: Region,
): Statistics {
  const count = table.handlers.length;
  const names = new StaticArray<Slice>(count);
  const reasons = new StaticArray<StaticArray<Slice>>(count);
  for (let at = 0; at < count; at++) {
    names[at] = region.text(adapterNames[at]);
    const texts = table.handlers[at].drops.names();
    const encoded = new StaticArray<Slice>(texts.length);
    for (let reason = 0; reason < texts.length; reason++)
      encoded[reason] = region.text(texts[reason]);
    reasons[at] = encoded;
  }
  return new Statistics(table, names, reasons);
}
