// How calls end, as they are counted: one label value for each. Both.

/** The results of calls, by number. */
export const enum CallResult {
  /** The backend answered. */
  Answered = 0,
  /** It did not in time. */
  TimedOut = 1,
  /** It could not be reached, or the connection broke. */
  Unreachable = 2,
  /** Envoy has no such cluster. */
  UnknownCluster = 3,
  /** The cluster has no endpoint that could take the call. */
  NoEndpoint = 4,
  /** Not made: too many calls had failed just before. */
  CircuitOpen = 5,
  /** Not made: the request was not fit to be sent, or Envoy refused it. */
  Refused = 6,
  /** The stream ended before the answer came. */
  Abandoned = 7,
  /** Further attempts; each is counted by its own result as well. */
  Retried = 8,
}

/** How many results there are. */
export const CALL_RESULT_COUNT: i32 = 9;

/** Label values by number. */
export const CALL_RESULT_NAMES: string[] = [
  "answered",
  "timed_out",
  "unreachable",
  "unknown_cluster",
  "no_endpoint",
  "circuit_open",
  "refused",
  "abandoned",
  "retried",
];
