// Parameters of the rbac adapter: policies, or roles with their bindings. Cold.

import {
  ChoiceField,
  DiagnosticCode,
  Field,
  ObjectField,
  ObjectListField,
  OneOf,
  Params,
  RBAC_POLICY_COUNT_MAX,
  Report,
} from "../../assembly/sdk";
import { PolicyParams } from "./policy-config";
import { BindingParams, RbacMode, RoleParams, TargetParams } from "./role-config";

/** Parameters of the adapter `rbac`. */
export class RbacParams extends Params {
  /** Policies in the terms of Istio's AuthorizationPolicy. */
  readonly policies: ObjectListField<PolicyParams> = this.objectListField<PolicyParams>(
    "policies",
    (): PolicyParams => new PolicyParams(),
  );

  /** Mixer's ServiceRole resources. */
  readonly roles: ObjectListField<RoleParams> = this.objectListField<RoleParams>(
    "roles",
    (): RoleParams => new RoleParams(),
  );

  /** Mixer's ServiceRoleBinding resources. */
  readonly bindings: ObjectListField<BindingParams> = this.objectListField<BindingParams>(
    "bindings",
    (): BindingParams => new BindingParams(),
  );

  /** For which services roles are asked; the others are allowed. */
  readonly mode: ChoiceField = this.choiceField(
    "mode",
    RbacMode.On,
    ["OFF", "ON", "ON_WITH_INCLUSION", "ON_WITH_EXCLUSION"],
    [RbacMode.Off, RbacMode.On, RbacMode.OnWithInclusion, RbacMode.OnWithExclusion],
  );

  /** The services that ON_WITH_INCLUSION asks roles for. */
  readonly inclusion: ObjectField<TargetParams> = this.objectField<TargetParams>(
    "inclusion",
    new TargetParams(),
  );

  /** The services that ON_WITH_EXCLUSION asks no roles for. */
  readonly exclusion: ObjectField<TargetParams> = this.objectField<TargetParams>(
    "exclusion",
    new TargetParams(),
  );

  /** One handler judges in one of the two ways. */
  readonly kind: OneOf = this.oneOf([this.policies, this.roles]);

  /** Mixer read the resources from there; here they stand in the document. */
  readonly refused: i32 = this.notYet(
    ["configStoreUrl", "cacheDuration"],
    "`roles` and `bindings`, here",
  );

  verify(report: Report): void {
    if (!this.policies.isSet && !this.roles.isSet) {
      report.error(DiagnosticCode.MissingField, this.place(), "policies", "`policies` or `roles`");
    }
    verifyCount(this.policies, this.policies.value.length, report);
    verifyCount(this.roles, this.roles.value.length, report);
    verifyCount(this.bindings, this.bindings.value.length, report);
  }
}

function verifyCount(field: Field, count: i32, report: Report): void {
  report.exceeds(field.place(), count, RBAC_POLICY_COUNT_MAX);
}
