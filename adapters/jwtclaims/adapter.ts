// The jwtclaims adapter: names, standard instance, what Envoy's own JWT filter needs, and the
// handler with its requirements.

import {
  Adapter,
  BuildContext,
  DiagnosticCode,
  DimensionSet,
  Handler,
  Params,
  Region,
  RoutedInstance,
  Slice,
  Template,
  ValueType,
  challengeOf,
  jsonText,
} from "../../assembly/sdk";
import { ClaimParams, JwtClaimsParams } from "./config";
import { Challenges, JwtClaimsHandler } from "./handler";
import { Requirement } from "./requirement";

const STANDARD =
  '[{"name":"token","template":"authorization","params":{"subject":{' +
  '"user":"request.auth.principal | \\"\\"",' +
  '"properties":{"claims":"request.auth.raw_claims | \\"\\""}}}}]';
const NANOS_PER_SECOND: i64 = 1_000_000_000;

/** Lets requests pass whose verified token has the right issuer, audience and claims. */
export class JwtClaims extends Adapter {
  get name(): string {
    return "jwtclaims";
  }

  get serves(): u32 {
    return Template.Authorization;
  }

  get outputs(): string[] {
    return ["subject"];
  }

  params(): Params {
    return new JwtClaimsParams();
  }

  standardInstances(params: Params): string {
    return STANDARD;
  }

  envoyNeeds(params: Params): string {
    const given = params as JwtClaimsParams;
    const jwks = given.jwks.value;
    if (!jwks.inline.isSet && !jwks.uri.isSet) return "";
    const keys = jwks.inline.isSet
      ? '"inline":' + jsonText(jwks.inline.value)
      : '"uri":' + jsonText(jwks.uri.value);
    const cache = jwks.cacheDuration.value / NANOS_PER_SECOND;
    const skew = given.clockSkew.value / NANOS_PER_SECOND;
    return (
      '{"jwt":{"issuer":' +
      jsonText(given.issuer.value) +
      "," +
      keys +
      ',"cacheSeconds":' +
      cache.toString() +
      ',"clockSkewSeconds":' +
      skew.toString() +
      "}}"
    );
  }

  build(params: Params, context: BuildContext): Handler | null {
    const given = params as JwtClaimsParams;
    if (!haveClaims(context)) return null;
    const region = context.region;
    const claims: Requirement[] = [];
    const wanted = given.claims.value;
    for (let at = 0; at < wanted.length; at++) claims.push(claimOf(wanted[at], region));
    const audiences = given.audiences.value;
    let audience: Requirement | null = null;
    if (audiences.length > 0) audience = plain("aud", audiences, region);
    const challenge = challengeOf("Bearer", given.realm.value);
    return new JwtClaimsHandler(
      plain("iss", [given.issuer.value], region),
      audience,
      StaticArray.fromArray(claims),
      new Challenges(
        region.text(challenge),
        region.text(challenge + ', error="invalid_token"'),
        region.text(challenge + ', error="insufficient_scope"'),
      ),
    );
  }
}

function plain(claim: string, values: string[], region: Region): Requirement {
  return new Requirement(texts([claim], region), texts(values, region), texts([], region), false);
}

function claimOf(params: ClaimParams, region: Region): Requirement {
  return new Requirement(
    texts(params.path.value, region),
    texts(params.values.value, region),
    texts(params.prefixes.value, region),
    params.spaceDelimited.value,
  );
}

function texts(strings: string[], region: Region): StaticArray<Slice> {
  const list = new StaticArray<Slice>(strings.length);
  for (let at = 0; at < strings.length; at++) list[at] = region.text(strings[at]);
  return list;
}

function haveClaims(context: BuildContext): bool {
  for (let at = 0; at < context.instances.length; at++) {
    const instance = context.instances[at];
    if (hasClaims(instance)) continue;
    const expected = '`subject: { properties: { claims: request.auth.raw_claims | "" } }`';
    const code = DiagnosticCode.MissingField;
    context.report.error(code, instance.place, "subject.properties.claims", expected);
    return false;
  }
  return true;
}

function hasClaims(instance: RoutedInstance): bool {
  for (let at = 0; at < instance.properties.length; at++) {
    const set: DimensionSet = instance.properties[at];
    const position = set.find("claims");
    if (position >= 0 && set.type(position) == ValueType.String) return true;
  }
  return false;
}
