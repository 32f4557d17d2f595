// Parameters of the rbac adapter. Cold.

import {
  DiagnosticCode,
  ObjectListField,
  OneOf,
  Params,
  RBAC_POLICY_COUNT_MAX,
  Report,
} from "../../assembly/sdk";
import { PolicyParams } from "./policy-config";

/** Parameters of the adapter `rbac`. */
export class RbacParams extends Params {
  /** Policies in the terms of Istio's AuthorizationPolicy. */
  readonly policies: ObjectListField<PolicyParams> = this.objectListField<PolicyParams>(
    "policies",
    (): PolicyParams => new PolicyParams(),
  );

  verify(report: Report): void {
    if (!this.policies.isSet) {
      report.error(DiagnosticCode.MissingField, this.place(), "policies", "`policies`");
    }
    const count = this.policies.value.length;
    if (count > RBAC_POLICY_COUNT_MAX) {
      const expected = "at most " + RBAC_POLICY_COUNT_MAX.toString();
      const place = this.policies.place();
      report.error(DiagnosticCode.TooManyEntries, place, count.toString(), expected);
    }
  }
}
