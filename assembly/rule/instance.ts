// A compiled instance: a template's fields as programs, evaluated into the template's reusable
// object. Both: built cold, evaluated per request.

import { Slice } from "../memory/slice";
import { Template } from "../shared/templates";
import { Program } from "../expression/program";
import { DimensionSet } from "../template/dimension-set";

/** One instance, compiled for the phase of its template. */
export class CompiledInstance {
  /** Number among the instances routed to the handler. */
  number: i32 = 0;
  /** `value` of listentry and metric. */
  value: Program | null = null;
  /** Dimensions of quota and metric, variables of logentry. */
  dimensions: DimensionSet | null = null;
  /** `severity` and `timestamp` of logentry. */
  severity: Program | null = null;
  timestamp: Program | null = null;

  constructor(
    readonly name: Slice,
    readonly template: Template,
  ) {}
}
