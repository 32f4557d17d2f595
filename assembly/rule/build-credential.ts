// Reads where a credential stands: `{ requestHeaders, queryParameters, cookies }`. Cold.

import { Derivation } from "../shared/attributes";
import { DiagnosticCode } from "../shared/diagnostics";
import { CREDENTIAL_PLACE_COUNT_MAX } from "../shared/limits";
import { Phase } from "../shared/phases";
import { equal } from "../memory/bytes";
import { Slice } from "../memory/slice";
import { Node } from "../config/node";
import { ObjectReader } from "../config/object-reader";
import { BuildEnvironment } from "./build-context";
import { isHeaderToken } from "./build-operations";
import { Credential, PlaceKind } from "./credential";
import { lowerCase } from "../text/strings";

const HEADER_EXPECTED = "a token (RFC 9110, section 5.6.2)";

/** Whether the value gives places: an expression may be an object too, with `expression`. */
export function isPlaces(node: Node): bool {
  return node.isObject && node.find("expression") === null;
}

/** The places of the object; null after an error. */
export function readCredential(environment: BuildEnvironment, node: Node): Credential | null {
  const reader = new ObjectReader(node, environment.report, "a credential");
  const places = new Places(environment);
  places.add(reader.list("requestHeaders"), PlaceKind.Header);
  places.add(reader.list("queryParameters"), PlaceKind.QueryParameter);
  places.add(reader.list("cookies"), PlaceKind.Cookie);
  reader.finish();
  const report = environment.report;
  const count = places.names.length;
  if (count == 0) {
    const expected = "a header, query parameter or cookie";
    report.error(DiagnosticCode.MissingField, node.place(), "requestHeaders", expected);
  }
  report.exceeds(node.place(), count, CREDENTIAL_PLACE_COUNT_MAX);
  return new Credential(
    StaticArray.fromArray(places.kinds),
    StaticArray.fromArray(places.names),
    StaticArray.fromArray(places.attributes),
  );
}

/** Collects places. */
class Places {
  readonly kinds: PlaceKind[] = [];
  readonly names: Slice[] = [];
  readonly attributes: i32[] = [];

  constructor(private readonly environment: BuildEnvironment) {}

  add(nodes: Node[], kind: PlaceKind): void {
    for (let at = 0; at < nodes.length; at++) this.addOne(nodes[at], kind);
  }

  private addOne(node: Node, kind: PlaceKind): void {
    const environment = this.environment;
    const given = node.isText ? node.string() : "";
    const name = kind == PlaceKind.Header ? lowerCase(given) : given;
    const isGood = kind == PlaceKind.Header ? isHeaderToken(name) : name.length > 0;
    if (!isGood) {
      const code = kind == PlaceKind.Header ? DiagnosticCode.BadHeaderName : DiagnosticCode.BadName;
      const expected = kind == PlaceKind.Header ? HEADER_EXPECTED : "a name";
      environment.report.error(code, node.place(), given, expected);
      return;
    }
    const bytes = environment.region.text(name);
    if (this.isKnown(bytes, kind)) return;
    this.kinds.push(kind);
    this.names.push(bytes);
    const attribute = this.attributeOf(name, bytes, kind);
    environment.schema.use(attribute, Phase.Request);
    this.attributes.push(attribute);
  }

  // Read twice, a place would count as two.
  private isKnown(name: Slice, kind: PlaceKind): bool {
    for (let at = 0; at < this.names.length; at++) {
      if (this.kinds[at] == kind && equal(this.names[at], name)) return true;
    }
    return false;
  }

  private attributeOf(name: string, bytes: Slice, kind: PlaceKind): i32 {
    const schema = this.environment.schema;
    if (kind == PlaceKind.Header) return schema.element(schema.find("request.headers"), bytes);
    const isCookie = kind == PlaceKind.Cookie;
    const derivation = isCookie ? Derivation.CookieCredential : Derivation.QueryCredential;
    return schema.hiddenCredential(derivation, name);
  }
}
