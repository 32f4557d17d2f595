// The facts that the policies of one handler are about, and the standard instance that tells them:
// only what some policy needs is read from Envoy. Cold.

import {
  AuthorizationText,
  BuildContext,
  DiagnosticCode,
  DimensionSet,
  RoutedInstance,
  lowerCase,
  replaced,
} from "../../assembly/sdk";
import { Fact, PropertyText, TemplateText } from "./fact";
import { HeaderText } from "./header-text";
import { NAME_COUNT, NamePart, PeerNames } from "./identity-facts";
import { NetworkAddress, NetworkPort } from "./network-facts";
import {
  ACTION_PREFIX,
  CLAIMS,
  FILTERS,
  GROUP_KEY,
  HEADERS,
  HOST_KEY,
  METHOD_KEY,
  NAMESPACE_KEY,
  PATH_KEY,
  ROLE_METHOD_KEY,
  ROLE_PATH_KEY,
  ROLE_PREFIX,
  SERVICE_KEY,
  SUBJECT_PREFIX,
  USER_KEY,
  bracketsOf,
  expressionOf,
} from "./keys";
import { Claim, TokenPrincipal } from "./token-facts";

const PEER_NAMES: string[] = [
  "uri_san_peer_certificate",
  "dns_san_peer_certificate",
  "subject_peer_certificate",
];
const PAYLOAD: string[] = [
  "metadata",
  "filter_metadata",
  "envoy.filters.http.jwt_authn",
  "payload",
];

/** A property of the instance. */
class Slot {
  constructor(
    readonly name: string,
    /** What gives it, as JSON. */
    readonly source: string,
    readonly isSubject: bool,
  ) {}
}

/** Facts by key, each once. */
export class FactTable {
  readonly facts: Fact[] = [];
  private readonly keys: string[] = [];
  private readonly slots: Slot[] = [];

  /** The fact with this key, made on first use. The key is a known one. */
  take(key: string): Fact {
    const known = this.keys.indexOf(key);
    if (known >= 0) return this.facts[known];
    const fact = this.make(key);
    this.keys.push(key);
    this.facts.push(fact);
    return fact;
  }

  private make(key: string): Fact {
    if (key.startsWith(ROLE_PREFIX)) return this.ofRole(key);
    if (key == METHOD_KEY) return new TemplateText(AuthorizationText.Method, true);
    if (key == PATH_KEY) return new TemplateText(AuthorizationText.Path, true);
    if (key == HOST_KEY) return new PropertyText(this.header(key, ":authority"), true, true);
    if (key == "source.principal") return this.peerNames(NamePart.Whole);
    if (key == "source.namespace") return this.peerNames(NamePart.Namespace);
    if (key == "source.serviceAccount") return this.peerNames(NamePart.Account);
    if (key == "source.trustDomain") return this.peerNames(NamePart.TrustDomain);
    if (key == "source.ip")
      return new NetworkAddress(this.expression(key, "source.direct_ip"), true);
    if (key == "remote.ip") return new NetworkAddress(this.expression(key, "source.ip"), false);
    if (key == "destination.ip") return new NetworkAddress(this.destination(key, "address"), false);
    if (key == "destination.port") return new NetworkPort(this.destination(key, "port"));
    if (key == "connection.sni") {
      const path = ["connection", "requested_server_name"];
      return new PropertyText(this.property(key, path, false), false);
    }
    if (key == "request.auth.principal") {
      return new TokenPrincipal(this.claim(["iss"]), this.claim(["sub"]));
    }
    if (key == "request.auth.audiences") return new Claim(this.claim(["aud"]), true, false);
    if (key == "request.auth.presenter") return new Claim(this.claim(["azp"]), true, false);
    if (key.startsWith(HEADERS)) {
      const name = lowerCase(bracketsOf(key)[0]);
      return new HeaderText(this.header(HEADERS + "[" + name + "]", name));
    }
    if (key.startsWith(CLAIMS)) return new Claim(this.claim(bracketsOf(key)), true, false);
    const open = key.indexOf("[");
    const filter = key.substring(FILTERS.length - "envoy.filters.".length, open);
    const path = ["metadata", "filter_metadata", filter, key.substring(open + 1, key.length - 1)];
    return new Claim(this.property(key, path, false), false, true);
  }

  // Mixer's fields; a user or group may be empty, and `*` is anybody all the same.
  private ofRole(key: string): Fact {
    if (key == SERVICE_KEY) return new TemplateText(AuthorizationText.Service, false);
    if (key == NAMESPACE_KEY) return new TemplateText(AuthorizationText.Namespace, false);
    if (key == ROLE_METHOD_KEY) return new TemplateText(AuthorizationText.Method, false);
    if (key == ROLE_PATH_KEY) return new TemplateText(AuthorizationText.Path, false);
    if (key == USER_KEY) return new TemplateText(AuthorizationText.User, false, true);
    if (key == GROUP_KEY) return new TemplateText(AuthorizationText.Groups, false, true);
    const isSubject = key.startsWith(SUBJECT_PREFIX);
    const name = key.substring(isSubject ? SUBJECT_PREFIX.length : ACTION_PREFIX.length);
    const slot = this.slot(name, quoted(expressionOf(name, isSubject)), isSubject);
    return new PropertyText(slot, false);
  }

  /** Whether the standard instance can tell everything. */
  get isComplete(): bool {
    for (let at = 0; at < this.slots.length; at++) {
      if (this.slots[at].source.length == 2) return false;
    }
    return true;
  }

  // The slots of the names follow each other: whoever asks first makes them all.
  private peerNames(part: NamePart): PeerNames {
    let last = 0;
    for (let at = 0; at < NAME_COUNT; at++) {
      last = this.property("connection." + PEER_NAMES[at], ["connection", PEER_NAMES[at]], true);
    }
    return new PeerNames(last - NAME_COUNT + 1, part);
  }

  private claim(path: string[]): i32 {
    const name = CLAIMS + "[" + path.join("][") + "]";
    return this.property(name, PAYLOAD.concat(path), true);
  }

  private destination(key: string, part: string): i32 {
    return this.property(key, ["destination", part], false);
  }

  private property(name: string, path: string[], isSubject: bool): i32 {
    const parts: string[] = [];
    for (let at = 0; at < path.length; at++) parts.push(quoted(path[at]));
    return this.slot(name, '{"property":[' + parts.join(",") + "]}", isSubject);
  }

  private header(name: string, header: string): i32 {
    return this.slot(name, '{"requestHeader":' + quoted(header) + "}", false);
  }

  private expression(name: string, text: string): i32 {
    return this.slot(name, quoted(text), true);
  }

  private slot(name: string, source: string, isSubject: bool): i32 {
    for (let at = 0; at < this.slots.length; at++) {
      if (this.slots[at].name == name && this.slots[at].isSubject == isSubject) return at;
    }
    this.slots.push(new Slot(name, source, isSubject));
    return this.slots.length - 1;
  }

  /** The field `properties` of the standard instance's subject or action; "" without any. */
  properties(isSubject: bool): string {
    const members: string[] = [];
    for (let at = 0; at < this.slots.length; at++) {
      const slot = this.slots[at];
      if (slot.isSubject == isSubject) members.push(quoted(slot.name) + ":" + slot.source);
    }
    return members.length == 0 ? "" : '"properties":{' + members.join(",") + "}";
  }

  /** Addresses of each instance's cells by slot; 0 after reporting that one has none. */
  cells(context: BuildContext): usize {
    const count = this.slots.length;
    const size = (<usize>count) << 2;
    const all = context.region.take(size * <usize>context.instances.length + 4);
    let missing = 0;
    for (let at = 0; at < context.instances.length; at++) {
      for (let slot = 0; slot < count; slot++) {
        const cell = cellOf(context.instances[at], this.slots[slot]);
        if (cell == 0) {
          this.refuse(context, at, slot);
          missing++;
        }
        store<u32>(all + size * <usize>at + ((<usize>slot) << 2), <u32>cell);
      }
    }
    return missing == 0 ? all : 0;
  }

  /** How many properties each instance has. */
  get slotCount(): i32 {
    return this.slots.length;
  }

  private refuse(context: BuildContext, instance: i32, slot: i32): void {
    const name = this.slots[slot].name;
    const expected = "a property `" + name + "` in the instance, or the standard instance";
    const place = context.instances[instance].place;
    context.report.error(DiagnosticCode.UnknownDimension, place, name, expected);
  }
}

function cellOf(instance: RoutedInstance, slot: Slot): usize {
  const set: DimensionSet | null = slot.isSubject ? instance.subject : instance.action;
  if (set === null) return 0;
  const position = set.find(slot.name);
  return position < 0 ? 0 : set.cell(position);
}

function quoted(text: string): string {
  return '"' + replaced(replaced(text, "\\", "\\\\"), '"', '\\"') + '"';
}
