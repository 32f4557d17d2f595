// Names of output values, `<action>.output.<name>`, declared before any rule is compiled, so that
// an expression may name an action that stands further down. Cold.

import { OUTPUT_COUNT_MAX } from "../shared/limits";
import { Node } from "../config/node";
import { Adapter } from "../template/adapter";
import { BuildEnvironment, failName, isName, noteName } from "./build-context";
import { HandlerBuilder } from "./build-handlers";

/** Declares the output values of named actions. */
export class OutputBuilder {
  private readonly places: Map<string, Node> = new Map<string, Node>();

  constructor(
    private readonly environment: BuildEnvironment,
    private readonly handlers: HandlerBuilder,
  ) {}

  /** Looks for names of actions in the document's rules. */
  readAll(rules: Node[]): void {
    for (let at = 0; at < rules.length; at++) {
      const actions = rules[at].isObject ? rules[at].find("actions") : null;
      if (actions === null) continue;
      for (let index = 0; index < actions.items.length; index++) this.read(actions.items[index]);
    }
    this.environment.report.owner = "";
  }

  /** Places in a stream's record of an action's output values, by number. */
  placesOf(actionName: string, adapter: Adapter): StaticArray<i32> {
    const names = adapter.outputs;
    if (actionName.length == 0 || names.length == 0) return new StaticArray<i32>(0);
    const places: i32[] = [];
    const schema = this.environment.schema;
    for (let number = 0; number < names.length && number < OUTPUT_COUNT_MAX; number++) {
      const index = schema.find(actionName + ".output." + names[number]);
      if (index >= 0) places.push(schema.entries[index].argument);
    }
    return StaticArray.fromArray(places);
  }

  private read(action: Node): void {
    const name = action.isObject ? action.find("name") : null;
    if (name === null || !name.isText) return;
    const report = this.environment.report;
    const text = name.string();
    if (!isName(text)) {
      failName(name, report);
      return;
    }
    if (!noteName(report, this.places, text, action)) return;
    const adapter = this.adapterOf(action.find("handler"));
    if (adapter === null) {
      this.environment.schema.unreadActions.add(text);
      return;
    }
    const outputs = adapter.outputs;
    for (let at = 0; at < outputs.length && at < OUTPUT_COUNT_MAX; at++) {
      this.environment.schema.declareOutput(text + ".output." + outputs[at]);
    }
  }

  private adapterOf(handler: Node | null): Adapter | null {
    if (handler === null) return null;
    if (handler.isText) {
      const specs = this.handlers.specs;
      return specs.has(handler.string()) ? specs.get(handler.string()).adapter : null;
    }
    const wanted = handler.isObject ? handler.find("adapter") : null;
    return wanted === null ? null : this.handlers.find(wanted.string());
  }
}
