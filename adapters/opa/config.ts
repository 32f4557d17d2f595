// Parameters of the OPA adapter. Cold.

import {
  BoolField,
  DiagnosticCode,
  DurationField,
  IntField,
  Params,
  Report,
  TextField,
} from "../../assembly/sdk";

const SECOND: i64 = 1_000_000_000;
const EXAMPLE = "`data.<package>.<rule>`, such as `data.mixer.authz.allow`";

/** Parameters of the adapter `opa`. */
export class OpaParams extends Params {
  /** The rule that decides, as OPA names it: `data.<package>.<rule>`. */
  readonly checkMethod: TextField = this.textField("checkMethod", "data.mixer.authz.allow");

  /**
   * What a failure means: OPA that does not answer, or answers neither true nor false. true denies,
   * false allows; left out, the action's `onError` decides.
   */
  readonly failClose: BoolField = this.boolField("failClose", false);

  /** How long a cache may keep a decision; `0s`: OPA is asked for every request. */
  readonly validDuration: DurationField = this.durationField(
    "validDuration",
    SECOND,
    0,
    i64.MAX_VALUE,
  );

  /** How often a cache may reuse a decision. */
  readonly validUseCount: IntField = this.intField("validUseCount", 10_000, 0, i32.MAX_VALUE);

  /** Mixer's inline Rego: OPA holds the policies, the filter only asks. */
  readonly refused: i32 = this.notYet(["policy"], "an OPA that has the policy, by `connection`");

  verify(report: Report): void {
    const method = this.checkMethod.value;
    if (isRule(method)) return;
    report.error(DiagnosticCode.BadName, this.checkMethod.place(), method, EXAMPLE);
  }
}

// `data` and at least two words of letters, digits and underscores behind it, joined by dots.
function isRule(text: string): bool {
  const parts = text.split(".");
  if (parts.length < 3 || parts[0] != "data") return false;
  for (let at = 1; at < parts.length; at++) if (!isWord(parts[at])) return false;
  return true;
}

function isWord(text: string): bool {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const isLetter = ((unit | 32) >= 97 && (unit | 32) <= 122) || unit == 95;
    if (!isLetter && !(unit >= 48 && unit <= 57)) return false;
  }
  return text.length > 0;
}
