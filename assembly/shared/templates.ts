// Mixer's templates: what an adapter consumes. Compiled by asc and by tsc; imports nothing.

/** Templates as bits, so that what an adapter serves is a number. */
export const enum Template {
  None = 0,
  /** Check without fields: the adapter decides by its configuration alone. */
  CheckNothing = 1,
  /** Check of one value against a list. */
  ListEntry = 2,
  /** Charge of an amount to a quota, by dimensions. */
  Quota = 4,
  /** Report of one sample of a metric. */
  Metric = 8,
  /** Report of one log entry. */
  LogEntry = 16,
  /** Report without fields. */
  ReportNothing = 32,
  /** Check of who does what. */
  Authorization = 64,
  /** Check of an API key. */
  ApiKey = 128,
  /** Check by a template that an adapter brings itself. */
  OwnCheck = 256,
  /** Report by a template that an adapter brings itself. */
  OwnReport = 512,
}

/** Names in a document, by bit number; an adapter's own template brings its name. */
export const TEMPLATE_NAMES: string[] = [
  "checknothing",
  "listentry",
  "quota",
  "metric",
  "logentry",
  "reportnothing",
  "authorization",
  "apikey",
];

/** What a template is for. */
export const enum Variety {
  Check = 1,
  Quota = 2,
  Report = 4,
}

/** Varieties by bit number of the template. */
export const TEMPLATE_VARIETIES: Variety[] = [
  Variety.Check,
  Variety.Check,
  Variety.Quota,
  Variety.Report,
  Variety.Report,
  Variety.Report,
  Variety.Check,
  Variety.Check,
  Variety.Check,
  Variety.Report,
];
