// Parameters of the list adapter, with Mixer's names, defaults and bounds. Entries themselves are
// checked where the list is built. Cold: read while a document is loaded.

import {
  BoolField,
  ChoiceField,
  DiagnosticCode,
  DurationField,
  IntField,
  Params,
  Report,
  TextField,
  TextListField,
} from "../../assembly/sdk";
import { ProviderUrl } from "./provider-url";

const SECOND: i64 = 1_000_000_000;

/** How entries and values are compared; Mixer's numbers. */
export const enum EntryType {
  Strings = 0,
  CaseInsensitiveStrings = 1,
  IpAddresses = 2,
  Regex = 3,
}

/** Parameters of the adapter `list`. */
export class ListParams extends Params {
  /**
   * Where the list is fetched: `http://host/path`, or `https:`. The handler's `connection` says
   * through which cluster; without one, `mixer render` writes a cluster for the URL's host.
   */
  readonly providerUrl: TextField = this.textField("providerUrl", "");

  /** How often the list is fetched; at least 1s. Without `providerUrl` it has no effect. */
  readonly refreshInterval: DurationField = this.durationField(
    "refreshInterval",
    60 * SECOND,
    i64.MIN_VALUE,
    i64.MAX_VALUE,
  );

  /**
   * How long a list is kept that cannot be fetched again; not less than `refreshInterval`. Without
   * `providerUrl` it has no effect.
   */
  readonly ttl: DurationField = this.durationField(
    "ttl",
    300 * SECOND,
    i64.MIN_VALUE,
    i64.MAX_VALUE,
  );

  /** How long a cache may keep a verdict. */
  readonly cachingInterval: DurationField = this.durationField(
    "cachingInterval",
    300 * SECOND,
    0,
    i64.MAX_VALUE,
  );

  /** How often a cache may reuse a verdict. */
  readonly cachingUseCount: IntField = this.intField("cachingUseCount", 10_000, 0, i32.MAX_VALUE);

  /** The entries of the list; with `providerUrl` they are merged into what is fetched. */
  readonly overrides: TextListField = this.textListField("overrides");

  /**
   * What entries are: STRINGS are equal byte by byte; CASE_INSENSITIVE_STRINGS are equal in lower
   * case; IP_ADDRESSES are addresses and ranges; REGEX are RE2 expressions that need not match the
   * whole value.
   */
  readonly entryType: ChoiceField = this.choiceField(
    "entryType",
    EntryType.Strings,
    ["STRINGS", "CASE_INSENSITIVE_STRINGS", "IP_ADDRESSES", "REGEX"],
    [EntryType.Strings, EntryType.CaseInsensitiveStrings, EntryType.IpAddresses, EntryType.Regex],
  );

  /** Whether values on the list are denied, instead of those that are not. */
  readonly blacklist: BoolField = this.boolField("blacklist", false);

  verify(report: Report): void {
    if (this.providerUrl.value.length == 0) return;
    this.verifyProvider(report);
    if (this.refreshInterval.value < SECOND) {
      const code = DiagnosticCode.OutOfRange;
      report.error(code, this.refreshInterval.place(), "refreshInterval", "at least `1s`");
    }
    if (this.ttl.value < this.refreshInterval.value) {
      const expected = "a duration that is not less than `refreshInterval`";
      report.error(DiagnosticCode.OutOfRange, this.ttl.place(), "ttl", expected);
    }
  }

  // As in Mixer a URL needs a scheme and a host.
  private verifyProvider(report: Report): void {
    const url = this.providerUrl.value;
    if (new ProviderUrl(url).isGood) return;
    report.error(DiagnosticCode.BadUrl, this.providerUrl.place(), url, "`https://host/path`");
  }
}
