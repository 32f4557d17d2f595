// What a report is made for: the end of a request, or an event of a TCP connection. Compiled by asc
// and by tsc; imports nothing.

/** Events as bits, so that a set of them is a number. A connection's bit is 1 << its event. */
export const enum ReportEvent {
  /** A request is over. */
  Request = 1,
  /** A connection has passed its check. */
  Open = 2,
  /** A connection has lived for another interval. */
  Continue = 4,
  /** A connection is over. */
  Close = 8,
}

/** The events of connections. */
export const CONNECTION_EVENTS = 14;

/** Every event. */
export const REPORT_EVENTS_ALL = 15;
