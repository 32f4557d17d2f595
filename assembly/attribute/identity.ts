// Identities as certificates of a mesh have them: `spiffe://TRUST-DOMAIN/ns/NAMESPACE/sa/ACCOUNT`.
// Hot: allocates nothing.

import { indexOf, startsWith } from "../memory/bytes";
import { literal } from "../memory/literal";
import { ABSENT, FAILED, Slice, isPresent, sizeOf, startOf, subSlice } from "../memory/slice";
import { readProperty } from "../abi/properties";

/** Path of the first URI SAN of the client's certificate. */
export const PEER_SAN = literal("connection\0uri_san_peer_certificate");
/** The same of the own certificate. */
export const LOCAL_SAN = literal("connection\0uri_san_local_certificate");
/** The same of the upstream's. */
export const UPSTREAM_SAN = literal("upstream\0uri_san_peer_certificate");

const SPIFFE = literal("spiffe://");
const NAMESPACE_PART = literal("/ns/");
const ACCOUNT_PART = literal("/sa/");
const SLASH: u8 = 47;

/** The name at one of these paths without `spiffe://`; ABSENT without one. */
export function principalAt(path: Slice): Slice {
  const san = readProperty(path);
  if (!isPresent(san) || sizeOf(san) == 0) return san == FAILED ? FAILED : ABSENT;
  return startsWith(san, SPIFFE) ? subSlice(san, sizeOf(SPIFFE), sizeOf(san)) : san;
}

/** The namespace of an identity; ABSENT where it names none. */
export function namespaceOf(identity: Slice): Slice {
  return segmentBehind(identity, NAMESPACE_PART);
}

/** The service account of an identity; ABSENT where it names none. */
export function accountOf(identity: Slice): Slice {
  return segmentBehind(identity, ACCOUNT_PART);
}

function segmentBehind(identity: Slice, part: Slice): Slice {
  if (!isPresent(identity)) return identity;
  const at = indexOf(identity, part);
  if (at < 0) return ABSENT;
  const start = <usize>at + sizeOf(part);
  let end = start;
  while (end < sizeOf(identity) && load<u8>(startOf(identity) + end) != SLASH) end++;
  return end == start ? ABSENT : subSlice(identity, start, end);
}
