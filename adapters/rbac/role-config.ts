// Parameters with Mixer's own semantics: the specs of ServiceRole, ServiceRoleBinding and
// RbacConfig, each with the name and namespace of its resource. Cold.

import {
  ChoiceField,
  DiagnosticCode,
  ObjectField,
  ObjectListField,
  Params,
  Report,
  TextField,
  TextListField,
  TextMapField,
} from "../../assembly/sdk";

const ROLE_KIND = "ServiceRole";

/** When roles are asked at all. */
export const enum RbacMode {
  Off = 0,
  On = 1,
  OnWithInclusion = 2,
  OnWithExclusion = 3,
}

/** A property of the action and the values that it may have. */
export class ConstraintParams extends Params {
  /** Name of a property of the action. */
  readonly key: TextField = this.required(this.textField("key", ""));
  /** What it may be. */
  readonly values: TextListField = this.textListField("values");
}

/** What a role permits. */
export class AccessParams extends Params {
  /** Services; without any nothing is permitted. */
  readonly services: TextListField = this.textListField("services");
  /** Paths; without any every path is permitted. */
  readonly paths: TextListField = this.textListField("paths");
  /** Methods; without any nothing is permitted. */
  readonly methods: TextListField = this.textListField("methods");
  /** Properties of the action that must have one of their values. */
  readonly constraints: ObjectListField<ConstraintParams> = this.objectListField<ConstraintParams>(
    "constraints",
    (): ConstraintParams => new ConstraintParams(),
  );
}

/** A role. */
export class RoleParams extends Params {
  /** Its name, for bindings, messages and metrics. */
  readonly name: TextField = this.required(this.textField("name", ""));
  /** The namespace of the services, as `action.namespace` gives it. */
  readonly namespace: TextField = this.required(this.textField("namespace", ""));
  /** What it permits: one of them must match. */
  readonly rules: ObjectListField<AccessParams> = this.objectListField<AccessParams>(
    "rules",
    (): AccessParams => new AccessParams(),
  );
}

/** Who has a role. */
export class SubjectParams extends Params {
  /** `subject.user`; `*` is anybody. */
  readonly user: TextField = this.textField("user", "");
  /** `subject.groups`; `*` is anybody. */
  readonly group: TextField = this.textField("group", "");
  /** Properties of the subject, all equal; as in Mixer they count only without user and group. */
  readonly properties: TextMapField = this.textMapField("properties");
}

/** Which role. */
export class RoleRefParams extends Params {
  /** Always `ServiceRole`. */
  readonly kind: TextField = this.textField("kind", ROLE_KIND);
  /** Name of a role in the binding's namespace. */
  readonly name: TextField = this.required(this.textField("name", ""));

  verify(report: Report): void {
    const kind = this.kind.value;
    if (kind == ROLE_KIND) return;
    report.error(DiagnosticCode.UnknownChoice, this.kind.place(), kind, ROLE_KIND);
  }
}

/** Gives a role to subjects. */
export class BindingParams extends Params {
  /** Its name, unique in its namespace. */
  readonly name: TextField = this.required(this.textField("name", ""));
  /** The namespace of the role. */
  readonly namespace: TextField = this.required(this.textField("namespace", ""));
  /** Who has the role: one of them must match. */
  readonly subjects: ObjectListField<SubjectParams> = this.objectListField<SubjectParams>(
    "subjects",
    (): SubjectParams => new SubjectParams(),
  );
  /** The role. */
  readonly roleRef: ObjectField<RoleRefParams> = this.required(
    this.objectField<RoleRefParams>("roleRef", new RoleRefParams()),
  );
  /** PERMISSIVE only counts. */
  readonly mode: ChoiceField = this.choiceField("mode", 0, ["ENFORCED", "PERMISSIVE"], [0, 1]);
}

/** Services and namespaces. */
export class TargetParams extends Params {
  /** As `action.service` gives them. */
  readonly services: TextListField = this.textListField("services");
  /** As `action.namespace` gives them. */
  readonly namespaces: TextListField = this.textListField("namespaces");
}
