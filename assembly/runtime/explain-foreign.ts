// What the tools ask of an expression that is not in Mixer's language: its parts with their types,
// and for a stream its value, or the part that failed. The probe's, not the filters'. Cold.

import { Phase } from "../shared/phases";
import { VALUE_TYPE_NAMES, ValueType } from "../shared/types";
import { Bag } from "../attribute/bag";
import { CellState, typeAt } from "../attribute/value";
import { Schema } from "../attribute/schema";
import { jsonText } from "../diagnostic/render-json";
import { ExpressionContext } from "../expression/compile";
import { evaluationErrorText } from "../expression/error-text";
import { evaluate } from "../expression/evaluator";
import { resetSteps } from "../expression/failure";
import { FailureSearch } from "../expression/foreign-failure";
import { ForeignPart } from "../expression/foreign-part";
import { Language, SourceText, linkedCel } from "../expression/language";
import { Program } from "../expression/program";
import { startReferences, stopReferences } from "../expression/references";
import { referencesJson, valueString } from "../expression/value-string";
import { Slice } from "../memory/slice";

/** A compiled expression with its parts. */
export class ForeignExpression {
  private constructor(
    private readonly root: ForeignPart,
    private readonly program: Program,
    private readonly search: FailureSearch,
  ) {}

  /** Of an expression that compiles; null for one in Mixer's language. */
  static of(
    context: ExpressionContext,
    text: Slice,
    phase: Phase,
    program: Program,
  ): ForeignExpression | null {
    const cel = linkedCel();
    if (context.language == Language.Cexl || cel == null) return null;
    const schema = context.schema;
    const any = ValueType.Dynamic;
    const root = cel.parts(new SourceText(text, schema, context.region, phase, any, true));
    if (root == null) return null;
    const search = new FailureSearch(context, text);
    search.prepare(root);
    return new ForeignExpression(root, program, search);
  }

  /** Its parts as a JSON object. */
  treeJson(): string {
    return "{" + this.root.members() + "}";
  }

  /** What it comes to, as a JSON object. */
  evaluationJson(bag: Bag, schema: Schema): string {
    resetSteps();
    startReferences();
    const cell = evaluate(this.program, bag);
    stopReferences();
    const references = referencesJson(schema);
    const type = typeAt(cell);
    const hasFailed = type == CellState.Error;
    const outcome = hasFailed ? evaluationErrorText(cell, schema) : valueString(cell);
    const failed = hasFailed ? this.search.find(this.root, bag) : null;
    return (
      '{"tree":{' +
      this.root.members() +
      (hasFailed ? ',"error":' : ',"value":') +
      jsonText(outcome) +
      '},"type":"' +
      VALUE_TYPE_NAMES[hasFailed ? this.root.type : <ValueType>type] +
      '","references":' +
      references +
      ',"errorStart":' +
      (failed == null ? 0 : failed.start).toString() +
      ',"errorEnd":' +
      (failed == null ? 0 : failed.end).toString() +
      "}"
    );
  }
}
