// The contract of an adapter: its name, what it serves, its parameters, and how a handler is built
// from them. Cold: everything here runs while a document is loaded.

import { Node } from "../config/node";
import { Params } from "../config/params";
import { Place } from "../diagnostic/place";
import { Report } from "../diagnostic/report";
import { Region } from "../memory/region";
import { Slice } from "../memory/slice";
import { REPORT_EVENTS_ALL } from "../shared/report-events";
import { Template } from "../shared/templates";
import { Connection } from "./connection";
import { DimensionSet } from "./dimension-set";
import { Handler } from "./handler";
import { OwnTemplate } from "./own-template";
import { ValueType } from "../shared/types";

/** A compiled instance that some rule routes to the handler being built. */
export class RoutedInstance {
  /** Of an authorization, where given. */
  subject: DimensionSet | null = null;
  action: DimensionSet | null = null;
  /** The `severity` of a log entry where it is a literal; else empty. */
  severity: string = "";

  constructor(
    /** Its number in `Quota.instance`, `Metric.instance` and `LogEntry.instance`. */
    readonly number: i32,
    readonly name: string,
    readonly template: Template,
    /** Dimensions or variables; null for templates without them. */
    readonly dimensions: DimensionSet | null,
    /** Static type of `value`, Unspecified without one. */
    readonly valueType: ValueType,
    /** Where the document gives it, for diagnostics. */
    readonly place: Place,
    /** `subject.properties` and `action.properties` of an authorization, where given. */
    readonly properties: DimensionSet[] = [],
    /** Whether it says where its credential stands, so that a verdict can hide it. */
    readonly hasPlaces: bool = false,
  ) {}

  /** Whether a parameter that names an instance means this one. */
  isCalled(name: string): bool {
    return this.name == name || this.name == instanceName(name);
  }
}

/** The name of an instance: of Mixer's full form `NAME.instance.NAMESPACE` the NAME. */
export function instanceName(written: string): string {
  const end = written.indexOf(".instance.");
  return end < 0 ? written : written.substring(0, end);
}

/** What `Adapter.build` may use beyond the parameters. */
export class BuildContext {
  constructor(
    readonly handlerName: string,
    /** Name of the plugin in Envoy's configuration: part of every key in shared data. */
    readonly pluginName: string,
    readonly report: Report,
    /** Memory that lives as long as the configuration. */
    readonly region: Region,
    /** Every instance that some rule routes to this handler, by number. */
    readonly instances: RoutedInstance[],
    /** Where the handler stands in the document. */
    readonly place: Place,
    /**
     * The way to the backend as the handler's `connection` says; null for adapters without one.
     */
    readonly connection: Connection | null = null,
  ) {}
}

/** How an adapter talks to its backend. */
export const enum Protocol {
  /** It has none. */
  None = 0,
  Http = 1,
  Grpc = 2,
}

/** What parameters say about the backend; the document's `connection` goes first. */
export class Backend {
  /** Whether the handler has a backend at all. */
  isUsed: bool = true;
  /** `host:port` where the parameters name it; else a `connection` is required. */
  address: string = "";
  /** `:authority` of its calls; empty: the address's. */
  authority: string = "";
  /** Whether the address speaks TLS. */
  isTls: bool = false;
}

/** One adapter. Installed once for each VM; builds a handler for each handler of a document. */
export abstract class Adapter {
  /** The name that a document gives in `adapter:`. */
  abstract get name(): string;

  /** Templates that its handlers take, as bits. */
  abstract get serves(): u32;

  /** A template of its own, beside those that it serves; its handlers take its instances. */
  get ownTemplate(): OwnTemplate | null {
    return null;
  }

  /** How its handlers talk to a backend; with None a document's `connection` is an error. */
  get protocol(): Protocol {
    return Protocol.None;
  }

  /** The backend as the parameters, which have been read, name it. */
  backend(params: Params): Backend {
    return new Backend();
  }

  /**
   * Whether a document may leave `connection` out: its handlers then do without a backend what they
   * can.
   */
  get isConnectionOptional(): bool {
    return false;
  }

  /**
   * Whether its handlers take properties of an authorization that are absent or failed: the cells
   * say so (`hasValue`, `isAbsentAt`), where otherwise the instance fails and `onError` decides.
   */
  get takesAbsent(): bool {
    return false;
  }

  /**
   * Names of the output values that its verdicts may carry, by number: `<action>.output.<name>`.
   * All are STRING.
   */
  get outputs(): string[] {
    return [];
  }

  /** Fresh parameters with their defaults, declared once. */
  abstract params(): Params;

  /**
   * Standard instances, as the JSON list that a document would give under `instances`: used where
   * an action names none. Empty: an action must name its instances. `params` have been read. Where
   * an expression would stand among properties or dimensions, a standard instance may also have
   * `{ "property": [path] }` or `{ "requestHeader": name }`: the bytes as Envoy gives them, absent
   * without any.
   */
  standardInstances(params: Params): string {
    return "";
  }

  /** Shown where an action without instances cannot be served: an instance to write. */
  exampleInstance(params: Params): string {
    return "";
  }

  /**
   * What an instance of a report template is evaluated for: bits of ReportEvent. `isStandard`: it
   * is one of the adapter's own, else the document gives it. What is left out costs nothing there.
   */
  reportEvents(instance: string, isStandard: bool): u32 {
    return REPORT_EVENTS_ALL;
  }

  /** Label names that the handler's metrics carry, so that `render` can write stats_tags. */
  labels(params: Params, context: BuildContext): string[] {
    return [];
  }

  /**
   * What Envoy itself must have for the handler, as JSON for `render`; "" for nothing.
   * `{"jwt": …}`: its JWT filter in front of this one (tools/render/jwt-authn.ts).
   */
  envoyNeeds(params: Params): string {
    return "";
  }

  /** Builds the handler, or reports what is wrong and returns null. */
  abstract build(params: Params, context: BuildContext): Handler | null;
}
