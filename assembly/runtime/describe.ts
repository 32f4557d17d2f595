// What the tools ask of a loaded document: whether it is accepted, its diagnostics, what it needs
// of Envoy, its label names, and its handlers with their standard instances, as JSON. Cold.

import { textOf } from "../memory/literal";
import { Report } from "../diagnostic/report";
import { RuleTable } from "../rule/table";

/** The JSON text of `mixer_describe`. */
export function describe(
  report: Report,
  table: RuleTable | null,
  labels: string[],
  handlers: string[],
): string {
  const features: string[] = [];
  const rules: string[] = [];
  if (table !== null) {
    if (table.hasResponseOperations) features.push("response");
    if (table.hasRemoteChecks) features.push("callouts");
    for (let at = 0; at < table.rules.length; at++) rules.push(textOf(table.rules[at].name));
  }
  return (
    '{"accepted":' +
    (table !== null ? "true" : "false") +
    ',"diagnostics":' +
    report.json() +
    ',"features":' +
    list(features) +
    ',"labels":' +
    list(unique(labels)) +
    ',"readsDirectAddress":' +
    (table !== null && table.readsDirectAddress ? "true" : "false") +
    ',"rules":' +
    list(rules) +
    ',"handlers":[' +
    handlers.join(",") +
    "]}"
  );
}

function unique(names: string[]): string[] {
  const found: string[] = [];
  for (let at = 0; at < names.length; at++) if (!found.includes(names[at])) found.push(names[at]);
  return found;
}

// Names of rules and labels are checked to be plain, so quoting them is enough.
function list(names: string[]): string {
  let text = "[";
  for (let at = 0; at < names.length; at++) text += (at > 0 ? ',"' : '"') + names[at] + '"';
  return text + "]";
}
