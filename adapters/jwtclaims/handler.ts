// Says whether the claims of a token that Envoy has verified are the right ones. No token, or one
// of another issuer or for others, is UNAUTHENTICATED; a good one without the claims
// PERMISSION_DENIED, each with what RFC 6750 wants said. Hot: allocates nothing managed.

import {
  ABSENT,
  Authorization,
  Code,
  DimensionSet,
  Handler,
  HeaderList,
  Lifetime,
  Slice,
  ValueType,
  Verdict,
  equal,
  isPresent,
  literal,
  sizeOf,
  textAt,
  typeAt,
} from "../../assembly/sdk";
import { Requirement, claimText } from "./requirement";

const CLAIMS = literal("claims");
const SUBJECT = literal("sub");
const NO_TOKEN = literal("the request has no verified token");
const WRONG_ISSUER = literal("the token is of another issuer");
const WRONG_AUDIENCE = literal("the token is for another audience");
const NOT_ENOUGH = literal("the token has not the claims that are needed");
const WWW_AUTHENTICATE = literal("www-authenticate");
const SUBJECT_OUTPUT: i32 = 0;

const NOT_KEPT = new Lifetime(0, 0);

/** What `www-authenticate` says. */
export class Challenges {
  constructor(
    readonly plain: Slice,
    readonly invalid: Slice,
    readonly notEnough: Slice,
  ) {}
}

/** Claims that must be. */
export class JwtClaimsHandler extends Handler {
  constructor(
    private readonly issuer: Requirement,
    /** Null: for anybody. */
    private readonly audience: Requirement | null,
    private readonly claims: StaticArray<Requirement>,
    private readonly challenges: Challenges,
  ) {
    super();
  }

  onAuthorization(authorization: Authorization, verdict: Verdict): void {
    const claims = claimsOf(authorization.subject);
    if (sizeOf(claims) == 0) return this.refuse(verdict, NO_TOKEN, this.challenges.plain);
    if (!this.issuer.isMet(claims)) {
      return this.refuse(verdict, WRONG_ISSUER, this.challenges.invalid);
    }
    const audience = this.audience;
    if (audience != null && !audience.isMet(claims)) {
      return this.refuse(verdict, WRONG_AUDIENCE, this.challenges.invalid);
    }
    for (let at = 0; at < this.claims.length; at++) {
      if (unchecked(this.claims[at]).isMet(claims)) continue;
      verdict.denyWith(Code.PermissionDenied, NOT_ENOUGH, NOT_KEPT);
      verdict.headers.add(HeaderList.Reply, WWW_AUTHENTICATE, this.challenges.notEnough);
      return;
    }
    verdict.allow(NOT_KEPT);
    const subject = claimText(claims, SUBJECT);
    if (isPresent(subject)) verdict.output(SUBJECT_OUTPUT, subject);
  }

  private refuse(verdict: Verdict, message: Slice, challenge: Slice): void {
    verdict.denyWith(Code.Unauthenticated, message, NOT_KEPT);
    verdict.headers.add(HeaderList.Reply, WWW_AUTHENTICATE, challenge);
  }
}

// The property `claims`: JSON text.
function claimsOf(properties: DimensionSet | null): Slice {
  if (properties == null) return ABSENT;
  for (let position = 0; position < properties.count; position++) {
    if (!equal(properties.name(position), CLAIMS)) continue;
    const cell = properties.cell(position);
    return typeAt(cell) == ValueType.String ? textAt(cell) : ABSENT;
  }
  return ABSENT;
}
