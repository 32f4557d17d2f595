// The points of a request's life at which expressions run. Compiled by asc and by tsc; imports
// nothing.

/** Phases as bits, so that a set of them is a number. */
export const enum Phase {
  /** `on_request_headers`: checks, quotas, request header operations. */
  Request = 1,
  /** `on_response_headers`: response header operations. */
  Response = 2,
  /** `on_log`: reports. */
  Log = 4,
  /**
   * The answer of a denial, made where the denial is: it reads what the request gives, and the
   * verdict.
   */
  Denial = 8,
}

/** Every phase. */
export const PHASES_ALL = 15;

/** Printed names by bit number. */
export const PHASE_NAMES: string[] = ["request headers", "response headers", "log", "denial"];
