// What the tools ask of a loaded document: whether it is accepted, its diagnostics, what it needs
// of Envoy, its label names, and its handlers with their standard instances, as JSON. Cold.

import { textOf } from "../memory/literal";
import { jsonText } from "../diagnostic/render-json";
import { Report } from "../diagnostic/report";
import { BuildEnvironment } from "../rule/build-context";
import { ConnectionSpec } from "../rule/connection-spec";
import { RuleTable } from "../rule/table";
import { Protocol } from "../template/adapter";
import { joined } from "../text/strings";

/** The JSON text of `mixer_describe`. */
export function describe(
  report: Report,
  table: RuleTable | null,
  labels: string[],
  environment: BuildEnvironment,
): string {
  const features: string[] = [];
  const rules: string[] = [];
  if (table !== null) {
    const readsResponses = table.hasResponseOperations || table.peers !== null;
    if (readsResponses || table.explainer !== null) features.push("response");
    if (environment.connections.length > 0) features.push("callouts");
    if (environment.variables.names.length > 0) features.push("environment");
    for (let at = 0; at < table.rules.length; at++) rules.push(textOf(table.rules[at].name));
  }
  return (
    '{"accepted":' +
    (table !== null ? "true" : "false") +
    ',"diagnostics":' +
    report.json() +
    ',"secrets":' +
    secrets(report.hiddenPointers()) +
    ',"features":' +
    list(features) +
    ',"environment":' +
    list(environment.variables.names) +
    ',"labels":' +
    list(unique(labels)) +
    ',"readsDirectAddress":' +
    (table !== null && table.readsDirectAddress ? "true" : "false") +
    ',"rules":' +
    list(rules) +
    ',"clusters":' +
    clusters(environment.connections) +
    ',"handlers":[' +
    joined(environment.handlers, ",") +
    "]}"
  );
}

// Pointers have keys in them, which may be any text.
function secrets(pointers: string[]): string {
  for (let at = 0; at < pointers.length; at++) pointers[at] = jsonText(pointers[at]);
  return "[" + joined(pointers, ",") + "]";
}

function unique(names: string[]): string[] {
  const found = new Set<string>();
  for (let at = 0; at < names.length; at++) found.add(names[at]);
  return found.values();
}

// Addresses are checked to be plain. Each cluster once: handlers of one backend share it.
function clusters(connections: ConnectionSpec[]): string {
  const items: string[] = [];
  for (let at = 0; at < connections.length; at++) {
    const spec = connections[at];
    if (spec.address.length == 0) continue;
    const protocol = spec.protocol == Protocol.Grpc ? "grpc" : "http";
    const head = '{"name":"' + spec.cluster + '","address":"' + spec.address;
    const tls = spec.tls;
    const end = tls === null ? "}" : ',"tls":' + tls.json() + "}";
    items.push(head + '","protocol":"' + protocol + '"' + end);
  }
  return "[" + joined(unique(items), ",") + "]";
}

// Names of rules and labels are checked to be plain, so quoting them is enough.
function list(names: string[]): string {
  return names.length == 0 ? "[]" : '["' + joined(names, '","') + '"]';
}
