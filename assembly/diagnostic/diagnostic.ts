// One thing that is wrong with a document, as a record; how it is shown is decided elsewhere. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { Place } from "./place";

/** One error or warning. */
export class Diagnostic {
  /** What was expected; "" when there is nothing to say. */
  expected: string = "";
  /** The nearest known name; "" when there is none. */
  suggestion: string = "";
  /** Another place that matters, such as the first of two equal names. */
  related: Place | null = null;

  constructor(
    readonly code: DiagnosticCode,
    readonly isWarning: bool,
    /** The rule, handler or instance, such as `rule api-policy`; or "". */
    readonly owner: string,
    readonly place: Place,
    /** What stood there: at most QUOTE_SIZE_MAX_BYTES, safe to show. */
    readonly found: string,
  ) {}
}
