// Reads the overrides of one quota against the dimensions of its instance, and reports what does
// not fit. Values of another type are errors. Cold.

import { DiagnosticCode } from "../../shared/diagnostics";
import { VALUE_TYPE_NAMES } from "../../shared/types";
import { textOf } from "../../memory/literal";
import { Slice, isPresent } from "../../memory/slice";
import { TextMapField } from "../../config/collection-field";
import { BuildContext } from "../adapter";
import { DimensionSet } from "../dimension-set";
import { constantOf } from "./constants";
import { DIMENSION_SIZE_BYTES } from "./dimension-values";
import { GroupBuilder } from "./group-builder";
import { Overrides } from "./overrides";

const NAMES_SHOWN_MAX: i32 = 30;

/** What an override by a dimension means that the instance does not have. */
export const enum UnknownDimension {
  /** It never applies, as in Mixer; a warning says so. */
  NeverApplies = 0,
  /** The document is refused. */
  Refused = 1,
}

/** Collects the overrides of one quota. */
export class OverrideBuilder {
  private readonly groups: GroupBuilder;

  constructor(
    private readonly context: BuildContext,
    private readonly set: DimensionSet | null,
    private readonly unknown: UnknownDimension,
  ) {
    this.groups = new GroupBuilder(context.region);
  }

  /** Adds the next override: values by dimension. */
  add(dimensions: TextMapField): void {
    const texts = dimensions.value;
    const set = this.set;
    for (let index = 0; index < texts.size; index++) {
      if (set !== null && set.find(texts.keys[index]) >= 0) continue;
      this.reportUnknown(dimensions, index);
      if (this.unknown == UnknownDimension.Refused) continue;
      this.groups.skip();
      return;
    }
    const positions: i32[] = [];
    const constants: Slice[] = [];
    const count = set === null ? 0 : set.count;
    for (let position = 0; position < count; position++) {
      const index = texts.keys.indexOf(textOf(set!.name(position)));
      if (index < 0) continue;
      positions.push(position);
      constants.push(this.constant(dimensions, index, position));
    }
    this.groups.add(positions, constants);
  }

  /** All of them, ready for use. */
  finish(): Overrides {
    const set = this.set;
    const count = set === null ? 0 : set.count;
    const values = this.context.region.take(<usize>count * DIMENSION_SIZE_BYTES);
    return new Overrides(this.groups.finish(), values);
  }

  private constant(dimensions: TextMapField, index: i32, position: i32): Slice {
    const texts = dimensions.value;
    const type = this.set!.type(position);
    const constant = constantOf(type, texts.values[index], this.context.region);
    if (isPresent(constant)) return constant;
    const expected = "a value of type " + VALUE_TYPE_NAMES[type];
    const place = texts.nodes[index].place();
    this.context.report.error(DiagnosticCode.WrongType, place, texts.values[index], expected);
    return 0;
  }

  private reportUnknown(dimensions: TextMapField, index: i32): void {
    const node = dimensions.node!;
    const key = dimensions.value.keys[index];
    const place = node.keyPlace(node.keys.indexOf(key));
    const expected = namesOf(this.set);
    const report = this.context.report;
    if (this.unknown == UnknownDimension.Refused) {
      report.error(DiagnosticCode.UnknownDimension, place, key, expected);
    } else {
      report.warning(DiagnosticCode.NoEffect, place, key, expected);
    }
  }
}

/** Names and types of the dimensions: what the definition of a quota depends on. */
export function describeDimensions(set: DimensionSet | null): string {
  let text = "";
  for (let position = 0; set !== null && position < set.count; position++) {
    const name = textOf(set.name(position));
    text += name.length.toString() + ":" + name + ":" + (<i32>set.type(position)).toString() + ";";
  }
  return text;
}

function namesOf(set: DimensionSet | null): string {
  const names: string[] = [];
  for (let position = 0; set !== null && position < set.count; position++) {
    names.push(textOf(set.name(position)));
  }
  if (names.length == 0) return "none is defined";
  return "a dimension among `" + names.slice(0, NAMES_SHOWN_MAX).join("`, `") + "`";
}
