// The destination's service from the metadata that Istio writes into clusters, and what Envoy's
// RBAC filters found by their shadow rules. Hot: allocates only in the arena.

import { Derivation } from "../shared/attributes";
import { takeArena } from "../memory/arena";
import { equal } from "../memory/bytes";
import { literal } from "../memory/literal";
import { ABSENT, FAILED, Slice, isPresent } from "../memory/slice";
import { Writer } from "../memory/writer";
import { PairsCursor } from "../abi/pairs";
import { readProperty } from "../abi/properties";
import { Bag } from "./bag";
import { MetadataKind, metadataKind } from "./decode-metadata";
import { ENTRY_ARG } from "./entry";
import { EvaluationError, errorAt, hasValue, textAt } from "./value";

const HOST = literal("host");
const NAME = literal("name");
const NAMESPACE = literal("namespace");
const ISTIO = literal("istio://");
const SERVICES = literal("/services/");
const HTTP_RBAC = "metadata\0filter_metadata\0envoy.filters.http.rbac\0";
const NETWORK_RBAC = "metadata\0filter_metadata\0envoy.filters.network.rbac\0";
const HTTP_RESULT = literal(HTTP_RBAC + "shadow_engine_result");
const HTTP_POLICY = literal(HTTP_RBAC + "shadow_effective_policy_id");
const NETWORK_RESULT = literal(NETWORK_RBAC + "shadow_engine_result");
const NETWORK_POLICY = literal(NETWORK_RBAC + "shadow_effective_policy_id");
const ALLOWED = literal("allowed");
const DENIED = literal("denied");
const CODE_ALLOWED = literal("200");
const CODE_DENIED = literal("403");
const UID_SIZE_MAX_BYTES: usize = 1024;

const cursor = new PairsCursor();
const writer = new Writer();

/** The text of a property's hidden attribute: its bytes, ABSENT or FAILED. */
export function hiddenBytes(bag: Bag, index: u32): Slice {
  const cell = bag.readNested(index);
  if (hasValue(cell)) return textAt(cell);
  return errorAt(cell) == EvaluationError.HostFailed ? FAILED : ABSENT;
}

/** A text of a struct; ABSENT when it has none of this name. */
export function memberText(struct: Slice, name: Slice): Slice {
  const value = memberOf(struct, name);
  return isPresent(value) && metadataKind(value) == MetadataKind.Text ? value : ABSENT;
}

/** A value of a struct; ABSENT when it has none of this name. */
export function memberOf(struct: Slice, name: Slice): Slice {
  cursor.open(struct);
  while (cursor.next()) if (equal(cursor.key, name)) return cursor.value;
  return ABSENT;
}

/** An attribute of the first service that the route's cluster stands for. */
export function serviceText(bag: Bag, entry: usize): Slice {
  const services = hiddenBytes(bag, load<u32>(entry, ENTRY_ARG));
  if (!isPresent(services)) return services;
  cursor.open(services);
  if (!cursor.next()) return ABSENT;
  const service = cursor.key;
  switch (<u32>load<u8>(entry, 3)) {
    case Derivation.ServiceHost:
      return memberText(service, HOST);
    case Derivation.ServiceName:
      return memberText(service, NAME);
    case Derivation.ServiceNamespace:
      return memberText(service, NAMESPACE);
    default:
      return serviceUid(memberText(service, NAMESPACE), memberText(service, NAME));
  }
}

function serviceUid(space: Slice, name: Slice): Slice {
  if (!isPresent(space) || !isPresent(name)) return ABSENT;
  const at = takeArena(UID_SIZE_MAX_BYTES);
  if (at == 0) return FAILED;
  writer.open(at, UID_SIZE_MAX_BYTES);
  writer.bytes(ISTIO);
  writer.bytes(space);
  writer.bytes(SERVICES);
  writer.bytes(name);
  return writer.written;
}

/** What the shadow rules of the RBAC filter in front of us came to. */
export function rbacText(bag: Bag, derivation: u32): Slice {
  if (derivation == Derivation.RbacPolicy) {
    return readProperty(bag.isConnection ? NETWORK_POLICY : HTTP_POLICY);
  }
  const result = readProperty(bag.isConnection ? NETWORK_RESULT : HTTP_RESULT);
  if (!isPresent(result)) return result;
  if (equal(result, ALLOWED)) return CODE_ALLOWED;
  return equal(result, DENIED) ? CODE_DENIED : ABSENT;
}
