// The names of a handler's quotas and of the instances that rules route to it: each must have its
// counterpart. What quota adapters have in common of that. Cold.

import { DiagnosticCode } from "../../shared/diagnostics";
import { QUOTA_COUNT_MAX, QUOTA_OVERRIDE_COUNT_MAX } from "../../shared/limits";
import { TextField } from "../../config/field";
import { jsonText } from "../../diagnostic/render-json";
import { Place } from "../../diagnostic/place";
import { Report } from "../../diagnostic/report";
import { nearestReference } from "../../diagnostic/suggest";
import { joined } from "../../text/strings";
import { BuildContext, RoutedInstance, instanceName } from "../adapter";

const NAMES_SHOWN_MAX: i32 = 30;
const NO_INSTANCE = "an instance of template `quota` with this name in an action";

/** The names of one handler's quotas, in the order of its parameters. */
export class QuotaNames {
  constructor(
    private readonly names: TextField[],
    private readonly context: BuildContext,
  ) {}

  /**
   * Reports names that are given twice or that no instance has, and more quotas than there may be;
   * `place` is that of the list. A handler that no rule uses has no instances: that is a warning of
   * its own.
   */
  check(place: Place): void {
    const report = this.context.report;
    const count = this.names.length;
    if (report.exceeds(place, count, QUOTA_COUNT_MAX)) return;
    const seen = new Map<string, i32>();
    for (let at = 0; at < count; at++) {
      const name = this.names[at];
      const short = instanceName(name.value);
      if (seen.has(short)) {
        const first = this.names[seen.get(short)].place();
        report.conflict(DiagnosticCode.DuplicateEntry, name.place(), name.value, "", first);
      } else if (this.context.instances.length > 0 && !this.hasInstance(name.value)) {
        const near = nearestReference(name.value, this.instanceNames());
        const code = DiagnosticCode.QuotaWithoutInstance;
        report.error(code, name.place(), name.value, NO_INSTANCE, near);
      }
      seen.set(short, at);
    }
  }

  /** The position of the quota that an instance charges; -1 where there is none, reported. */
  find(instance: RoutedInstance): i32 {
    const known: string[] = [];
    for (let at = 0; at < this.names.length; at++) {
      if (instance.isCalled(this.names[at].value)) return at;
      known.push(this.names[at].value);
    }
    const shown = known.slice(0, NAMES_SHOWN_MAX).join("`, `");
    const expected = "a name in `quotas`: " + (known.length == 0 ? "none" : "`" + shown + "`");
    const code = DiagnosticCode.InstanceWithoutQuota;
    this.context.report.error(code, instance.place, instance.name, expected);
    return -1;
  }

  private instanceNames(): string[] {
    const instances = this.context.instances;
    const found: string[] = [];
    for (let at = 0; at < instances.length; at++) found.push(instances[at].name);
    return found;
  }

  private hasInstance(name: string): bool {
    const instances = this.context.instances;
    for (let at = 0; at < instances.length; at++) {
      if (instances[at].isCalled(name)) return true;
    }
    return false;
  }
}

/** How many overrides of a quota count: `given`, or 0 where they are too many, reported. */
export function overrideCountOf(given: i32, place: Place, report: Report): i32 {
  return report.exceeds(place, given, QUOTA_OVERRIDE_COUNT_MAX) ? 0 : given;
}

/**
 * One instance without dimensions for each quota, as `Adapter.standardInstances` gives them. Names
 * that cannot be names are reported where the instance is read; here they only stay JSON.
 */
export function standardQuotaInstances(names: string[]): string {
  const instances: string[] = [];
  for (let at = 0; at < names.length; at++) {
    instances.push('{"name":' + jsonText(names[at]) + ',"template":"quota"}');
  }
  return instances.length == 0 ? "" : "[" + joined(instances, ",") + "]";
}

/** An instance of a quota to write, as `Adapter.exampleInstance` gives one. */
export function exampleQuotaInstance(): string {
  const dimensions = '{"dimensions":{"caller":"source.ip"}}';
  return '{"name":"requestcount","template":"quota","params":' + dimensions + "}";
}
