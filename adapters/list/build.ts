// Builds the entries of a list from its parameters, or reports every entry that is wrong. Cold:
// runs while a document is loaded.

import {
  BuildContext,
  DiagnosticCode,
  LIST_ENTRY_COUNT_MAX,
  Node,
  Pattern,
  Region,
  Report,
  compilePattern,
  patternError,
  patternErrorAt,
} from "../../assembly/sdk";
import { EntryType, ListParams } from "./config";
import { Entries } from "./entries";
import { IntervalSet } from "./interval-set";
import { PatternEntries } from "./pattern-entries";
import { StringTable } from "./string-table";

/** The entries of a list; null when an entry is wrong, which has then been reported. */
export function buildEntries(params: ListParams, context: BuildContext): Entries | null {
  const list = params.overrides.node;
  const nodes = list === null ? new Array<Node>() : list.items;
  const type = params.entryType.value;
  const place = params.overrides.place();
  if (context.report.exceeds(place, nodes.length, LIST_ENTRY_COUNT_MAX)) return null;
  if (type == EntryType.IpAddresses) return ipEntries(nodes, context);
  if (type == EntryType.Regex) return patternEntries(nodes, context);
  return stringEntries(nodes, context.region, type == EntryType.CaseInsensitiveStrings);
}

function stringEntries(nodes: Node[], region: Region, ignoresCase: bool): Entries {
  const table = new StringTable(<u32>nodes.length, region, ignoresCase, 0);
  while (!table.prepare()) continue;
  for (let index = 0; index < nodes.length; index++) table.add(nodes[index].text, true);
  return table.entries();
}

function ipEntries(nodes: Node[], context: BuildContext): Entries | null {
  const set = new IntervalSet(<u32>nodes.length);
  let isGood = true;
  for (let index = 0; index < nodes.length; index++) {
    if (set.add(nodes[index].text)) continue;
    const expected = "an address or range, such as `10.1.0.0/16` or `2001:db8::1`";
    const code = DiagnosticCode.BadListEntry;
    context.report.error(code, nodes[index].place(), nodes[index].string(), expected);
    isGood = false;
  }
  if (!isGood) {
    set.drop();
    return null;
  }
  return set.entries(context.region);
}

function patternEntries(nodes: Node[], context: BuildContext): Entries | null {
  const patterns: Pattern[] = [];
  for (let index = 0; index < nodes.length; index++) {
    const pattern = compilePattern(nodes[index].text, context.region);
    if (pattern !== null) patterns.push(pattern);
    else reportPattern(nodes[index], context.report);
  }
  if (patterns.length < nodes.length) return null;
  return new PatternEntries(StaticArray.fromArray(patterns));
}

function reportPattern(node: Node, report: Report): void {
  const place = node.placeAt(patternErrorAt(), 1);
  report.error(DiagnosticCode.BadPattern, place, patternError(), "a regular expression of RE2");
}
