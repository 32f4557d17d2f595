// Where a declared attribute comes from, when it is no expression: a property of Envoy's, a header,
// a cookie or a query parameter. What cannot give the type is an error here, not at run time. Cold.

import { Derivation } from "../shared/attributes";
import { DiagnosticCode } from "../shared/diagnostics";
import { VALUE_TYPE_NAMES, ValueType } from "../shared/types";
import { propertyNames, propertyShape } from "../attribute/property";
import { Node } from "../config/node";
import { ObjectReader } from "../config/object-reader";
import { failType } from "../config/value-reader";
import { nearest } from "../diagnostic/suggest";
import { BuildEnvironment } from "./build-context";
import { isHeaderToken } from "./build-operations";
import { lowerCase } from "../text/strings";

const SOURCE_FIELDS: string[] = [
  "property",
  "requestHeader",
  "responseHeader",
  "cookie",
  "queryParameter",
];

const TYPES_OF_TEXT = "any type but STRING_MAP";

/** One source field of a declaration. */
export class AttributeSource {
  constructor(
    readonly field: string,
    readonly node: Node,
  ) {}
}

/** The source fields that a declaration has. */
export function readSources(reader: ObjectReader): AttributeSource[] {
  const found: AttributeSource[] = [];
  for (let at = 0; at < SOURCE_FIELDS.length; at++) {
    const node = reader.child(SOURCE_FIELDS[at]);
    if (node !== null) found.push(new AttributeSource(SOURCE_FIELDS[at], node));
  }
  return found;
}

/** Declares the attribute in the schema; false after an error. */
export function declareSource(
  environment: BuildEnvironment,
  name: string,
  type: ValueType,
  source: AttributeSource,
): bool {
  const report = environment.report;
  const node = source.node;
  if (source.field == "property") return declareProperty(environment, name, type, node);
  if (!node.isText || node.string().length == 0) {
    failType(node, report, "a name");
    return false;
  }
  if (type == ValueType.StringMap) {
    report.error(DiagnosticCode.AttributeType, node.place(), "STRING_MAP", TYPES_OF_TEXT);
    return false;
  }
  const text = node.string();
  const schema = environment.schema;
  if (source.field == "cookie") {
    schema.declarePart(name, type, Derivation.Cookie, text);
  } else if (source.field == "queryParameter") {
    schema.declarePart(name, type, Derivation.QueryParameter, text);
  } else if (!isHeaderToken(lowerCase(text))) {
    const expected = "a token (RFC 9110, section 5.6.2)";
    report.error(DiagnosticCode.BadHeaderName, node.place(), text, expected);
    return false;
  } else if (source.field == "requestHeader") {
    schema.declareRequestHeader(name, type, lowerCase(text));
  } else {
    schema.declareResponseHeader(name, type, lowerCase(text));
  }
  return true;
}

function declareProperty(
  environment: BuildEnvironment,
  name: string,
  type: ValueType,
  node: Node,
): bool {
  const report = environment.report;
  const path = readPath(environment, node);
  if (path.length == 0) return false;
  const shape = propertyShape(path);
  if (shape == null) {
    const dotted = path.join(".");
    const suggestion = nearest(dotted, propertyNames());
    const expected = "a path of Envoy's attributes, or one part: filter state of a wasm filter";
    report.error(DiagnosticCode.UnknownProperty, node.place(), dotted, expected, suggestion);
    return false;
  }
  if (!shape.fits(type)) {
    const found = VALUE_TYPE_NAMES[type];
    report.error(DiagnosticCode.AttributeType, node.place(), found, shape.types);
    return false;
  }
  environment.schema.declareProperty(name, type, path);
  return true;
}

// The parts of a path: texts that are not empty and have no NUL, which separates them for Envoy.
function readPath(environment: BuildEnvironment, node: Node): string[] {
  const path: string[] = [];
  const report = environment.report;
  const items = node.items;
  for (let at = 0; at < items.length; at++) {
    const part = items[at].isText ? items[at].string() : "";
    if (part.length == 0 || part.includes("\0")) {
      failType(items[at], report, "a name");
      return [];
    }
    path.push(part);
  }
  if (path.length == 0) {
    failType(node, report, "a list of names, such as [connection, tls_version]");
  }
  return path;
}
