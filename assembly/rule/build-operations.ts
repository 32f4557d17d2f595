// Header operations and the names of headers in a document. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { Phase } from "../shared/phases";
import { ValueType } from "../shared/types";
import { Slice } from "../memory/slice";
import { Node } from "../config/node";
import { ObjectReader } from "../config/object-reader";
import { failType } from "../config/value-reader";
import { Program } from "../expression/program";
import { BuildEnvironment } from "./build-context";
import { HeaderKind, HeaderOperation, Operation } from "./header-operation";
import { lowerCase } from "../text/strings";

const OPERATION_NAMES: string[] = ["REPLACE", "REMOVE", "APPEND"];
const ABSENT_NAMES: string[] = ["REMOVE", "KEEP"];
/** Headers that belong to the connection or the routing of a request: not for operations. */
const PROTECTED: string[] = [
  "host",
  "connection",
  "content-length",
  "transfer-encoding",
  "upgrade",
  "te",
];

/** A header's name in lower case in the configuration's memory; 0 after an error. */
export function readHeaderName(environment: BuildEnvironment, node: Node): Slice {
  const report = environment.report;
  if (!node.isText) {
    failType(node, report, "a header name");
    return 0;
  }
  const name = lowerCase(node.string());
  if (name.startsWith(":") || PROTECTED.includes(name)) {
    report.error(DiagnosticCode.ProtectedHeader, node.place(), name, "another header");
    return 0;
  }
  if (isHeaderToken(name)) return environment.region.text(name);
  report.error(
    DiagnosticCode.BadHeaderName,
    node.place(),
    name,
    "a token (RFC 9110, section 5.6.2)",
  );
  return 0;
}

/** Whether a name in lower case is a header's: a token of HTTP. */
export function isHeaderToken(name: string): bool {
  if (name.length == 0 || name.length > 255) return false;
  for (let at = 0; at < name.length; at++) {
    const unit = name.charCodeAt(at);
    const isLetter = unit >= 97 && unit <= 122;
    const isDigit = unit >= 48 && unit <= 57;
    if (!isLetter && !isDigit && !"!#$%&'*+-.^_`|~".includes(name.charAt(at))) return false;
  }
  return true;
}

/** The operations of one list. */
export function readOperations(
  environment: BuildEnvironment,
  nodes: Node[],
  phase: Phase,
): StaticArray<HeaderOperation> {
  const operations: HeaderOperation[] = [];
  for (let at = 0; at < nodes.length; at++) {
    const operation = readOperation(environment, nodes[at], phase);
    if (operation !== null) operations.push(operation);
  }
  return StaticArray.fromArray(operations);
}

function readOperation(
  environment: BuildEnvironment,
  node: Node,
  phase: Phase,
): HeaderOperation | null {
  const report = environment.report;
  const reader = new ObjectReader(node, report, "a header operation");
  const nameNode = reader.required("name");
  const operation = reader.word("operation", 0, OPERATION_NAMES);
  const keeps = reader.word("ifAbsent", 0, ABSENT_NAMES) == 1;
  const valueNodes = reader.list("values");
  reader.finish();
  const values: Program[] = [];
  for (let at = 0; at < valueNodes.length; at++) {
    const program = environment.expression(valueNodes[at], phase, ValueType.String);
    if (program !== null) values.push(program);
  }
  if (nameNode === null) return null;
  const kind = kindOf(nameNode, phase);
  if (kind != HeaderKind.Plain && operation != Operation.Replace) {
    const found = lowerCase(nameNode.string());
    report.error(DiagnosticCode.ProtectedHeader, nameNode.place(), found, "REPLACE");
    return null;
  }
  const isPlain = kind == HeaderKind.Plain;
  const name = isPlain
    ? readHeaderName(environment, nameNode)
    : environment.region.text(lowerCase(nameNode.string()));
  if (operation != Operation.Remove && valueNodes.length == 0) {
    reader.failMissing("values");
    return null;
  }
  if (name == 0) return null;
  const programs = StaticArray.fromArray(values);
  return new HeaderOperation(name, <Operation>operation, programs, keeps || !isPlain, kind);
}

// Pseudo headers that an operation may replace.
function kindOf(node: Node, phase: Phase): HeaderKind {
  const name = node.isText ? lowerCase(node.string()) : "";
  if (phase == Phase.Response) return name == ":status" ? HeaderKind.Status : HeaderKind.Plain;
  return name == ":path" || name == ":authority" ? HeaderKind.Target : HeaderKind.Plain;
}
