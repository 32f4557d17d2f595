// Whether a check or quota of a document reads the path: in its rule's conditions or in an
// instance. Header operations, reports and what is in SHADOW mode do not count. Cold.

import { Derivation } from "../shared/attributes";
import { Phase } from "../shared/phases";
import { SourceKind } from "../attribute/entry";
import { Schema } from "../attribute/schema";
import { SchemaEntry } from "../attribute/schema-entry";
import { literal } from "../memory/literal";
import { Action } from "./action";
import { Reads } from "./reads";
import { Rule } from "./rule";

const PATH = ":path";
const PATH_PROPERTIES: string[] = ["path", "url_path", "query"];

/** The slot of the request header `:path` where a check or quota reads it; -1 where none does. */
export function pathSlot(rules: Rule[], schema: Schema): i32 {
  const reads = new Reads(schema);
  for (let at = 0; at < rules.length; at++) addRule(rules[at], reads);
  let isRead = false;
  for (let at = 0; at < reads.indexes.length; at++) {
    if (readsPath(schema.entries[reads.indexes[at]], schema)) isRead = true;
  }
  if (!isRead) return -1;
  const index = schema.element(schema.find("request.headers"), literal(PATH));
  schema.use(index, Phase.Request);
  return schema.entries[index].argument;
}

function addRule(rule: Rule, reads: Reads): void {
  const canCheck = addActions(rule.checks, reads);
  const canCharge = addActions(rule.quotas, reads);
  if (!canCheck && !canCharge) return;
  reads.addProgram(rule.match);
  reads.addProgram(rule.unless);
}

// Whether one of them can deny.
function addActions(actions: StaticArray<Action>, reads: Reads): bool {
  let canDeny = false;
  for (let at = 0; at < actions.length; at++) {
    const action = actions[at];
    if (action.isShadow) continue;
    canDeny = true;
    for (let index = 0; index < action.instances.length; index++) {
      reads.addInstance(action.instances[index]);
    }
  }
  return canDeny;
}

function readsPath(entry: SchemaEntry, schema: Schema): bool {
  if (entry.kind == SourceKind.RequestHeaders) return true;
  if (entry.kind == SourceKind.RequestHeader) {
    return schema.requestHeaders[entry.argument] == PATH;
  }
  if (entry.kind == SourceKind.Property) return isPathProperty(entry.path);
  const derivation = entry.derivation;
  return (
    derivation == Derivation.UrlPath ||
    derivation == Derivation.QueryParams ||
    derivation == Derivation.QueryParameter ||
    derivation == Derivation.ApiKey
  );
}

function isPathProperty(path: string[]): bool {
  if (path.length < 2 || path[0] != "request") return false;
  if (path[1] == "headers") return path.length == 2 || path[2] == PATH;
  return PATH_PROPERTIES.includes(path[1]);
}
