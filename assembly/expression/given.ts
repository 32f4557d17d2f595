// What stands where a document has an expression: its text, a number or boolean that stands for
// itself, or an object that says in which language it is. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { Node, NodeKind } from "../config/node";
import { ObjectReader } from "../config/object-reader";
import { Slice } from "../memory/slice";
import { ExpressionContext, attributeNames } from "./compile";
import { Language } from "./language";
import { EXACT_INTEGER_MAX, failType } from "../config/value-reader";
import { doubleText } from "../text/strings";

const LANGUAGE_NAMES: string[] = ["CEXL", "CEL"];

/** From here on a number is written with an exponent, and so a DOUBLE. */
const EXPONENT_MIN: f64 = 1e21;

/** An expression as the document gives it. */
export class GivenExpression {
  constructor(
    readonly text: Slice,
    /** The node whose text it is, for places in diagnostics. */
    readonly node: Node,
    readonly language: Language,
  ) {}
}

/** The expression in a node; null after reporting that there is none. */
export function givenExpression(context: ExpressionContext, node: Node): GivenExpression | null {
  const region = context.region;
  const language = context.language;
  if (node.isText) return new GivenExpression(node.text, node, language);
  if (node.kind == NodeKind.Bool) {
    return new GivenExpression(region.text(node.isTrue ? "true" : "false"), node, language);
  }
  if (node.kind == NodeKind.Number) {
    if (isInexact(node)) {
      const code = DiagnosticCode.InexactInteger;
      context.report.error(code, node.place(), numberText(node), "an expression in a string");
      return null;
    }
    return new GivenExpression(region.text(numberText(node)), node, language);
  }
  if (node.isObject) return givenObject(context, node);
  failType(node, context.report, "an expression");
  return null;
}

// `{ language: CEL, expression: "…" }`.
function givenObject(context: ExpressionContext, node: Node): GivenExpression | null {
  const reader = new ObjectReader(node, context.report, "an expression");
  const language = languageField(reader, context.language);
  const inner = reader.required("expression");
  reader.finish();
  if (inner === null) return null;
  if (inner.isText) return new GivenExpression(inner.text, inner, language);
  failType(inner, context.report, "a string");
  return null;
}

/** The names of attributes in what stands where an expression does; reports nothing. */
export function namesIn(node: Node, language: Language): string[] {
  const inner = node.isObject ? node.find("expression") : node;
  if (inner === null || !inner.isText) return [];
  const given = node.isObject ? node.find("language") : null;
  if (given !== null) language = <Language>LANGUAGE_NAMES.indexOf(given.string());
  return attributeNames(inner.text, language);
}

/** The field `language` of an object; what is not given is inherited. */
export function languageField(reader: ObjectReader, inherited: Language): Language {
  return <Language>reader.word("language", <i32>inherited, LANGUAGE_NAMES);
}

// A protobuf Struct has doubles only, which from 2^53 on may not be the integers that were written.
function isInexact(node: Node): bool {
  const size = Math.abs(node.double);
  return node.string().length == 0 && size > EXACT_INTEGER_MAX && size < EXPONENT_MIN;
}

function numberText(node: Node): string {
  const source = node.string();
  if (source.length > 0) return source;
  const whole = <i64>node.double;
  return <f64>whole == node.double ? whole.toString() : doubleText(node.double);
}
