// Parameters of the jwtclaims adapter. Cold: read while a document is loaded.

import {
  BoolField,
  DiagnosticCode,
  DurationField,
  ObjectField,
  ObjectListField,
  Params,
  Report,
  TextField,
  TextListField,
  verifyRealm,
} from "../../assembly/sdk";

const SECOND: i64 = 1_000_000_000;

/** What one claim must be. Without `values` and `prefixes` it must be there and not empty. */
export class ClaimParams extends Params {
  /** Names of the claim and of the objects that it stands in, such as `[realm_access, roles]`. */
  readonly path: TextListField = this.required(this.textListField("path"));

  /** The claim equals one of these; of a list, one element does. Case counts. */
  readonly values: TextListField = this.textListField("values");

  /** The claim begins with one of these; of a list, one element does. */
  readonly prefixes: TextListField = this.textListField("prefixes");

  /** Whether the claim is words with blanks between them, such as `scope`, read as a list. */
  readonly spaceDelimited: BoolField = this.boolField("spaceDelimited", false);

  verify(report: Report): void {
    if (!this.path.isSet) return;
    const code = DiagnosticCode.EmptyValue;
    if (this.path.value.length == 0) report.error(code, this.path.place(), "path", "names");
  }
}

/** Where the issuer's keys are. */
export class JwksParams extends Params {
  /** The JSON Web Key Set itself. */
  readonly inline: TextField = this.textField("inline", "");

  /** Where Envoy fetches it: `https://host[:port]/path`, or `http://…` inside a mesh. */
  readonly uri: TextField = this.textField("uri", "");

  /** How long Envoy keeps what it has fetched. */
  readonly cacheDuration: DurationField = this.durationField(
    "cacheDuration",
    300 * SECOND,
    SECOND,
    86_400 * SECOND,
  );

  verify(report: Report): void {
    if (this.uri.isSet && this.inline.isSet) {
      const code = DiagnosticCode.ConflictingFields;
      const found = "inline` and `uri";
      report.conflict(code, this.uri.place(), found, "one of them", this.inline.place());
    }
    const uri = this.uri.value;
    if (!this.uri.isSet) return;
    const isUrl = uri.startsWith("https://") || uri.startsWith("http://");
    if (isUrl && !uri.includes(" ") && uri.length > 10) return;
    report.error(DiagnosticCode.BadUrl, this.uri.place(), uri, "`https://host/path`");
  }
}

/** Parameters of the adapter `jwtclaims`. */
export class JwtClaimsParams extends Params {
  /** Who may have issued the token: `iss`. */
  readonly issuer: TextField = this.required(this.textField("issuer", ""));

  /** The token is meant for one of these: `aud`. None: for anybody. */
  readonly audiences: TextListField = this.textListField("audiences");

  /** What claims must be; all of it. */
  readonly claims: ObjectListField<ClaimParams> = this.objectListField<ClaimParams>(
    "claims",
    (): ClaimParams => new ClaimParams(),
  );

  /**
   * The issuer's keys: `render` then puts Envoy's filter `jwt_authn`, which verifies signature and
   * times, in front of this one. Left out: somebody else configures that filter.
   */
  readonly jwks: ObjectField<JwksParams> = this.objectField<JwksParams>("jwks", new JwksParams());

  /** How far the clocks of issuer and proxy may be apart; Envoy's filter takes it. */
  readonly clockSkew: DurationField = this.durationField(
    "clockSkew",
    60 * SECOND,
    0,
    3600 * SECOND,
  );

  /** Named in the header `www-authenticate` of a denial. */
  readonly realm: TextField = this.textField("realm", "mixer");

  verify(report: Report): void {
    verifyRealm(this.realm, report);
    if (!this.issuer.isSet || this.issuer.value.length > 0) return;
    report.error(DiagnosticCode.EmptyValue, this.issuer.place(), "issuer", "`iss` of the tokens");
  }
}
