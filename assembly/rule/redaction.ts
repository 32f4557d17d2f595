// What an explanation must not show: values of attributes that hold secrets or whole maps, query
// strings, and comparisons with secrets. Cold: decided once for each attribute of a document.

import { Derivation } from "../shared/attributes";
import { SECRET_WORDS } from "../shared/trusted";
import { ValueType } from "../shared/types";
import { SourceKind } from "../attribute/entry";
import { Schema } from "../attribute/schema";
import { SchemaEntry } from "../attribute/schema-entry";
import { Redaction } from "../expression/decision-build";
import { Program } from "../expression/program";
import { Disclosure } from "./explainer";
import { lowerCase } from "../text/strings";

const REFERER = "referer";
const PATH = ":path";

/** Decides by what attributes are made of. */
export class SecretRedaction implements Redaction {
  constructor(private readonly schema: Schema) {}

  /** Names the secret that a comparison reads, whose text may hold one as well. */
  insteadOf(program: Program): string {
    for (let at = 0; at < program.attributes.length; at++) {
      const index = program.attributes[at];
      if (this.of(index) != Disclosure.Redacted) continue;
      return "a comparison with " + this.schema.nameOf(index);
    }
    return "";
  }

  /** Whether the values of an attribute are withheld. */
  isSecret(index: i32): bool {
    return this.of(index) == Disclosure.Redacted;
  }

  /** How the values of an attribute are shown. */
  of(index: i32): Disclosure {
    const entry = this.schema.entries[index];
    if (entry.kind == SourceKind.Program) return this.ofProgram(entry);
    const isMap = entry.type == ValueType.StringMap || entry.type == ValueType.Map;
    if (isMap) return Disclosure.Map;
    const name = this.sourceName(entry);
    if (isSecretName(name) || isSecretDerivation(entry.derivation)) return Disclosure.Redacted;
    return name == PATH || name == REFERER ? Disclosure.WithoutQuery : Disclosure.Whole;
  }

  // What is made of several things is as secret as the most secret of them.
  private ofProgram(entry: SchemaEntry): Disclosure {
    let found = Disclosure.Whole;
    for (let at = 0; at < entry.reads.length; at++) {
      const one = this.of(entry.reads[at]);
      // An element of a map that is chosen at run time may be any.
      if (one == Disclosure.Redacted || one == Disclosure.Map) return Disclosure.Redacted;
      if (one == Disclosure.WithoutQuery) found = one;
    }
    return found;
  }

  // The name by which the operator or the client calls it.
  private sourceName(entry: SchemaEntry): string {
    const kind = entry.kind;
    if (kind == SourceKind.RequestHeader) return this.schema.requestHeaders[entry.argument];
    if (kind == SourceKind.ResponseHeader) return this.schema.responseHeaders[entry.argument];
    if (entry.path.length > 0) return lastOf(entry.path);
    return entry.name;
  }
}

function lastOf(path: string[]): string {
  const last = lowerCase(path[path.length - 1]);
  if (path[0] != "request") return last;
  return last == "path" || last == "query" ? PATH : last;
}

function isSecretDerivation(derivation: Derivation): bool {
  return (
    derivation == Derivation.ApiKey ||
    derivation == Derivation.Cookie ||
    derivation == Derivation.AuthRawClaims
  );
}

function isSecretName(name: string): bool {
  for (let at = 0; at < SECRET_WORDS.length; at++) if (name.includes(SECRET_WORDS[at])) return true;
  return false;
}
