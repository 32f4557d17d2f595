// Small readings of request texts: host names and content types. Hot: allocates only in the arena.

import { takeArena } from "../memory/arena";
import { asciiLower, equalIgnoringCase, startsWith } from "../memory/bytes";
import { literal } from "../memory/literal";
import { FAILED, Slice, byteAt, sizeOf, slice, startOf, subSlice } from "../memory/slice";

const APPLICATION_GRPC = literal("application/grpc");
const GRPC_PROTO = literal("application/grpc+proto");
const GRPC_JSON = literal("application/grpc+json");
const COLON: u8 = 58;
const DOT: u8 = 46;
const BRACKET: u8 = 93;

/** Whether a content type is gRPC's, as Mixer's proxy client decided. */
export function isGrpc(contentType: Slice): bool {
  if (!startsWith(contentType, APPLICATION_GRPC)) return false;
  return (
    equalIgnoringCase(contentType, APPLICATION_GRPC) ||
    equalIgnoringCase(contentType, GRPC_PROTO) ||
    equalIgnoringCase(contentType, GRPC_JSON)
  );
}

/** The host in lower case, without port and without the root's dot. */
export function hostnameOf(authority: Slice): Slice {
  let size = sizeOf(authority);
  for (let at: isize = <isize>size - 1; at >= 0; at--) {
    const byte = byteAt(authority, at);
    if (byte == BRACKET) break;
    if (byte != COLON) continue;
    size = at;
    break;
  }
  if (size > 0 && byteAt(authority, size - 1) == DOT) size--;
  const host = subSlice(authority, 0, size);
  const copy = takeArena(size);
  if (copy == 0) return FAILED;
  for (let at: usize = 0; at < size; at++) store<u8>(copy + at, asciiLower(byteAt(host, at)));
  return slice(copy, size);
}
