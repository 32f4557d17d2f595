// A compiled instance: a template's fields as programs, evaluated into the template's reusable
// object. Both: built cold, evaluated per request.

import { Slice } from "../memory/slice";
import { REPORT_EVENTS_ALL } from "../shared/report-events";
import { Template } from "../shared/templates";
import { Program } from "../expression/program";
import { DimensionSet } from "../template/dimension-set";
import { Credential } from "./credential";

/** One instance, compiled for the phase of its template. */
export class CompiledInstance {
  constructor(
    readonly name: Slice,
    readonly template: Template,
  ) {}

  /** Number among the instances routed to the handler. */
  number: i32 = 0;
  /** What it is reported for: bits of ReportEvent. */
  events: u32 = REPORT_EVENTS_ALL;
  /** Whether the handler takes properties that are absent or could not be evaluated. */
  takesAbsent: bool = false;
  /** `value` of listentry and metric. */
  value: Program | null = null;
  /** Dimensions of quota and metric, variables of logentry. */
  dimensions: DimensionSet | null = null;
  /** Places in `dimensions` by the numbers of the fields of an adapter's own template. */
  places: StaticArray<i32> = [];
  /** `severity` and `timestamp` of logentry, `timestamp` of apikey. */
  severity: Program | null = null;
  timestamp: Program | null = null;
  /** Texts of authorization and apikey, by number; null where none is given. */
  texts: StaticArray<Program | null> = new StaticArray<Program | null>(0);
  /** Where the key of apikey stands; null where it is an expression. */
  credential: Credential | null = null;
  /** `subject.properties` and `action.properties` of authorization. */
  subject: DimensionSet | null = null;
  action: DimensionSet | null = null;
}
