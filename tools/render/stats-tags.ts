// Labels of metrics. A filter can only name a statistic, so the labels stand in the name,
//   wasmcustom.istio_requests_total.reporter=destination;response_code=200;
// and one stats_tags entry for each label name takes them out again (RE2: the first group is
// removed from the name, the second is the label's value). Without these entries the name stays
// readable; nothing else depends on them.

/** One entry of stats_config.stats_tags. */
export interface StatsTag {
  readonly tag_name: string;
  readonly regex: string;
}

const LABEL_NAME = /^(?!__)[A-Za-z_][A-Za-z0-9_]*$/;

/** The entries for these label names, sorted and each once. Names that Prometheus does not allow throw. */
export function statsTags(labels: readonly string[]): StatsTag[] {
  return [...new Set(labels)].sort().map((label) => {
    if (!LABEL_NAME.test(label)) throw new Error(`${JSON.stringify(label)} cannot be a label name`);
    return { tag_name: label, regex: `^wasmcustom\\.[^;=]*\\.(?:[^;]*;)*?(${label}=([^;]*);)` };
  });
}
