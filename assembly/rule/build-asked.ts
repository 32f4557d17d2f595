// The instances of an action: by name, written in place, or the adapter's standard ones. Where the
// handler is unknown they are read all the same, so that every mistake of a document shows at once.
// Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { ABSENT } from "../memory/slice";
import { readDocument } from "../config/document";
import { Node } from "../config/node";
import { Blame, Report } from "../diagnostic/report";
import { Language } from "../expression/language";
import { Adapter } from "../template/adapter";
import { BuildEnvironment } from "./build-context";
import { HandlerSpec } from "./build-handlers";
import { InstanceBuilder, InstanceSpec } from "./build-instances";

/** Finds what an action asks about. */
export class InstanceReader {
  constructor(
    private readonly environment: BuildEnvironment,
    private readonly instances: InstanceBuilder,
  ) {}

  /** The given instances of an action, by name or written there. */
  named(nodes: Node[], adapter: Adapter, inlineName: string): InstanceSpec[] {
    const found: InstanceSpec[] = [];
    for (let at = 0; at < nodes.length; at++) {
      const node = nodes[at];
      const name = nodes.length == 1 ? inlineName : inlineName + "/" + at.toString();
      const spec = node.isObject
        ? this.instances.readInline(node, name, adapter)
        : this.namedInstance(node);
      if (spec === null) continue;
      if (found.includes(spec)) {
        const code = DiagnosticCode.DuplicateName;
        this.environment.report.error(code, node.place(), spec.name, "each instance once");
      } else {
        found.push(spec);
      }
    }
    return found;
  }

  private namedInstance(node: Node): InstanceSpec | null {
    const specs = this.instances.specs;
    const name = node.isText ? node.string() : "";
    if (specs.has(name)) return specs.get(name);
    // What is wrong with an instance of the document has been said where it stands.
    const faulty = this.instances.faulty;
    if (name.length > 0 && faulty.has(name)) return null;
    const names = specs.keys().concat(faulty.values());
    this.environment.failReference(node, DiagnosticCode.UnknownInstance, "an instance", names);
    return null;
  }

  /** The adapter's own instances, read as if the document had given them. */
  standard(handler: HandlerSpec, place: Node): InstanceSpec[] {
    const first = handler.first!;
    let known = handler.standard;
    if (known == null) known = first.shared;
    if (known != null) {
      handler.standard = known;
      return known;
    }
    const environment = this.environment;
    const text = handler.standardText;
    const found: InstanceSpec[] = [];
    handler.standard = found;
    if (text.length == 0) {
      const example = handler.adapter.exampleInstance(handler.params);
      this.need(handler, place, example.length == 0 ? "" : ", such as " + example);
      return found;
    }
    const own = new Report(environment.report.plugin, ABSENT);
    const node = readDocument(
      environment.region.text('{"instances":' + text + "}"),
      environment.region,
      own,
    );
    const list: Node[] = node === null ? [] : node.find("instances")!.items;
    // A mistake of the adapter's author: without its instances it would ask nothing.
    if (list.length == 0) this.need(handler, place, ": the adapter's own are no JSON list");
    const blame = new Blame("adapter " + handler.adapter.name + " itself, ", handler.node.place());
    const outer = environment.speak(Language.Cexl);
    environment.report.blame = blame;
    // What has no name is called as the handler.
    let haveNames = true;
    for (let at = 0; at < list.length; at++) {
      if (list[at].find("name") === null) haveNames = false;
      const spec = this.instances.readInline(list[at], handler.name, handler.adapter);
      if (spec === null) continue;
      spec.blame = blame;
      found.push(spec);
    }
    environment.report.blame = null;
    environment.speak(outer);
    if (haveNames) first.shared = found;
    return found;
  }

  private need(handler: HandlerSpec, place: Node, why: string): void {
    const report = this.environment.report;
    report.error(DiagnosticCode.InstanceNeeded, place.place(), handler.name, "`instances`" + why);
  }

  /** Reads and compiles for the sake of their mistakes alone: no handler will be asked. */
  readUnrouted(nodes: Node[], inlineName: string): void {
    for (let at = 0; at < nodes.length; at++) {
      const node = nodes[at];
      // Without a template only the handler would say what the instance is.
      if (node.isObject && node.find("template") === null) continue;
      const spec = node.isObject
        ? this.instances.readInline(node, inlineName, null)
        : this.namedInstance(node);
      if (spec === null) continue;
      spec.isUsed = true;
      this.instances.compile(spec);
    }
  }
}
