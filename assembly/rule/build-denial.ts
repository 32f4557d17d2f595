// A rule's or action's own answer when it denies, `response`, and a rule's in the place of the
// upstream's, `replaceResponse`. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { DENIAL_HEADER_COUNT_MAX, HTTP_STATUS_MAX, HTTP_STATUS_MIN } from "../shared/limits";
import { Phase } from "../shared/phases";
import { ValueType } from "../shared/types";
import { ABSENT, Slice } from "../memory/slice";
import { Node, NodeKind } from "../config/node";
import { ObjectReader } from "../config/object-reader";
import { failType } from "../config/value-reader";
import { compileTemplate } from "../expression/interpolation";
import { Escape } from "../expression/interpolation-render";
import { TextTemplate } from "../expression/template-piece";
import { Program } from "../expression/program";
import { BuildEnvironment } from "./build-context";
import { readHeaderName } from "./build-operations";
import { Denial, DenialHeader } from "./denial-response";
import { JsonTemplate } from "./json-template";
import { jsonText } from "../diagnostic/render-json";
import { joined, lowerCase } from "../text/strings";

/** Reads `response` of a rule or an action; null: it has none, or a wrong one. */
export function readDenial(environment: BuildEnvironment, parent: ObjectReader): Denial | null {
  const node = parent.object("response");
  if (node === null) return null;
  const reader = new ObjectReader(node, environment.report, "a response");
  const isVerbose = reader.bool("verbose", true);
  return readAnswer(environment, reader, Phase.Denial, isVerbose);
}

/** Reads `replaceResponse` of a rule; null: it has none, or a wrong one. */
export function readReplacement(
  environment: BuildEnvironment,
  parent: ObjectReader,
): Denial | null {
  const node = parent.object("replaceResponse");
  if (node === null) return null;
  const reader = new ObjectReader(node, environment.report, "a replacement");
  return readAnswer(environment, reader, Phase.Response, true);
}

function readAnswer(
  environment: BuildEnvironment,
  reader: ObjectReader,
  phase: Phase,
  isVerbose: bool,
): Denial {
  const status = reader.int("status", 0, HTTP_STATUS_MIN, HTTP_STATUS_MAX);
  const headers = readHeaders(environment, reader.object("headers"), phase);
  const bodyNode = reader.child("body");
  const jsonNode = reader.child("json");
  const hasDetails = reader.child("details") !== null;
  const details = environment.region.text(reader.text("details", ""));
  reader.finish();
  if (bodyNode !== null && jsonNode !== null) {
    const place = jsonNode.place();
    environment.report.error(DiagnosticCode.ConflictingFields, place, "body, json", "one of them");
  }
  const contentType = contentTypeOf(reader.object("headers"));
  return new Denial(
    <u32>status,
    headers,
    bodyNode === null ? null : readTemplate(environment, bodyNode, phase),
    escapeFor(contentType),
    jsonNode === null ? null : new JsonCompiler(environment, phase).compile(jsonNode),
    contentType.length > 0,
    isVerbose,
    hasDetails ? details : ABSENT,
  );
}

// What a client sent must not become markup of a page, or fields of an object.
function escapeFor(contentType: string): Escape {
  if (contentType.includes("json")) return Escape.Json;
  return contentType.includes("html") || contentType.includes("xml") ? Escape.Html : Escape.None;
}

function readTemplate(
  environment: BuildEnvironment,
  node: Node,
  phase: Phase,
): TextTemplate | null {
  if (node.isText) return compileTemplate(environment.expressions, node, node.text, phase);
  failType(node, environment.report, "a string");
  return null;
}

function readHeaders(
  environment: BuildEnvironment,
  node: Node | null,
  phase: Phase,
): StaticArray<DenialHeader> {
  const headers: DenialHeader[] = [];
  if (node === null) return new StaticArray<DenialHeader>(0);
  environment.report.exceeds(node.place(), node.keys.length, DENIAL_HEADER_COUNT_MAX);
  for (let at = 0; at < node.keys.length; at++) {
    const key = new Node(NodeKind.Text, node.source);
    key.text = environment.region.text(node.keys[at]);
    key.parent = node;
    key.key = node.keys[at];
    key.sourceOffset = node.values[at].keyOffset;
    key.sourceSize = node.values[at].keySize;
    const name = readHeaderName(environment, key);
    const value = readTemplate(environment, node.values[at], phase);
    if (name != 0 && value !== null) headers.push(new DenialHeader(name, value));
  }
  return StaticArray.fromArray(headers);
}

function contentTypeOf(node: Node | null): string {
  if (node === null) return "";
  for (let at = 0; at < node.keys.length; at++) {
    if (lowerCase(node.keys[at]) == "content-type") return lowerCase(node.values[at].string());
  }
  return "";
}

/** Turns a JSON value whose string leaves are expressions into pieces and programs. */
class JsonCompiler {
  private readonly parts: string[] = [];
  private readonly pieces: Slice[] = [];
  private readonly programs: Program[] = [];

  constructor(
    private readonly environment: BuildEnvironment,
    private readonly phase: Phase,
  ) {}

  compile(node: Node): JsonTemplate {
    this.write(node);
    this.cut();
    return new JsonTemplate(
      StaticArray.fromArray(this.pieces),
      StaticArray.fromArray(this.programs),
    );
  }

  private write(node: Node): void {
    switch (node.kind) {
      case NodeKind.Null:
        this.parts.push("null");
        return;
      case NodeKind.List:
        this.parts.push("[");
        for (let at = 0; at < node.items.length; at++) {
          if (at > 0) this.parts.push(",");
          this.write(node.items[at]);
        }
        this.parts.push("]");
        return;
      case NodeKind.Object:
        this.parts.push("{");
        for (let at = 0; at < node.keys.length; at++) {
          if (at > 0) this.parts.push(",");
          this.parts.push(jsonText(node.keys[at]) + ":");
          this.write(node.values[at]);
        }
        this.parts.push("}");
        return;
      default:
        this.leaf(node);
    }
  }

  private leaf(node: Node): void {
    const program = this.environment.expression(node, this.phase, ValueType.Unspecified);
    if (program === null) return;
    this.cut();
    this.programs.push(program);
  }

  private cut(): void {
    this.pieces.push(this.environment.region.text(joined(this.parts, "")));
    this.parts.length = 0;
  }
}
