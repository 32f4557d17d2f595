// The runtime's own metrics. Compiled by asc and by tsc; imports nothing. In Envoy they stand as
// `wasmcustom.NAME` with labels as `.label=value;`.

/** Requests whose rules were checked. */
export const METRIC_CHECKS = "mixer_checks_total";
/** Requests that were refused because servers could read their path differently. */
export const METRIC_AMBIGUOUS_PATHS = "mixer_ambiguous_paths_total";
/** Requests that a rule denied; label `rule`. */
export const METRIC_RULE_DENIED = "mixer_rule_denied_total";
/** Requests that a rule or action in SHADOW mode would have denied; label `rule`. */
export const METRIC_RULE_SHADOW_DENIED = "mixer_rule_shadow_denied_total";
/**
 * Requests by the side of a `rollout` and the verdict of its rule or action; labels `rule`,
 * `action` where the rollout is an action's (its name, or its position in the rule from 0), `side`
 * (enforced, shadow) and `verdict` (allow, deny; on the shadow side also skipped: a question was
 * not asked, and nothing else denied, so nobody knows). The enforced side is judged only where
 * nothing else denied before.
 */
export const METRIC_ROLLOUT = "mixer_rollout_total";
/**
 * Matches, instances, handlers, values of header operations and expressions of answers and log
 * lines of a rule that failed, and values that cannot stand in a header; label `rule`.
 */
export const METRIC_RULE_ERRORS = "mixer_rule_errors_total";
/** Responses that a rule replaced by an answer of its own; label `rule`. */
export const METRIC_RULE_REPLACED = "mixer_rule_replaced_total";
/** Responses that a rule in SHADOW mode would have replaced; label `rule`. */
export const METRIC_RULE_SHADOW_REPLACED = "mixer_rule_shadow_replaced_total";
/** What was dropped; labels `adapter` and `reason`. */
export const METRIC_DROPPED = "mixer_dropped_total";
/** Host calls that were refused for a reason that should not occur. */
export const METRIC_HOST_FAILURES = "mixer_host_failures_total";
/** Calls to backends by how they ended; labels `handler` and `result`. */
export const METRIC_CALLOUTS = "mixer_callouts_total";
/** Verdicts asked of the check cache; labels `handler` and `result`: hit, miss. */
export const METRIC_CHECK_CACHE = "mixer_check_cache_total";
/** Always 1; label `version`. */
export const METRIC_BUILD = "mixer_build_info";
/** When the document in force was loaded, in seconds since 1970. */
export const METRIC_CONFIG_LOADED = "mixer_config_loaded_seconds";

/** Every label of these metrics. */
export const METRIC_LABELS: string[] = [
  "rule",
  "adapter",
  "reason",
  "version",
  "side",
  "verdict",
  "action",
];

/** Labels of the metrics of handlers with a backend. */
export const CALLOUT_LABELS: string[] = ["handler", "result"];

/** Version of the suite, as in package.json. */
export const VERSION = "0.1.0";
