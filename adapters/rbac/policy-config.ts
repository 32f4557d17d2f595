// Parameters in the terms of Istio's AuthorizationPolicy. What a field means for a request stands
// in facts.ts and build-policies.ts. Cold.

import {
  BoolField,
  ChoiceField,
  DiagnosticCode,
  ObjectField,
  ObjectListField,
  Params,
  Report,
  TextField,
  TextListField,
} from "../../assembly/sdk";
import { PolicyAction } from "./policy-action";

/** Who calls. All fields that are given must match; of one field any value. */
export class SourceParams extends Params {
  /** Identities of the peer's certificate, without `spiffe://`. */
  readonly principals: TextListField = this.textListField("principals");
  /** None of them may match, in the form of `principals`. */
  readonly notPrincipals: TextListField = this.textListField("notPrincipals");
  /** Identities of the verified token: `issuer/subject`. */
  readonly requestPrincipals: TextListField = this.textListField("requestPrincipals");
  /** None of them may match, in the form of `requestPrincipals`. */
  readonly notRequestPrincipals: TextListField = this.textListField("notRequestPrincipals");
  /** Namespaces of the peer's identity. */
  readonly namespaces: TextListField = this.textListField("namespaces");
  /** None of them may match, in the form of `namespaces`. */
  readonly notNamespaces: TextListField = this.textListField("notNamespaces");
  /** Service accounts of the peer's identity: `namespace/name`, or `name` in the policy's own. */
  readonly serviceAccounts: TextListField = this.textListField("serviceAccounts");
  /** None of them may match, in the form of `serviceAccounts`. */
  readonly notServiceAccounts: TextListField = this.textListField("notServiceAccounts");
  /** Trust domains of the peer's identity: what follows `spiffe://`, up to the next `/`. */
  readonly trustDomains: TextListField = this.textListField("trustDomains");
  /** None of them may match, in the form of `trustDomains`. */
  readonly notTrustDomains: TextListField = this.textListField("notTrustDomains");
  /** Addresses and ranges of the peer itself, whatever headers say. */
  readonly ipBlocks: TextListField = this.textListField("ipBlocks");
  /** None of them may match, in the form of `ipBlocks`. */
  readonly notIpBlocks: TextListField = this.textListField("notIpBlocks");
  /** Addresses and ranges of the client as Envoy sees it, `x-forwarded-for` considered. */
  readonly remoteIpBlocks: TextListField = this.textListField("remoteIpBlocks");
  /** None of them may match, in the form of `remoteIpBlocks`. */
  readonly notRemoteIpBlocks: TextListField = this.textListField("notRemoteIpBlocks");
}

/** One alternative of `from`. */
export class FromParams extends Params {
  /** Who calls; empty: anybody. */
  readonly source: ObjectField<SourceParams> = this.objectField<SourceParams>(
    "source",
    new SourceParams(),
  );
}

/** What is called. All fields that are given must match; of one field any value. */
export class OperationParams extends Params {
  /** The `host` header with its port, in any case. */
  readonly hosts: TextListField = this.textListField("hosts");
  /** None of them may match, in the form of `hosts`. */
  readonly notHosts: TextListField = this.textListField("notHosts");
  /** Ports of the address that the client connected to. */
  readonly ports: TextListField = this.textListField("ports");
  /** None of them may match, in the form of `ports`. */
  readonly notPorts: TextListField = this.textListField("notPorts");
  /** HTTP methods; gRPC is always POST. */
  readonly methods: TextListField = this.textListField("methods");
  /** None of them may match, in the form of `methods`. */
  readonly notMethods: TextListField = this.textListField("notMethods");
  /** Paths without query; `{*}` stands for one segment, `{**}` for any number of them. */
  readonly paths: TextListField = this.textListField("paths");
  /** None of them may match, in the form of `paths`. */
  readonly notPaths: TextListField = this.textListField("notPaths");
}

/** One alternative of `to`. */
export class ToParams extends Params {
  /** What is called; empty: anything. */
  readonly operation: ObjectField<OperationParams> = this.objectField<OperationParams>(
    "operation",
    new OperationParams(),
  );
}

/** One further condition. */
export class WhenParams extends Params {
  /** Istio's name of the value: `source.ip`, `request.headers[x-user]`, … */
  readonly key: TextField = this.required(this.textField("key", ""));
  /** One of them must match, where any are given. */
  readonly values: TextListField = this.textListField("values");
  /** None of them may match. */
  readonly notValues: TextListField = this.textListField("notValues");

  verify(report: Report): void {
    if (this.values.isSet || this.notValues.isSet) return;
    const place = this.place();
    report.error(DiagnosticCode.MissingField, place, "values", "`values` or `notValues`");
  }
}

/** A rule matches when one source, one operation and every condition match. */
export class RuleParams extends Params {
  /** Who calls; left out: anybody. */
  readonly sources: ObjectListField<FromParams> = this.objectListField<FromParams>(
    "from",
    (): FromParams => new FromParams(),
  );
  /** What is called; left out: anything. */
  readonly operations: ObjectListField<ToParams> = this.objectListField<ToParams>(
    "to",
    (): ToParams => new ToParams(),
  );
  /** Further conditions, all of which must match. */
  readonly when: ObjectListField<WhenParams> = this.objectListField<WhenParams>(
    "when",
    (): WhenParams => new WhenParams(),
  );
}

/** One policy. It matches when one of its rules does. */
export class PolicyParams extends Params {
  /** Its name in denials and metrics; unique together with `namespace`. */
  readonly name: TextField = this.required(this.textField("name", ""));

  /** The namespace of service accounts that are given without one. */
  readonly namespace: TextField = this.textField("namespace", "");

  /**
   * DENY is asked first; then, where there is an ALLOW policy, one must match. AUDIT decides
   * nothing.
   */
  readonly action: ChoiceField = this.choiceField(
    "action",
    PolicyAction.Allow,
    ["ALLOW", "DENY", "AUDIT"],
    [PolicyAction.Allow, PolicyAction.Deny, PolicyAction.Audit],
  );

  /** Whether it is only evaluated and counted. */
  readonly dryRun: BoolField = this.boolField("dryRun", false);

  /** Without rules the policy never matches: as ALLOW it then denies everything. */
  readonly rules: ObjectListField<RuleParams> = this.objectListField<RuleParams>(
    "rules",
    (): RuleParams => new RuleParams(),
  );

  verify(report: Report): void {
    const name = this.name.value;
    if (this.name.isSet && !isPolicyName(name)) {
      const expected = "1 to 253 of A-Z a-z 0-9 . _ / -";
      report.error(DiagnosticCode.BadName, this.name.place(), name, expected);
    }
  }
}

const NAME_SIZE_MAX_CHARS: i32 = 253;

/** Whether a name can stand in messages and metrics as it is. */
export function isPolicyName(name: string): bool {
  if (name.length == 0 || name.length > NAME_SIZE_MAX_CHARS) return false;
  for (let at = 0; at < name.length; at++) {
    const unit = name.charCodeAt(at);
    const isLetter = (unit | 32) >= 97 && (unit | 32) <= 122;
    const isMark = unit >= 45 && unit <= 57;
    if (!isLetter && !isMark && unit != 95) return false;
  }
  return true;
}
