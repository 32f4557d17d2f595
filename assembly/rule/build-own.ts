// Instances of templates that adapters bring themselves: found by name among the installed
// adapters, their fields compiled with the types that the template declares. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { Phase } from "../shared/phases";
import { VALUE_TYPE_NAMES } from "../shared/types";
import { Node } from "../config/node";
import { ObjectReader } from "../config/object-reader";
import { Adapter } from "../template/adapter";
import { DimensionBuilder } from "../template/dimension-build";
import { OwnTemplate } from "../template/own-template";
import { CompiledInstance } from "./instance";

/** The template of an adapter, and whose it is: two adapters may use one name. */
export class OwnedTemplate {
  constructor(
    readonly template: OwnTemplate,
    readonly owner: Adapter,
  ) {}
}

/** The templates that installed adapters bring. */
export function ownedTemplates(adapters: Adapter[]): OwnedTemplate[] {
  const found: OwnedTemplate[] = [];
  for (let at = 0; at < adapters.length; at++) {
    const template = adapters[at].ownTemplate;
    if (template !== null) found.push(new OwnedTemplate(template, adapters[at]));
  }
  return found;
}

/** Compiles the fields of an instance; `params` is null where the document gives none. */
export function compileOwn(
  dimensions: DimensionBuilder,
  owned: OwnedTemplate,
  reader: ObjectReader,
  params: Node | null,
  made: CompiledInstance,
): void {
  const template = owned.template;
  const fields = template.fields;
  const nodes: Array<Node | null> = [];
  let isWhole = true;
  for (let at = 0; at < fields.length; at++) {
    const node = given(reader, params, fields[at].name);
    nodes.push(node);
    if (node !== null || !fields[at].isRequired) continue;
    reader.failMissing(fields[at].name);
    isWhole = false;
  }
  if (!isWhole) return;
  const set = dimensions.build(params, template.isReport ? Phase.Log : Phase.Request);
  made.dimensions = set;
  if (set === null) return;
  const places = new StaticArray<i32>(template.size);
  places.fill(-1);
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at];
    const node = nodes[at];
    if (node === null) continue;
    // The document may have written the name in snake_case.
    const place = set.find(reader.node.keys[reader.node.indexOf(field.name)]);
    places[field.number] = place;
    if (set.type(place) == field.type) continue;
    const wanted = VALUE_TYPE_NAMES[field.type];
    reader.report.error(DiagnosticCode.TypeMismatch, node.place(), node.string(), wanted);
  }
  made.places = places;
}

function given(reader: ObjectReader, params: Node | null, name: string): Node | null {
  if (params === null) return null;
  return reader.child(name);
}
